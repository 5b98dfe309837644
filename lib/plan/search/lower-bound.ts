import type { Specialist } from '../../../models/catalogue';
import { type QuotaKey, quotaDefinition } from '../../quotas/quota-catalogue';
import type { Candidate } from '../candidates/candidate';
import { groupKey, groups } from '../candidates/hosting-candidates';
import type { Use } from '../demand/quota-ledger';

/** What specialists that nothing was chosen for yet will add at the very least: a bound below every way to host them. */
export interface LowerBound {
  /** USD a month. */
  readonly usd: number;
  /** Promises that will be broken. */
  readonly broken: number;
  /** Specialists that will not be on SageMaker. */
  readonly notHosted: number;
  /** Of quotas that every way to host them draws on, and that add up over endpoints. */
  readonly uses: readonly Use[];
}

/** Nobody is left. */
export const ZERO_BOUND: LowerBound = { usd: 0, broken: 0, notHosted: 0, uses: [] };

interface Need {
  readonly steady: number;
  readonly peak: number;
}

/** The same, where a quota is looked up. */
interface Bound extends Omit<LowerBound, 'uses'> {
  readonly needs: ReadonlyMap<QuotaKey, Need>;
}

/** What is least of each; only what both draw on is drawn on for certain. */
function least(a: Bound, b: Bound): Bound {
  const needs = new Map<QuotaKey, Need>();
  for (const [key, need] of a.needs) {
    const other = b.needs.get(key);
    if (other === undefined) continue;
    needs.set(key, { steady: Math.min(need.steady, other.steady), peak: Math.min(need.peak, other.peak) });
  }
  return {
    usd: Math.min(a.usd, b.usd),
    broken: Math.min(a.broken, b.broken),
    notHosted: Math.min(a.notHosted, b.notHosted),
    needs,
  };
}

function sum(a: Bound, b: Bound): Bound {
  const needs = new Map(a.needs);
  for (const [key, { steady, peak }] of b.needs) {
    const own = needs.get(key);
    needs.set(key, { steady: steady + (own?.steady ?? 0), peak: peak + (own?.peak ?? 0) });
  }
  return {
    usd: a.usd + b.usd,
    broken: a.broken + b.broken,
    notHosted: a.notHosted + b.notHosted,
    needs,
  };
}

function boundOf({ uses, broken, monthlyUsd, endpoint }: Candidate): Bound {
  return {
    usd: monthlyUsd,
    broken: broken.length,
    notHosted: endpoint === undefined ? 1 : 0,
    // A limit on each single endpoint does not add up.
    needs: new Map(
      uses.flatMap(({ key, steady, peak }) =>
        quotaDefinition(key).scope === 'endpoint' ? [] : [[key, { steady, peak }] as const],
      ),
    ),
  };
}

const leastOf = (bounds: readonly Bound[]): Bound | undefined =>
  bounds.length === 0 ? undefined : bounds.reduce(least);

const NOTHING: Bound = { usd: 0, broken: 0, notHosted: 0, needs: new Map() };

/**
 * Bounds for every set of specialists that can be left, each figure on its own over all their partitions into groups.
 *
 * @param candidates of every group, by {@link groupKey}
 * @returns undefined for a set that no candidates can host
 */
export function lowerBoundsOf(
  specialists: readonly Specialist[],
  candidates: ReadonlyMap<string, readonly Candidate[]>,
): (open: readonly Specialist[]) => LowerBound | undefined {
  const ofGroup = new Map<string, Bound | undefined>();
  const ofSet = new Map<string, Bound | undefined>([['', NOTHING]]);
  // Smaller sets come first, as what a group leaves is a smaller set.
  const sets = groups(specialists).sort((a, b) => a.length - b.length);
  for (const set of sets) {
    const [first] = set;
    ofGroup.set(groupKey(set), leastOf((candidates.get(groupKey(set)) ?? []).map(boundOf)));
    const ways = groups(set).flatMap((group) => {
      if (first === undefined || !group.includes(first)) return [];
      const own = ofGroup.get(groupKey(group));
      const others = ofSet.get(groupKey(set.filter((name) => !group.includes(name))));
      return own === undefined || others === undefined ? [] : [sum(own, others)];
    });
    ofSet.set(groupKey(set), leastOf(ways));
  }
  const rests = new Map<string, LowerBound | undefined>(
    [...ofSet].map(([key, bound]) => [key, bound && { ...bound, uses: usesOf(bound) }]),
  );
  return (open) => rests.get(groupKey(open));
}

function usesOf({ needs }: Bound): Use[] {
  return [...needs].map(([key, need]) => ({ key, ...need, surge: 0 }));
}
