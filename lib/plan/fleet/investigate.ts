import type { QuotaKey } from '../../quotas/catalogue';
import type { Verdict } from '../deployment-plan';
import type { FleetProblem } from './problem';
import type { FleetAnswer } from './solve';
import { granted, unreadAsAmple, unreadQuotas } from './supposed-limits';

/** A solver's answer that hosts the fleet. */
export type Solved = Extract<FleetAnswer, { verdict: 'fits' }>;

/** What a solver found to be missing at the least. */
export type Lacking = Extract<FleetAnswer, { verdict: 'blocked' }>['missing'];

/** What a plan takes for granted beyond the account as it is known. */
export type Supposition =
  | 'nothing'
  /** That exactly what is missing was granted. */
  | 'missing granted'
  /** That what could not be determined is ample. */
  | 'unknown ample'
  | 'missing granted, unknown ample';

/** What is known of a fleet once it was looked into. */
export interface Investigation {
  readonly verdict: Verdict;
  /** Undefined where no plan was found. */
  readonly solved: Solved | undefined;
  readonly supposes: Supposition;
  /** Empty unless blocked. */
  readonly lacking: Lacking;
  /** Quotas that endpoints may draw on and that could not be determined. */
  readonly unread: readonly QuotaKey[];
}

/** Each bill is rounded to cents by itself, in two lines for an endpoint; what is missing is not. */
const ROUNDING_USD = 0.02;

const planOf = (answer: FleetAnswer): Solved | undefined => (answer.verdict === 'fits' ? answer : undefined);

const drawsOn = (quotas: readonly QuotaKey[], plan: Solved | undefined): boolean =>
  plan?.chosen.some(({ uses }) => uses.some(({ key }) => quotas.includes(key))) ?? false;

/** Whether the limits allow a plan, and the best one, which may rest on quotas that nobody knows. */
interface Settled extends Pick<Investigation, 'verdict' | 'solved' | 'lacking'> {
  readonly supposesAmple: boolean;
}

/**
 * Solves as if everything unknown were ample: what fits not even then is short and not only unknown. A plan that does
 * without the unknown is the best there is; where it does not, the known alone decides whether the fleet fits.
 */
function settle(
  problem: FleetProblem,
  unread: readonly QuotaKey[],
  solve: (problem: FleetProblem) => FleetAnswer,
): Settled {
  const hope = solve(unread.length > 0 ? { ...problem, limits: unreadAsAmple(problem.limits) } : problem);
  const hoped = planOf(hope);
  const lacking = hope.verdict === 'blocked' ? hope.missing : [];
  const certain = hope.verdict === 'fits' ? !drawsOn(unread, hoped) : unread.length === 0;
  if (certain || hope.verdict === 'blocked') {
    return { verdict: hope.verdict, solved: hoped, lacking, supposesAmple: false };
  }
  const known = planOf(solve(problem));
  return known === undefined
    ? { verdict: 'unknown', solved: hoped, lacking, supposesAmple: true }
    : { verdict: 'fits', solved: known, lacking, supposesAmple: false };
}

/**
 * Finds out whether a fleet fits, is short of something, or rests on something unknown; and where it is short, also how
 * it would be hosted once exactly that is granted.
 */
export function investigate(
  problem: FleetProblem,
  solve: (problem: FleetProblem) => FleetAnswer,
): Investigation {
  const unread = unreadQuotas(problem);
  const { verdict, solved, lacking, supposesAmple } = settle(problem, unread, solve);
  if (lacking.length === 0) {
    return { verdict, solved, lacking, unread, supposes: supposesAmple ? 'unknown ample' : 'nothing' };
  }
  const roundingUsd = ROUNDING_USD * (problem.models.length + 1);
  const limits = granted(problem.limits, lacking, roundingUsd);
  const after = settle({ ...problem, limits }, unread, solve);
  const supposes = after.supposesAmple ? 'missing granted, unknown ample' : 'missing granted';
  return { verdict, solved: after.solved, lacking, unread, supposes };
}
