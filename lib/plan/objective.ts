import type { QuotaKey } from '../quotas/catalogue';
import type { QuotaReader } from '../quotas/resolve';
import type { Candidate } from './candidate';
import { cents } from './cost';
import { type Tallies, tally, updatePeak } from './ledger';
import type { Objective } from './search';

/** What a selection is judged against. */
export interface Limits {
  readonly read: QuotaReader;
  /** What the rest of the environment draws on quotas. */
  readonly platform: Tallies;
  /** What the rest of the environment costs, USD a month. */
  readonly platformUsd: number;
  readonly budgetUsd: number;
}

/** Units left for this environment; undefined when unknown. */
export function room(read: QuotaReader, key: QuotaKey): number | undefined {
  const { limit, usedByOthers } = read(key);
  return limit === undefined || usedByOthers === undefined ? undefined : limit - usedByOthers;
}

interface Measures {
  readonly notHosted: number;
  readonly brokenPromises: number;
  readonly usd: number;
  readonly parts: number;
  /** Units by which each quota drawn on is exceeded at peak. */
  readonly exceeded: readonly number[];
  /** Quotas drawn on that could not be determined. */
  readonly unknown: number;
  /** Quotas that have no room for an update, even one endpoint at a time. */
  readonly updateBlocked: number;
}

function measure(chosen: readonly Candidate[], limits: Limits, restUsd: number): Measures {
  const uses = chosen.flatMap((candidate) => candidate.uses);
  const sums = tally(uses, limits.platform);
  const exceeded: number[] = [];
  let updateBlocked = 0;
  let unknown = 0;
  for (const key of new Set(uses.map((use) => use.key))) {
    const sum = sums.get(key);
    const free = room(limits.read, key);
    if (sum === undefined) continue;
    if (free === undefined) {
      unknown += 1;
      continue;
    }
    const over = Math.max(sum.peak, sum.steady) - free;
    if (over > 0) exceeded.push(over);
    if (updatePeak(sum, 'one-at-a-time') > free) updateBlocked += 1;
  }
  return {
    notHosted: chosen.filter(({ endpoint }) => endpoint === undefined).length,
    brokenPromises: chosen.reduce((sum, { broken }) => sum + broken.length, 0),
    // Binary rounding must neither break a tie between equal plans nor overrun a budget that is met exactly.
    usd: cents(chosen.reduce((sum, { monthlyUsd }) => sum + monthlyUsd, restUsd)),
    parts: chosen.length,
    exceeded,
    unknown,
    updateBlocked,
  };
}

/** Whether that much a month for the endpoints overruns the budget of the whole environment. */
function overBudget(usd: number, limits: Limits): boolean {
  return cents(limits.platformUsd + usd) > limits.budgetUsd;
}

/**
 * The objective for what fits: every quota has room at peak, every promise is kept, the budget holds; among those,
 * in this order: specialists hosted on SageMaker, updates without a quota increase, expected cost, fewest parts.
 *
 * @param ifUnknown what a quota that could not be determined means: `refuse` makes it no pass, `hope` asks whether it
 *   could fit
 */
export function fitting(limits: Limits, ifUnknown: 'refuse' | 'hope') {
  return (chosen: readonly Candidate[], restUsd: number): Objective | undefined => {
    const m = measure(chosen, limits, restUsd);
    if (ifUnknown === 'refuse' && m.unknown > 0) return undefined;
    if (m.exceeded.length > 0 || m.brokenPromises > 0 || overBudget(m.usd, limits)) {
      return undefined;
    }
    return [m.notHosted, m.unknown, m.updateBlocked, m.usd, m.parts];
  };
}

/**
 * The objective for what should be unlocked when nothing fits: the same promises, with the fewest limits to raise
 * or to determine (quotas, and the budget as one more), then by the fewest units, then at the least cost.
 */
export function unlocking(limits: Limits) {
  return (chosen: readonly Candidate[], restUsd: number): Objective => {
    const m = measure(chosen, limits, restUsd);
    return [
      m.notHosted,
      m.brokenPromises,
      m.exceeded.length + m.unknown + (overBudget(m.usd, limits) ? 1 : 0),
      m.exceeded.reduce((sum, over) => sum + over, 0),
      m.updateBlocked,
      m.usd,
      m.parts,
    ];
  };
}
