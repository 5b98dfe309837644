import type { Highs } from 'highs';
import type { Specialist } from '../../../models/catalogue';
import type { QuotaKey } from '../../quotas/catalogue';
import type { Candidate } from '../candidate';
import type { Aim, Level } from './level';
import { LEVELS } from './level';
import type { MilpAnswer, MilpLimits } from './milp';
import type { Demand, FleetProblem, PoolType } from './problem';
import { writeProgram } from './program';
import type { Stretch } from './stretches';
import type { Refinement } from './writing';

/** Endpoints of one type that stand together: how many, and their instances. */
export interface PooledFleet {
  readonly pool: PoolType;
  readonly endpoints: number;
  /** At average load. */
  readonly first: number;
  /** Scaled out. */
  readonly most: number;
  /** In every part of the day. */
  readonly inStretch: readonly number[];
}

/** Best that the relaxation finds. */
export interface Relaxed {
  readonly status: MilpAnswer['status'];
  /** Of the level that was minimised: no plan is better. */
  readonly bound: number;
  /** Value of every level in this solution. */
  readonly levels: Readonly<Record<Level, number>>;
  readonly homes: readonly Candidate[];
  /** Models on endpoints of the aggregate: on which of them is still to be said. */
  readonly pooled: readonly Demand[];
  readonly fleets: readonly PooledFleet[];
  /** Endpoints whose members are decided. */
  readonly written: readonly { readonly pool: PoolType; readonly members: readonly Specialist[] }[];
  /** Quotas, and the budget where the key is undefined, that are exceeded by so much. */
  /** Parts of the day that were kept apart. */
  readonly day: readonly Stretch[];
  readonly excesses: readonly { readonly key: QuotaKey | undefined; readonly by: number }[];
}

/** Smaller amounts come from the solver's rounding. */
const ROUNDING = 1e-6;

/** Solves the relaxation of a fleet problem for one level of the objective. */
export function relax(
  problem: FleetProblem,
  aim: Aim,
  refinement: Refinement,
  highs: Highs,
  limits: MilpLimits,
): Relaxed {
  const program = writeProgram(problem, aim, refinement);
  const { status, values, bound } = program.milp.minimise(program.levels[aim.minimise], highs, limits);
  const value = (variable: number) => values?.[variable] ?? 0;
  const on = (variable: number) => value(variable) > 0.5;
  const sum = (terms: readonly (readonly [number, number])[]) =>
    terms.reduce((total, [variable, by]) => total + by * value(variable), 0);
  const levels = Object.fromEntries(LEVELS.map((level) => [level, sum(program.levels[level])]));
  return {
    status,
    bound,
    levels: levels as Record<Level, number>,
    homes: program.homes.filter(({ chosen }) => on(chosen)).map(({ candidate }) => candidate),
    pooled: program.pooled.filter(({ chosen }) => on(chosen)).map(({ demand }) => demand),
    fleets: program.pools
      .filter(({ members, endpoints }) => members === undefined && on(endpoints))
      .map(({ type, endpoints, first, most, billed }) => ({
        pool: type,
        endpoints: Math.round(value(endpoints)),
        first: Math.round(value(first)),
        most: Math.round(value(most)),
        inStretch: billed.map(([instances]) => Math.round(value(instances))),
      })),
    written: program.pools.flatMap(({ type, members }) => {
      const inside = [...(members ?? [])].filter(([, member]) => on(member));
      return inside.length === 0 ? [] : [{ pool: type, members: inside.map(([{ model }]) => model) }];
    }),
    day: program.day,
    excesses: program.excesses
      .map(({ key, by }) => ({ key, by: value(by) }))
      .filter(({ by }) => by > ROUNDING),
  };
}
