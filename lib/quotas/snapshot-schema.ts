import { z } from 'zod';

/** Where a quota's value comes from; `unknown` is never a pass and never zero. */
export const QUOTA_ORIGINS = ['applied', 'default', 'configured', 'unknown'] as const;

/** Where the usage by others comes from; `unknown` is never zero. */
export const USAGE_ORIGINS = ['read', 'configured', 'unknown'] as const;

const usageSchema = z.object({
  value: z.number().nullable().describe('what the account uses now; null when it could not be read'),
  by: z.enum(['describe', 'unknown']),
  asOf: z.string().nullish().describe('ISO 8601 time of the reading'),
});

const recordedQuotaSchema = z.object({
  service: z.string().min(1),
  code: z.string().min(1),
  name: z.string().min(1),
  value: z.number().nullable(),
  origin: z.enum(QUOTA_ORIGINS),
  usage: usageSchema,
  own: z
    .number()
    .nonnegative()
    .default(0)
    .describe('part of the usage that this environment’s own stacks hold'),
  assumed: z.boolean().optional().describe('true when nobody read this row from the account'),
  missing: z
    .string()
    .optional()
    .describe('what a live reading lacked: the IAM action, such as ec2:DescribeVpcs, or the reason'),
});

/** A recorded reading of one account and region. Version 1. */
export const snapshotSchema = z.object({
  schemaVersion: z.literal(1),
  account: z.string().regex(/^\d{12}$/, '12 digits'),
  region: z.string().min(1),
  takenAt: z.string().min(1),
  source: z.string().min(1),
  running: z
    .array(z.string().min(1))
    .optional()
    .describe(
      'names of this environment’s own endpoints when the snapshot was taken; absent when nobody looked',
    ),
  quotas: z.array(recordedQuotaSchema),
});

export type QuotaOrigin = (typeof QUOTA_ORIGINS)[number];
export type UsageOrigin = (typeof USAGE_ORIGINS)[number];
export type RecordedQuota = z.infer<typeof recordedQuotaSchema>;
export type Snapshot = z.infer<typeof snapshotSchema>;
