import { z } from 'zod';
import { SPECIALISTS } from '../../models/catalogue';
import { HOSTING_MODES } from '../config/schema';
import { QUOTA_ORIGINS } from '../quotas/schema';

const specialist = z.enum(SPECIALISTS);

const scalingSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('on-demand') }),
  z.strictObject({ kind: z.literal('fixed') }),
  z.strictObject({
    kind: z.literal('instances'),
    min: z.int(),
    max: z.int(),
    targetInvocationsPerMinute: z.int(),
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
  rollingBatchPercent: z.int().optional(),
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
  // Optional: earlier reports, which still serve as a base to compare with, do not say it.
  shared: z
    .boolean()
    .optional()
    .describe(
      'true for a limit on everything in the account and region, false for one on each endpoint or VPC',
    ),
});

const costLineSchema = z.strictObject({
  item: z.string(),
  monthlyUsd: z.number().describe('USD a month at the expected traffic'),
  idleMonthlyUsd: z.number().describe('USD a month without traffic'),
  maxMonthlyUsd: z.number().describe('USD a month with everything scaled out all the time'),
  source: z.string(),
});

const shortfallSchema = z.strictObject({
  service: z.string(),
  code: z.string(),
  name: z.string(),
  limit: z.number().nullable(),
  needed: z.number(),
  shortBy: z.number().nullable(),
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
  plan: z.strictObject({
    endpoints: z.array(endpointSchema),
    embedded: z.array(specialist),
    updateOrder: z.enum(['together', 'one-at-a-time']),
  }),
  quotas: z.array(quotaSchema),
  cost: z.strictObject({
    budgetUsd: z.number(),
    monthlyUsd: z.number(),
    idleMonthlyUsd: z.number(),
    maxMonthlyUsd: z.number(),
    lines: z.array(costLineSchema),
  }),
  alternatives: z.array(
    z.strictObject({
      name: z.string(),
      feasible: z.boolean(),
      monthlyUsd: z.number().optional(),
      p95Ms: z.number().optional(),
      reason: z.string().optional(),
      shortfalls: z.array(shortfallSchema).optional(),
    }),
  ),
  increases: z.array(
    z.strictObject({
      service: z.string(),
      code: z.string(),
      name: z.string(),
      from: z.number(),
      to: z.number(),
      justification: z.string(),
      unlocks: z.string(),
    }),
  ),
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
