import { z } from 'zod';
import { SPECIALISTS } from '../../models/catalogue';
import { HOSTING_MODES } from '../config/environment';
import { QUOTA_ORIGINS, USAGE_ORIGINS } from '../quotas/snapshot-schema';
import { costSchema } from './cost-schema';

const specialist = z.enum(SPECIALISTS);

const scalingSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('on-demand') }),
  z.strictObject({ kind: z.literal('fixed') }),
  z.strictObject({
    kind: z.literal('instances'),
    min: z.int(),
    max: z.int(),
    targetInvocationsPerMinute: z.int(),
    // Optional: reports of earlier versions do not have it.
    targetCpuPercent: z.int().optional().describe('CPU of the container in percent of one vCPU'),
  }),
  z.strictObject({
    kind: z.literal('provisioned-concurrency'),
    min: z.int(),
    max: z.int(),
    targetUtilization: z.number(),
  }),
]);

const endpointSchema = z.strictObject({
  name: z.string(),
  mode: z.enum(HOSTING_MODES).exclude(['embedded']),
  specialists: z.array(specialist).min(1),
  instanceType: z.string().optional(),
  architecture: z.enum(['x86_64', 'arm64']).optional(),
  memoryMb: z.int().optional(),
  maxConcurrency: z.int().optional(),
  provisionedConcurrency: z.int().optional(),
  minInstances: z.int().optional(),
  initialInstances: z.int().optional(),
  maxInstances: z.int().optional(),
  rollingBatch: z.strictObject({ unit: z.enum(['instances', 'percent']), size: z.int() }).optional(),
  scaling: scalingSchema,
  updateStrategy: z.enum(['all-at-once', 'rolling', 'managed']),
  p95Ms: z.number().describe('expected 95th percentile of the answer time, ms'),
});

const quotaSchema = z.strictObject({
  service: z.string(),
  code: z.string(),
  name: z.string(),
  limit: z.number().nullable().describe('null when it could not be determined, which is never a pass'),
  origin: z.enum(QUOTA_ORIGINS),
  usedByOthers: z.number().nullable().describe('in use beside this environment; null when unknown'),
  steady: z.number().describe('drawn on at average load'),
  peak: z.number().describe('drawn on when scaled out as far as autoscaling may go'),
  updatePeak: z.number().describe('drawn on while endpoints are updated'),
  headroom: z
    .number()
    .nullable()
    .describe('left at the highest need; negative by the shortfall; null when unknown'),
  verdict: z
    .enum(['fits', 'update-blocked', 'blocked', 'unknown'])
    .describe('update-blocked: it deploys and runs, but cannot be updated'),
  assumed: z.boolean().describe('true when nobody read this quota from the account'),
  missing: z.string().optional().describe('what kept the limit or its usage from being read'),
  // Optional: earlier reports, which still serve as a base to compare with, say neither.
  usageOrigin: z
    .enum(USAGE_ORIGINS)
    .optional()
    .describe('configured where limits[…].usage stands for what was read'),
  shared: z
    .boolean()
    .optional()
    .describe(
      'true for a limit on everything in the account and region, false for one on each endpoint or VPC',
    ),
});

const shortfallSchema = z.strictObject({
  service: z.string(),
  code: z.string(),
  name: z.string(),
  limit: z.number().nullable(),
  needed: z.number().describe('the most that is needed for what it binds'),
  shortBy: z.number().nullable(),
  // Optional: earlier reports do not say them.
  left: z.number().nullable().optional().describe('limit less what others hold; null when unknown'),
  steady: z.number().optional().describe('needed at average load'),
  peak: z.number().optional().describe('needed when scaled out'),
  whileUpdating: z.number().optional().describe('needed while one endpoint after the other is updated'),
  whileReplacing: z.number().optional().describe('needed while new endpoints stand beside those that run'),
  binds: z
    .enum(['deploying', 'updating'])
    .optional()
    .describe('updating: it deploys and runs, but cannot be updated'),
});

const increaseSchema = z.strictObject({
  service: z.string(),
  code: z.string(),
  name: z.string(),
  from: z.number(),
  to: z.number(),
  justification: z.string(),
  unlocks: z.string(),
});

