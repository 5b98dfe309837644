import { type QuotaKey, quotaKey } from '../../quotas/catalogue';
import { cents } from '../cost';
import type { LedgerRow } from '../ledger';
import { type Limits, room } from '../objective';
import type { Lacking } from './investigate';

/** What is missing at the least: of a quota, in its units, or of the budget. */
export type Missing =
  | {
      readonly kind: 'quota';
      readonly key: QuotaKey;
      readonly limit: number;
      /** Limit less what others hold; negative when they hold more than the limit. */
      readonly left: number;
      readonly by: number;
      /** Limit that would do. */
      readonly to: number;
    }
  | { readonly kind: 'budget'; readonly budgetUsd: number; readonly byUsd: number; readonly toUsd: number };

const CENT = 0.01;

/** An amount in whole cents that is no less, but for the solver's rounding. */
const centsUp = (usd: number): number => Math.max(CENT, Math.ceil(usd * 100 - 1e-3) / 100);

function ofQuota({ read }: Limits, key: QuotaKey, by: number): Missing[] {
  const { limit } = read(key);
  const left = room(read, key);
  // Of what nobody knows nobody knows what is missing.
  if (limit === undefined || left === undefined) return [];
  return [{ kind: 'quota', key, limit, left, by, to: limit + by }];
}

/**
 * Everything that is missing: quotas of the fleet, quotas of the rest of the environment, and the budget.
 *
 * @param rows the ledger, which knows what the rest of the environment lacks whatever becomes of the models
 * @param monthlyUsd what the plan costs for which all else is granted; undefined where there is none
 */
export function missingOf(
  lacking: Lacking,
  rows: readonly LedgerRow[],
  limits: Limits,
  monthlyUsd: number | undefined,
): Missing[] {
  const ofFleet = lacking.flatMap(({ key, by }) =>
    key === undefined ? [] : ofQuota(limits, key, Math.round(by)),
  );
  const named = new Set(lacking.map(({ key }) => key));
  const ofRest = rows.flatMap((row) => {
    const key = quotaKey(row);
    const left = room(limits.read, key);
    if (row.verdict !== 'blocked' || left === undefined || named.has(key)) return [];
    return ofQuota(limits, key, Math.max(row.steady, row.peak) - left);
  });
  const ofBudget = lacking.flatMap(({ key, by }): Missing[] => {
    if (key !== undefined) return [];
    const { budgetUsd } = limits;
    // A plan's bill is in cents, item by item; the solver's is not.
    const byUsd = centsUp(monthlyUsd === undefined ? by : monthlyUsd - budgetUsd);
    return [{ kind: 'budget', budgetUsd, byUsd, toUsd: cents(budgetUsd + byUsd) }];
  });
  return [...ofFleet, ...ofRest, ...ofBudget];
}
