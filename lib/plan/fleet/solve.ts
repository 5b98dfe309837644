import type { Highs } from 'highs';
import type { QuotaKey } from '../../quotas/catalogue';
import type { Candidate } from '../candidate';
import { cents } from '../cost';
import { fitting } from '../objective';
import { NO_REST } from '../rest';
import { type Objective, lessThan } from '../search';
import type { Aim, Level } from './level';
import type { FleetProblem } from './problem';
import type { Refinement } from './writing';
import { realise } from './realise';
import { type Relaxed, relax } from './relaxation';

/** How the hosting of a fleet was decided. */
export type FleetAnswer =
  | {
      readonly verdict: 'fits';
      readonly chosen: readonly Candidate[];
      /** Expected cost of the endpoints and their calls, USD a month. */
      readonly monthlyUsd: number;
      /** No plan that hosts and updates as many costs less. */
      readonly boundUsd: number;
      /** Whether no plan is better, but for the rounding of each endpoint's bill to cents. */
      readonly proven: boolean;
    }
  /** Proven: nothing fits. What is missing at the least; the budget where the key is undefined. */
  | {
      readonly verdict: 'blocked';
      readonly missing: readonly { readonly key: QuotaKey | undefined; readonly by: number }[];
    }
  /** The time ran out before anything was found or excluded. */
  | { readonly verdict: 'unknown' };

/** How long to look. */
export interface Patience {
  /** Of each solve, in seconds. @default 20 */
  readonly seconds?: number;
  /** How often the program is written out further when no plan reaches its bound. @default 6 */
  readonly refinements?: number;
}

/** Bills that differ by less are the same: half a cent. */
const GAP_USD = 0.005;
const CENT = 0.01;

/** Parts of the day that the first program keeps apart; each refinement doubles them. */
const FIRST_STRETCHES = 4;

interface Found {
  readonly chosen: readonly Candidate[];
  readonly objective: Objective;
}

const usdOf = ({ chosen }: Found): number =>
  cents(chosen.reduce((sum, { monthlyUsd }) => sum + monthlyUsd, 0));

/** Solves level after level, each as good as the ones before allow; stops where one has no solution. */
function inTurn(solve: (aim: Aim) => Relaxed, levels: readonly Level[], elastic: boolean): Relaxed {
  const [first, ...rest] = levels;
  const atMost: Partial<Record<Level, number>> = {};
  let relaxed = solve({ minimise: first ?? 'cost', atMost, elastic });
  let before = first ?? 'cost';
  for (const minimise of rest) {
    if (relaxed.status !== 'optimal') break;
    atMost[before] = Math.round(relaxed.levels[before]);
    relaxed = solve({ minimise, atMost, elastic });
    before = minimise;
  }
  return relaxed;
}

/** What a plan must cost at most to be better than the one found, where it hosts and updates no more than that. */
function cheaperThan(found: Found | undefined, embedded: number, updateBlocked: number): Aim['atMost'] {
  if (found === undefined) return {};
  const [hosted = 0, , blocked = 0] = found.objective;
  return hosted <= embedded && blocked <= updateBlocked ? { cost: usdOf(found) - CENT } : {};
}

/**
 * The best of the relaxation that is better than what is found. Mostly all can be hosted and updated, and one solve does.
 *
 * @returns `none-better` when that is proven
 */
function relaxed(solve: (aim: Aim) => Relaxed, found: Found | undefined): Relaxed | 'none-better' {
  const all = { embedded: 0, updateBlocked: 0 };
  const cheaper = cheaperThan(found, 0, 0);
  const ideal = solve({ minimise: 'cost', atMost: { ...all, ...cheaper }, elastic: false });
  if (ideal.status !== 'infeasible') return ideal;
  if (cheaper.cost !== undefined) return 'none-better';
  const levels = inTurn(solve, ['embedded', 'updateBlocked'], false);
  // What was proven of another level says nothing of the cost.
  if (levels.status !== 'optimal') return { ...levels, bound: 0 };
  const atMost = {
    embedded: Math.round(levels.levels.embedded),
    updateBlocked: Math.round(levels.levels.updateBlocked),
  };
  const below = cheaperThan(found, atMost.embedded, atMost.updateBlocked);
  const best = solve({ minimise: 'cost', atMost: { ...atMost, ...below }, elastic: false });
  return best.status === 'infeasible' && below.cost !== undefined ? 'none-better' : best;
}

