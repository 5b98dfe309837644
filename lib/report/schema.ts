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
  p95Ms: z.number(),
});

const quotaSchema = z.strictObject({
  service: z.string(),
  code: z.string(),
  name: z.string(),
  limit: z.number().nullable(),
  origin: z.enum(QUOTA_ORIGINS),
  usedByOthers: z.number().nullable(),
  steady: z.number(),
  peak: z.number(),
  updatePeak: z.number(),
  headroom: z.number().nullable(),
  verdict: z.enum(['fits', 'update-blocked', 'blocked', 'unknown']),
  assumed: z.boolean(),
});

const costLineSchema = z.strictObject({
  item: z.string(),
  monthlyUsd: z.number(),
  idleMonthlyUsd: z.number(),
  maxMonthlyUsd: z.number(),
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
  exitCode: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]),
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
});

export type Report = z.infer<typeof reportSchema>;
