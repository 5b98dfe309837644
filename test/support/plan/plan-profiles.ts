import type { ModelProfiles } from '../../../lib/plan/hosting/model-profile';

const SLOW = { serviceMs: 5, memoryMb: 32 };

/** Round figures of models that are slow enough for a fleet to have a size: those that ship change with every benchmark. */
export const TEST_PROFILES: ModelProfiles = {
  schemaVersion: 1,
  origin: 'configured',
  asOf: '2026-11-21',
  note: 'for tests of the planner',
  container: {
    baseMemoryMb: 256,
    instanceOverheadMs: 20,
    serverlessOverheadMs: 60,
    coldStartMs: 8000,
    serverlessVcpusPerGb: 0.5,
    payloadKb: 4,
  },
  specialists: { general: SLOW, ddos: SLOW, bruteforce: SLOW, webattacks: SLOW },
};
