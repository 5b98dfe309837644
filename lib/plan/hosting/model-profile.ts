import { z } from 'zod';
import type { Specialist } from '../../../models/catalogue';
import data from '../../../models/profiles.json';

/** What one model costs in time and memory. */
export const specialistProfile = z.strictObject({
  serviceMs: z.number().positive().describe('CPU time of one request of one row on one vCPU'),
  memoryMb: z.number().positive().describe('memory of the loaded model, on top of the container'),
});

const profilesSchema = z.strictObject({
  schemaVersion: z.literal(1),
  origin: z.enum(['configured', 'measured']),
  asOf: z.string(),
  machine: z.string().optional().describe('what the measured figures were measured on'),
  note: z.string(),
  container: z.strictObject({
    baseMemoryMb: z.number().positive().describe('container without any model'),
    instanceOverheadMs: z.number().nonnegative().describe('SageMaker’s own part of a request to an instance'),
    serverlessOverheadMs: z.number().nonnegative().describe('the same for a warm serverless endpoint'),
    coldStartMs: z.number().nonnegative().describe('wait while a serverless container starts'),
    serverlessVcpusPerGb: z
      .number()
      .positive()
      .describe('vCPUs that a serverless endpoint gets per GB of memory'),
    payloadKb: z.number().positive().describe('request and response together'),
  }),
  specialists: z.strictObject({
    general: specialistProfile,
    ddos: specialistProfile,
    bruteforce: specialistProfile,
    webattacks: specialistProfile,
  }),
});

/** What a request to each specialist costs in time and memory, and where those figures come from. */
export type ModelProfiles = z.infer<typeof profilesSchema>;

/** Figures of one specialist. */
export type ModelProfile = ModelProfiles['specialists'][Specialist];

/** The profiles that the project ships with its models. */
export const MODEL_PROFILES: ModelProfiles = profilesSchema.parse(data);