const otherHomeSchema = z.strictObject({
  mode: z.enum(HOSTING_MODES),
  instanceType: z.string().optional().describe('the type, where that is the difference'),
  feasible: z.boolean(),
  monthlyUsd: z.number().optional().describe('USD a month for the whole environment'),
  differenceUsd: z.number().optional().describe('USD a month above the plan'),
  p95Ms: z.number().optional().describe('of the specialist in that home, ms'),
  reason: z.string(),
  shortfalls: z.array(shortfallSchema).optional(),
});

const choiceSchema = z.strictObject({
  specialist,
  mode: z.enum(HOSTING_MODES),
  endpoint: z.string().optional(),
  why: z.string().describe('what speaks against every other mode, in one sentence'),
  sizing: z.array(z.string()).describe('what set each figure of its size'),
  others: z.array(otherHomeSchema).describe('every other mode, then the cheapest types that cost less'),
  moreTypes: z
    .array(z.strictObject({ reason: z.string(), count: z.int() }))
    .optional()
    .describe('the other types that cost less, counted by why they are out'),
});

const topologySchema = z.strictObject({
  endpoints: z.array(endpointSchema),
  embedded: z.array(specialist),
  updateOrder: z.enum(['together', 'one-at-a-time']),
});

const nextBetterSchema = z.strictObject({
  increases: z.array(increaseSchema).min(1).describe('all of them are needed, each to the last unit'),
  topology: topologySchema.describe('what the planner answers once they are granted'),
  monthlyUsd: z.number(),
  differenceUsd: z.number().describe('USD a month above the present plan; negative where it is cheaper'),
  p95Ms: z.number(),
  differenceP95Ms: z.number(),
  hosted: z.int().describe('specialists on SageMaker'),
  differenceHosted: z.int(),
  differenceMoved: z.int().describe('specialists moved off what serves them now, above those of the plan'),
  updatable: z.boolean(),
  updatableNow: z.boolean(),
});

/** The report as JSON. Version 1; fields may be added, never taken away. */
export const reportSchema = z.strictObject({
  schemaVersion: z.literal(1),
  environment: z.string(),
  account: z.string(),
  region: z.string(),
  snapshot: z.strictObject({
    name: z.string(),
    account: z.string(),
    region: z.string(),
    takenAt: z.string(),
    source: z.string(),
  }),
  verdict: z.enum(['fits', 'blocked', 'unknown']),
  exitCode: z
    .union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)])
    .describe('0 fits, 1 blocked, 2 fits with warnings under --strict, 3 undetermined'),
  plan: topologySchema,
  quotas: z.array(quotaSchema),
  cost: costSchema,
  alternatives: z.array(
    z.strictObject({
      name: z.string(),
      feasible: z.boolean(),
      monthlyUsd: z.number().optional(),
      p95Ms: z.number().optional(),
      chosen: z.boolean().optional().describe('true for the one that is the plan itself'),
      differenceUsd: z.number().optional().describe('USD a month above the plan'),
      updatable: z
        .boolean()
        .optional()
        .describe('whether an update would have room, one endpoint at a time; absent when unknown'),
      reason: z.string().optional(),
      shortfalls: z.array(shortfallSchema).optional(),
    }),
  ),
  objective: z
    .array(z.string())
    .optional()
    .describe(
      'of plans that fit quotas, promises and budget, what makes one better than another; the first that differs decides',
    ),
  choices: z.array(choiceSchema).optional().describe('why every specialist is hosted as it is'),
  nextBetter: nextBetterSchema
    .optional()
    .describe('the smallest set of quota increases that would bring a better plan; absent where none would'),
  increases: z.array(increaseSchema),
  findings: z.array(
    z.strictObject({
      id: z.string(),
      severity: z.enum(['error', 'warning', 'info']),
      title: z.string(),
      remedy: z.string(),
      facts: z.record(z.string(), z.union([z.string(), z.number()])),
    }),
  ),
  coverage: z
    .strictObject({
      checkedTypes: z.int().describe('CloudFormation types whose quotas or account limits are checked'),
      unlimitedTypes: z.int().describe('types that nothing in the account limits'),
      uncheckedTypes: z
        .array(z.strictObject({ type: z.string(), limits: z.array(z.string()) }))
        .describe('types with limits that no first deployment comes near, which are not read'),
    })
    .optional(),
});

export type Report = z.infer<typeof reportSchema>;
