import { SPECIALISTS } from '../../../models/catalogue';
import { type QuotaKey, quotaDefinition, quotaKey } from '../../quotas/quota-catalogue';
import type { QuotaReader } from '../../quotas/resolve-quota';
import { environmentUsd } from './assessment';
import type { Candidate } from '../candidates/candidate';
import { cents } from '../cost/monthly-cost';
import { type Decision, decideWithin, restricted } from '../decision';
import { type Increase, increasesFor } from '../demand/quota-increases';
import { type Tally, ledger, tallyDrawn, updatePeak } from '../demand/quota-ledger';
import { type Limits, room } from '../search/objective';
import { planOf } from '../plan';
import { besideWhatRuns, movesOf, withReplacement } from '../replacement/plan-replacement';
import { ZERO_BOUND, type LowerBound } from '../search/lower-bound';
import { type Objective, search } from '../search/search';
import { shortfallsOf } from '../demand/shortfalls';
import type { Topology } from '../hosting/endpoint-plan';

/** USD a month that a plan has to save before anybody is told to ask AWS for quota. */
export const WORTH_ASKING_USD = 1;

/** A better plan that a few quota increases would unlock, and what it would bring. */
export interface NextBetter {
  /** All of them are needed, each to the last unit. */
  readonly increases: readonly Increase[];
  /** What the planner answers once they are granted. */
  readonly topology: Topology;
  /** Whole environment, USD a month, expected. */
  readonly monthlyUsd: number;
  /** USD a month above the present plan; negative where it is cheaper. */
  readonly differenceUsd: number;
  /** Of the slowest specialist. */
  readonly p95Ms: number;
  readonly differenceP95Ms: number;
  /** Specialists on SageMaker, and how many more than at present. */
  readonly hosted: number;
  readonly differenceHosted: number;
  /** Specialists that it moves away from what serves them now, above those of the present plan; negative for fewer. */
  readonly differenceMoved: number;
  /** Whether its endpoints can be updated, and whether those of the present plan can. */
  readonly updatable: boolean;
  readonly updatableNow: boolean;
}

const hostedBy = (selection: readonly Candidate[]) =>
  selection.reduce((sum, { endpoint, specialists }) => sum + (endpoint ? specialists.length : 0), 0);
const slowest = (selection: readonly Candidate[]) => Math.max(...selection.map(({ p95Ms }) => p95Ms));

/** Units by which a quota would have to be raised for a selection to be deployed and updated. */
function shortOf(sum: Tally, beside: number, free: number): number {
  return Math.max(sum.steady, sum.peak, updatePeak(sum, 'one-at-a-time'), beside) - free;
}

/**
 * What increases a selection needs; undefined for one that no increase makes possible: a promise is broken, the budget
 * does not hold, or it draws on a quota that is unknown or that AWS does not raise.
 */
function demands(
  chosen: readonly Candidate[],
  rest: LowerBound,
  { limits, running }: Pick<Decision, 'limits' | 'running'>,
) {
  if (rest.broken > 0 || chosen.some(({ broken }) => broken.length > 0)) return undefined;
  const uses = [...chosen.flatMap((candidate) => candidate.uses), ...rest.uses];
  const beside = besideWhatRuns(chosen, limits.platform, running);
  let [quotas, units] = [0, 0];
  for (const [key, sum] of tallyDrawn(uses, limits.platform)) {
    const free = room(limits.read, key);
    if (free === undefined) return undefined;
    const over = shortOf(sum, beside.get(key) ?? 0, free);
    if (over <= 0) continue;
    if (!quotaDefinition(key).adjustable) return undefined;
    quotas += 1;
    units += over;
  }
  return { quotas, units };
}

/**
 * The objective of the search: fewest quotas to raise, then fewest units, then the planner's own order. A selection
 * that can no longer be better than the present plan is no solution; nor is one that needs no increase, as the planner
 * would have chosen it.
 *
 * Better means more specialists on SageMaker; else an update that is possible and was not; else a lower cost, by
 * {@link WORTH_ASKING_USD} at least and with what a move must save on top: so it may also be a plan that moves less of
 * what runs. It always means that updates are possible.
 */
