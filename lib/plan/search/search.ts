import type { Specialist } from '../../../models/catalogue';
import { inCanonicalOrder } from '../../../models/catalogue';
import type { Candidate } from '../candidates/candidate';
import { groupKey, groups } from '../candidates/hosting-candidates';
import { type LowerBound, lowerBoundsOf } from './lower-bound';

/**
 * Value of a selection, compared number by number: the first that differs decides, less is better.
 * Must never fall in any place when a candidate is added; on that the search's exactness rests.
 */
export type Objective = readonly number[];

export interface Found {
  readonly chosen: readonly Candidate[];
  readonly objective: Objective;
}

export interface SearchProblem {
  readonly specialists: readonly Specialist[];
  /** Candidates of every group, by {@link groupKey}. */
  readonly candidates: ReadonlyMap<string, readonly Candidate[]>;
  /**
   * Value of a selection, whole or partial; undefined when it can never become a solution.
   *
   * @param rest what the specialists not chosen for yet will add at least
   */
  readonly evaluate: (chosen: readonly Candidate[], rest: LowerBound) => Objective | undefined;
  /** Whether a partial selection may still become a solution. @default - every one may */
  readonly admits?: (chosen: readonly Candidate[]) => boolean;
}

/** Whether the first objective is better. */
export function lessThan(a: Objective, b: Objective): boolean {
  for (let i = 0; i < a.length; i += 1) {
    const [x, y] = [a[i] ?? 0, b[i] ?? 0];
    if (x !== y) return x < y;
  }
  return false;
}

/**
 * The best selection that hosts every specialist exactly once, over every partition into groups and every candidate
 * of each group. Depth first with a bound: a branch is left only when even its lower bound is no better than what was
 * found, so the answer is that of trying all. Equal plans are decided by the order of candidates, which is canonical,
 * never by the order of the input.
 *
 * @returns undefined when no selection is a solution
 */
export function search(problem: SearchProblem): Found | undefined {
  const specialists = inCanonicalOrder(problem.specialists);
  const restOf = lowerBoundsOf(specialists, problem.candidates);
  const sorted = new Map(
    [...problem.candidates].map(([key, options]) => [
      key,
      [...options].sort((a, b) => a.monthlyUsd - b.monthlyUsd || (a.key < b.key ? -1 : 1)),
    ]),
  );
  let best: Found | undefined;

  const extend = (chosen: readonly Candidate[], open: readonly Specialist[]): void => {
    if (problem.admits?.(chosen) === false) return;
    const rest = restOf(open);
    if (rest === undefined) return;
    const objective = problem.evaluate(chosen, rest);
    if (objective === undefined || (best !== undefined && !lessThan(objective, best.objective))) return;
    const [first] = open;
    if (first === undefined) {
      best = { chosen, objective };
      return;
    }
    // The first open specialist is in exactly one group: walking its groups walks every partition once.
    for (const group of groups(open)
      .filter((members) => members.includes(first))
      .sort((a, b) => b.length - a.length)) {
      const left = open.filter((name) => !group.includes(name));
      for (const candidate of sorted.get(groupKey(group)) ?? []) extend([...chosen, candidate], left);
    }
  };

  extend([], specialists);
  return best;
}
