import { z } from 'zod';
import { type Change, type Changes, type Money, compareReports } from './compare';
import { type Report, reportSchema } from './schema';
import type { ShownSetting } from './settings';

const { quotas, cost } = reportSchema.shape;
const { monthlyUsd, idleMonthlyUsd, maxMonthlyUsd } = cost.shape.lines.element.shape;
const money = z.strictObject({ monthlyUsd, idleMonthlyUsd, maxMonthlyUsd });

/** Both sides of a difference; a side is absent where there was nothing. */
const change = <T extends z.ZodType>(value: T) =>
  z.strictObject({ from: value.optional(), to: value.optional() });

/** What differs between two reports; empty lists and absent fields are no difference. */
export const changesSchema = z.strictObject({
  verdict: change(reportSchema.shape.verdict).optional(),
  topology: z.array(
    z.strictObject({ subject: z.string(), what: z.string(), from: z.string(), to: z.string() }),
  ),
  cost: z.strictObject({
    budgetUsd: change(z.number()).optional(),
    total: change(money),
    lines: z.array(change(money).extend({ item: z.string() })),
  }),
  headroom: z.array(change(quotas.element)).describe('a side is absent where nothing draws on the quota'),
});

/** `plan --set … --format json`, version 1: what was set, the new plan, and what it changes. */
export const whatIfSchema = z.strictObject({
  schemaVersion: z.literal(1),
  settings: z.array(
    z.strictObject({
      path: z.string(),
      from: z.json().describe('null where there was none; of a quota the limit that the account has'),
      to: z.json().describe('null where it was taken away'),
    }),
  ),
  report: reportSchema,
  changes: changesSchema,
});

/** `plan --compare A B --format json`, version 1: both reports whole, and what the second has otherwise. */
export const comparisonSchema = z.strictObject({
  schemaVersion: z.literal(1),
  from: reportSchema,
  to: reportSchema,
  changes: changesSchema,
});

const amounts = (given: Money | undefined) =>
  given && {
    monthlyUsd: given.monthlyUsd,
    idleMonthlyUsd: given.idleMonthlyUsd,
    maxMonthlyUsd: given.maxMonthlyUsd,
  };
const amountsOf = ({ from, to }: Change<Money>) => ({ from: amounts(from), to: amounts(to) });

/** Differences as data; what is undefined is left out when it is written. */
function plain({ verdict, topology, cost: bill, headroom }: Changes) {
  return {
    verdict,
    topology,
    cost: {
      budgetUsd: bill.budget,
      total: amountsOf(bill.total),
      lines: bill.lines.map((line) => ({ item: line.item, ...amountsOf(line) })),
    },
    headroom,
  };
}

const text = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** A what-if as JSON, after {@link whatIfSchema}. */
export function jsonWhatIf(base: Report, report: Report, settings: readonly ShownSetting[]): string {
  return text({
    schemaVersion: 1,
    settings: settings.map(({ path, from, to }) => ({ path, from: from ?? null, to: to ?? null })),
    report,
    changes: plain(compareReports(base, report)),
  });
}

/** A comparison of two environments as JSON, after {@link comparisonSchema}. */
export function jsonComparison(from: Report, to: Report, changes: Changes): string {
  return text({ schemaVersion: 1, from, to, changes: plain(changes) });
}
