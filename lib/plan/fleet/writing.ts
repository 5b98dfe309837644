import type { QuotaKey } from '../../quotas/catalogue';
import type { Candidate } from '../candidate';
import type { Amount } from '../cost';
import type { Aim, Level } from './level';
import type { Milp, Term, Variable } from './milp';
import type { Pool } from './pool';
import type { Demand, FleetProblem } from './problem';
import type { Stretch } from './stretches';

/** How far the program is written out. */
export interface Refinement {
  /** Endpoints of a type that are decided member by member, beside the aggregate of its others. */
  readonly endpoints: ReadonlyMap<string, number>;
  /** Parts of the day that are kept apart. */
  readonly stretches: number;
}

/** A quota, or the budget, that may be exceeded, and by how much. */
export interface Excess {
  /** Undefined for the budget. */
  readonly key: QuotaKey | undefined;
  readonly by: Variable;
}

/** The fleet problem as a mixed-integer program. */
export interface Program {
  readonly milp: Milp;
  readonly levels: Readonly<Record<Level, Term[]>>;
  /** Cost of the endpoints and of their calls, USD a month. */
  readonly bill: Term[];
  readonly homes: { readonly candidate: Candidate; readonly chosen: Variable }[];
  /** Models that share an endpoint of the aggregate. */
  readonly pooled: { readonly demand: Demand; readonly chosen: Variable }[];
  readonly pools: Pool[];
  readonly excesses: Excess[];
  readonly day: readonly Stretch[];
}

/** A program that is being written. */
export interface Writing extends Program {
  readonly problem: FleetProblem;
  readonly aim: Aim;
  /** Weight of one part in the cost. */
  readonly partUsd: number;
}

/** Cost of amounts, not rounded; what has no price counts nothing, as {@link hostingUsd} has it for calls. */
export function amountsUsd({ problem }: Writing, amounts: readonly Amount[]): number {
  const { prices } = problem.context.prices;
  return amounts.reduce((sum, { price, expected }) => sum + expected * (prices[price]?.usd ?? 0), 0);
}
