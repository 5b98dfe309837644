import { z } from 'zod';
import { reportSchema } from './schema';

const { environment, account, region, snapshot, verdict, quotas, plan, cost } = reportSchema.shape;

const endpointSchema = plan.shape.endpoints.element.omit({ specialists: true }).extend({
  models: z.array(z.string()).min(1),
  monthlyUsd: z.number().describe('USD a month, with the calls of its models'),
});

const missingSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('quota'),
    service: z.string(),
    code: z.string(),
    name: z.string(),
    limit: z.number(),
    left: z.number().describe('limit less what others hold; negative when they hold more than the limit'),
    by: z.number().describe('units that are missing at the least'),
    to: z.number().describe('limit that would do'),
  }),
  z.strictObject({
    kind: z.literal('budget'),
    budgetUsd: z.number(),
    byUsd: z.number().describe('USD a month that are missing at the least'),
    toUsd: z.number(),
  }),
]);

const hostingSchema = z.strictObject({
  supposes: z
    .enum(['nothing', 'missing granted', 'unknown ample', 'missing granted, unknown ample'])
    .describe('what the plan takes for granted beyond the account as it is known'),
  endpoints: z.array(endpointSchema),
  embedded: z.array(z.strictObject({ model: z.string(), p95Ms: z.number(), monthlyUsd: z.number() })),
  updateOrder: plan.shape.updateOrder,
  cost: z.strictObject({
    monthlyUsd: cost.shape.monthlyUsd.describe('whole environment, USD a month at the expected traffic'),
    idleMonthlyUsd: cost.shape.idleMonthlyUsd.describe('the same without traffic'),
    maxMonthlyUsd: cost.shape.maxMonthlyUsd.describe('the same with everything scaled out all the time'),
    leastUsd: z.number().describe('no plan that hosts and updates as many models costs less'),
    proven: z.boolean().describe('whether no plan is better, but for the rounding of each bill to cents'),
  }),
});

/** `fleet --format json`, version 1: a plan of capacity, which nothing deploys. */
export const fleetReportSchema = z.strictObject({
  schemaVersion: z.literal(1),
  environment,
  account,
  region,
  snapshot,
  verdict,
  exitCode: z
    .union([z.literal(0), z.literal(1), z.literal(3)])
    .describe('0 fits, 1 blocked, 3 undecided, or a quota that is needed is unknown'),
  models: z.int().describe('models of the fleet'),
  inPlaceOf: z.array(z.string()).describe('specialists of the environment that the fleet stands for'),
  budgetUsd: z.number(),
  platformUsd: z.number().describe('the rest of the environment, USD a month; a part of every cost here'),
  hosting: hostingSchema.nullable().describe('null where no plan was found'),
  quotas,
  missing: z.array(missingSchema).describe('what is missing at the least; empty unless blocked'),
  homeless: z
    .array(z.strictObject({ model: z.string(), reason: z.string() }))
    .describe('models that no increase brings a home'),
  undetermined: z
    .array(z.strictObject({ service: z.string(), code: z.string(), name: z.string() }))
    .describe('quotas that endpoints may draw on and that could not be determined'),
  unpriced: z.array(z.strictObject({ item: z.string(), price: z.string() })),
});

export type FleetReport = z.infer<typeof fleetReportSchema>;