export function raising(decision: Pick<Decision, 'limits' | 'running' | 'selected'>) {
  const { limits, running, selected } = decision;
  const weigh = (chosen: readonly Candidate[], rest: LowerBound) =>
    cents(
      chosen.reduce((sum, { monthlyUsd }) => sum + monthlyUsd, rest.usd) +
        movesOf(chosen, running) * (running?.thresholdUsd ?? 0),
    );
  const embedded = (chosen: readonly Candidate[]) => chosen.filter(({ endpoint }) => !endpoint).length;
  const now = { embedded: embedded(selected), usd: weigh(selected, ZERO_BOUND) };
  const updatable = shortfallsOf(selected, limits, running).length === 0;
  const all = selected.reduce((sum, { specialists }) => sum + specialists.length, 0);
  return (chosen: readonly Candidate[], rest: LowerBound): Objective | undefined => {
    const usd = weigh(chosen, rest);
    const count = embedded(chosen) + rest.notHosted;
    const cheaper = cents(now.usd - usd) >= WORTH_ASKING_USD;
    if (count > now.embedded || (count === now.embedded && updatable && !cheaper)) return undefined;
    const trueUsd = cents(chosen.reduce((sum, { monthlyUsd }) => sum + monthlyUsd, rest.usd));
    if (cents(limits.platformUsd + trueUsd) > limits.budgetUsd) return undefined;
    const need = demands(chosen, rest, decision);
    const whole = chosen.reduce((sum, { specialists }) => sum + specialists.length, 0) === all;
    if (need === undefined || (whole && need.quotas === 0)) return undefined;
    return [need.quotas, need.units, count, usd, movesOf(chosen, running), chosen.length];
  };
}

/** The account's limits with increases granted. */
function granted({ read, ...limits }: Limits, increases: readonly Increase[]): Limits {
  const to = new Map<QuotaKey, number>(increases.map((increase) => [quotaKey(increase), increase.to]));
  const reader: QuotaReader = (key) => ({ ...read(key), limit: to.get(key) ?? read(key).limit });
  return { ...limits, read: reader };
}

/** What a selection lacks, as increases to ask for. */
function increasesOf(selection: readonly Candidate[], { limits, running }: Decision): Increase[] {
  const uses = selection.flatMap((candidate) => candidate.uses);
  const rows = withReplacement(
    ledger(tallyDrawn(uses, limits.platform), limits.read, 'one-at-a-time'),
    besideWhatRuns(selection, limits.platform, running),
  );
  return increasesFor(rows, selection);
}

/**
 * The smallest set of quota increases after which the planner's answer is strictly better and can be updated: fewest
 * quotas, then fewest units, then the best plan. Exact, as the search leaves out only what cannot be better; and
 * dominated types may be left out, because what moves to the type that dominates raises no more quotas by no more units.
 *
 * @returns undefined when nothing better exists, or when the plan does not fit: then the plan's own `increases` are the
 *   smallest set that makes it fit
 */
export function nextBetter(decision: Decision): NextBetter | undefined {
  if (planOf(decision).verdict !== 'fits') return undefined;
  const { limits, running, selected } = decision;
  const { modes } = decision.context.environment.hosting;
  const found = search({
    specialists: SPECIALISTS,
    candidates: restricted(decision.options, ({ mode }) => modes.includes(mode)),
    evaluate: raising(decision),
  });
  if (found === undefined) return undefined;
  const increases = increasesOf(found.chosen, decision);
  const then = decideWithin({ ...decision, limits: granted(limits, increases) });
  const monthlyUsd = environmentUsd(then.selected, then);
  return {
    increases,
    topology: planOf(then).topology,
    monthlyUsd,
    differenceUsd: cents(monthlyUsd - environmentUsd(selected, decision)),
    p95Ms: slowest(then.selected),
    differenceP95Ms: slowest(then.selected) - slowest(selected),
    hosted: hostedBy(then.selected),
    differenceHosted: hostedBy(then.selected) - hostedBy(selected),
    differenceMoved: movesOf(then.selected, running) - movesOf(selected, running),
    updatable: shortfallsOf(then.selected, then.limits, running).length === 0,
    updatableNow: shortfallsOf(selected, limits, running).length === 0,
  };
}
