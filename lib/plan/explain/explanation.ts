import { type Alternative, alternatives } from './alternatives';
import { type Choice, choices } from './choices';
import type { Decision } from '../decision';
import { type NextBetter, nextBetter } from './next-better';

/** Why a plan is as it is. Reports show it; what deploys does not need it, and so does not pay for it. */
export interface Explanation {
  /** Every specialist's home, and why. */
  readonly choices: readonly Choice[];
  /** Other ways to host all four, and why each was not chosen. */
  readonly alternatives: readonly Alternative[];
  /** The smallest set of quota increases that would bring a better plan; absent where none would. */
  readonly nextBetter?: NextBetter;
}

/** Explains a decision: a pure function of it. */
export function explain(decision: Decision): Explanation {
  const better = nextBetter(decision);
  return {
    choices: choices(decision),
    alternatives: alternatives(decision),
    ...(better === undefined ? {} : { nextBetter: better }),
  };
}