/** Writes out what no packing was found for: endpoints member by member, and the day in more parts. */
function refined(refinement: Refinement, { fleets, written }: Relaxed): Refinement {
  const endpoints = new Map(refinement.endpoints);
  for (const { pool, endpoints: more } of fleets) {
    const name = pool.type.instanceType;
    const before = written.filter((endpoint) => endpoint.pool.type.instanceType === name).length;
    endpoints.set(name, Math.max(endpoints.get(name) ?? 0, before + more));
  }
  return { endpoints, stretches: refinement.stretches * 2 };
}

/** The best of what is found and what can be made of a relaxed plan. */
function better(problem: FleetProblem, found: Found | undefined, from: Relaxed): Found | undefined {
  const evaluate = fitting(problem.limits, 'refuse');
  let best = found;
  for (const split of ['one', 'even'] as const) {
    const chosen = realise(problem, from, split);
    const objective = chosen && evaluate(chosen, NO_REST);
    if (chosen === undefined || objective === undefined) continue;
    if (best === undefined || lessThan(objective, best.objective)) best = { chosen, objective };
  }
  return best;
}

/** Whether a plan reaches, level by level, what the relaxation proves that none can beat. */
function reaches(found: Found, { status, levels, bound }: Relaxed): boolean {
  const [embedded = 0, , updateBlocked = 0] = found.objective;
  // Each bill is rounded to cents by itself, in two lines for an endpoint; the relaxation is not.
  const rounding = GAP_USD * (2 * found.chosen.length + 1);
  return (
    status === 'optimal' &&
    embedded <= Math.round(levels.embedded) &&
    updateBlocked <= Math.round(levels.updateBlocked) &&
    usdOf(found) <= bound + rounding
  );
}

/** @param boundUsd what no plan costs less than; undefined when the plan found is proven to be the best */
function answer(found: Found | undefined, boundUsd: number | undefined): FleetAnswer {
  if (found === undefined) return { verdict: 'unknown' };
  const monthlyUsd = usdOf(found);
  const least = Math.min(boundUsd ?? monthlyUsd, monthlyUsd);
  return {
    verdict: 'fits',
    chosen: found.chosen,
    monthlyUsd,
    boundUsd: least,
    proven: boundUsd === undefined,
  };
}

/**
 * Hosts a fleet of models, of any number, as well as it can be: the planner's objective, solved by HiGHS on a
 * relaxation whose optimum no plan can beat, and a plan made of it. Where the plan is not as good as the relaxation,
 * the relaxation is written out further. The answer says whether it is proven to be the best.
 *
 * Of plans that cost the same it does not promise the one of fewest parts, and limits on each single endpoint are never
 * among what is missing.
 */
export function solveFleet(problem: FleetProblem, highs: Highs, patience: Patience = {}): FleetAnswer {
  const { seconds = 20, refinements = 6 } = patience;
  let refinement: Refinement = { endpoints: new Map(), stretches: FIRST_STRETCHES };
  const solve = (aim: Aim) => relax(problem, aim, refinement, highs, { seconds, gap: GAP_USD });
  let found: Found | undefined;
  for (let round = 0; ; round += 1) {
    const from = relaxed(solve, found);
    if (from === 'none-better') return answer(found, undefined);
    if (from.status === 'infeasible') {
      return {
        verdict: 'blocked',
        missing: inTurn(solve, ['embedded', 'exceeded', 'units', 'cost'], true).excesses,
      };
    }
    found = better(problem, found, from);
    if (found !== undefined && reaches(found, from)) return answer(found, undefined);
    if (from.status === 'limit' || round >= refinements) return answer(found, from.bound);
    refinement = refined(refinement, from);
  }
}
