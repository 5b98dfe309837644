import type { QuotaKey } from '../../quotas/quota-catalogue';
import type { QuotaReader } from '../../quotas/resolve-quota';
import type { Candidate } from '../candidates/candidate';
import { cents } from '../cost/monthly-cost';
import type { DeployedEndpoint } from '../replacement/existing-deployment';
import { type Tallies, tallyDrawn, updatePeak } from '../demand/quota-ledger';
import type { LowerBound } from './lower-bound';
import { besideWhatRuns, movesOf } from '../replacement/plan-replacement';
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
  /** The same with what each move must save on top. */
  readonly weighedUsd: number;
  readonly moved: number;
  readonly parts: number;
  /** Units by which each quota drawn on is exceeded at peak, or while old and new endpoints stand side by side. */
  readonly exceeded: readonly number[];
  /** Quotas drawn on that could not be determined. */
  readonly unknown: number;
  /** Quotas that have no room for an update, even one endpoint at a time. */
  readonly updateBlocked: number;
}

function measure(
  chosen: readonly Candidate[],
  limits: Limits,
  rest: LowerBound,
  running: DeployedEndpoint | undefined,
): Measures {
  const uses = [...chosen.flatMap((candidate) => candidate.uses), ...rest.uses];
  const beside = besideWhatRuns(chosen, limits.platform, running);
  const exceeded: number[] = [];
  let updateBlocked = 0;
  let unknown = 0;
  for (const [key, sum] of tallyDrawn(uses, limits.platform)) {
    const free = room(limits.read, key);
    if (free === undefined) {
      unknown += 1;
      continue;
    }
    const over = Math.max(sum.peak, sum.steady, beside.get(key) ?? 0) - free;
    if (over > 0) exceeded.push(over);
    if (updatePeak(sum, 'one-at-a-time') > free) updateBlocked += 1;
  }
  const usd = chosen.reduce((sum, { monthlyUsd }) => sum + monthlyUsd, rest.usd);
  const moved = movesOf(chosen, running);
  return {
    notHosted: chosen.reduce((sum, { endpoint }) => sum + (endpoint === undefined ? 1 : 0), rest.notHosted),
    brokenPromises: chosen.reduce((sum, { broken }) => sum + broken.length, rest.broken),
    // Binary rounding must neither break a tie between equal plans nor overrun a budget that is met exactly.
    usd: cents(usd),
    weighedUsd: cents(usd + moved * (running?.thresholdUsd ?? 0)),
    moved,
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

/** What makes one plan that fits better than another, the weightiest first: {@link fitting} in words. */
export const OBJECTIVE: readonly string[] = [
  'most specialists on SageMaker',
  'fewest quotas without room for an update',
  'least expected cost, with hosting.moveThresholdUsd on top for each specialist that is moved',
  'fewest specialists moved',
  'fewest endpoints',
];

/**
 * The objective for what fits: every quota has room at peak, every promise is kept, the budget holds; among those,
 * in this order: specialists hosted on SageMaker, updates without a quota increase, expected cost, fewest parts.
 * Where something runs already, its endpoints have to fit beside the new ones; every specialist that is moved weighs
 * as much as the threshold that a move must save; and of plans that weigh the same, the one that moves fewest is best.
 * The budget is held against the true cost.
 *
 * @param ifUnknown what a quota that could not be determined means: `refuse` makes it no pass, `hope` asks whether it
 *   could fit
 * @param running what the environment runs now; nothing when absent
 */
export function fitting(limits: Limits, ifUnknown: 'refuse' | 'hope', running?: DeployedEndpoint) {
  return (chosen: readonly Candidate[], rest: LowerBound): Objective | undefined => {
    const m = measure(chosen, limits, rest, running);
    if (ifUnknown === 'refuse' && m.unknown > 0) return undefined;
    if (m.exceeded.length > 0 || m.brokenPromises > 0 || overBudget(m.usd, limits)) {
      return undefined;
    }
    return [m.notHosted, m.unknown, m.updateBlocked, m.weighedUsd, m.moved, m.parts];
  };
}

/**
 * The objective for what should be unlocked when nothing fits: the same promises, with the fewest limits to raise
 * or to determine (quotas, and the budget as one more), then by the fewest units, then at the least cost; what runs
 * counts as in {@link fitting}.
 */
export function unlocking(limits: Limits, running?: DeployedEndpoint) {
  return (chosen: readonly Candidate[], rest: LowerBound): Objective => {
    const m = measure(chosen, limits, rest, running);
    return [
      m.notHosted,
      m.brokenPromises,
      m.exceeded.length + m.unknown + (overBudget(m.usd, limits) ? 1 : 0),
      m.exceeded.reduce((sum, over) => sum + over, 0),
      m.updateBlocked,
      m.weighedUsd,
      m.moved,
      m.parts,
    ];
  };
}
