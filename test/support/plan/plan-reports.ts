import { environmentNames } from '../../../lib/config/load-environment';
import { planEnvironment } from '../../../lib/plan/load-plan';
import { snapshotNames } from '../../../lib/quotas/snapshot';
import { QUOTA } from '../../../lib/quotas/quota-catalogue';
import type { Decision } from '../../../lib/plan/decision';
import { explain } from '../../../lib/plan/explain/explanation';
import { planOf } from '../../../lib/plan/plan';
import { reportOf } from '../../../lib/report/report';
import type { Report } from '../../../lib/report/schema';
import { onceARun } from '../once-a-run';
import { type PlanCase, decisionFor } from './plan-fixtures';

const LONG_NAME = 'production-emea1';
const BUSY = { averageRps: 3000, peakRps: 40_000 };

/** Cases in which reports have most to say: short of everything, ignorant, too dear, long names, large figures. */
const HARD: Readonly<Record<string, PlanCase>> = {
  'nothing is left': {
    account: {
      [QUOTA.endpointInstances]: { limit: 0, used: 0 },
      [QUOTA.serverlessConcurrency]: { limit: 0, used: 120_000 },
      [QUOTA.vpcs]: { limit: 5, used: 5 },
    },
    environment: { name: LONG_NAME, budget: { monthlyUsd: 0.5 } },
  },
  'nothing is known': {
    account: { [QUOTA.endpointInstances]: {}, [QUOTA.serverlessConcurrency]: {}, [QUOTA.vpcs]: { limit: 5 } },
    environment: {
      name: LONG_NAME,
      platform: { enabled: true, peakNodeVcpus: 64 },
      network: { natGateways: 1 },
    },
  },
  'nothing holds the traffic': {
    environment: {
      name: LONG_NAME,
      hosting: { modes: ['serverless'] },
      traffic: { general: BUSY, ddos: BUSY, bruteforce: BUSY, webattacks: BUSY },
    },
  },
  'fleets are huge': {
    environment: {
      name: LONG_NAME,
      budget: { monthlyUsd: 12_345_678.9 },
      hosting: { modes: ['dedicated'], instanceTypes: ['ml.m6g.large'] },
      traffic: { general: BUSY, ddos: BUSY, bruteforce: BUSY, webattacks: BUSY },
    },
  },
  'two are embedded': {
    environment: { name: LONG_NAME, hosting: { modes: ['serverless', 'embedded'] } },
    account: { [QUOTA.serverlessConcurrency]: { limit: 2, used: 0 } },
  },
};

const report = (decision: Decision, snapshotName: string): Report =>
  reportOf(planOf(decision), { snapshotName, strict: false, explanation: explain(decision) });

/** Reports of every shipped environment on every shipped snapshot, and of hard cases, by a name for the test. */
export const REPORTS = onceARun<readonly (readonly [name: string, report: Report])[]>('plan-reports', () => [
  ...environmentNames().flatMap((name) =>
    snapshotNames().map(
      (snapshot) =>
        [
          `${name} on ${snapshot}`,
          report(planEnvironment(name, {}, { snapshot }).decision, snapshot),
        ] as const,
    ),
  ),
  ...Object.entries(HARD).map(
    ([name, given]) =>
      [
        name,
        report(decisionFor(given), `/recorded/${'by-someone-with-long-folders/'.repeat(5)}x.json`),
      ] as const,
  ),
]);
