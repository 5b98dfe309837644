import type { Candidate } from '../candidates/candidate';
import { type DeployedEndpoint, movedBy } from '../replacement/existing-deployment';

/**
 * Whether `a` costs, breaks, moves and draws on no more than `b`, two ways to host the same group; both list what they
 * draw on in the same order, and each type's own quota stands for that of the other.
 */
export function dominates(a: Candidate, b: Candidate, running: DeployedEndpoint | undefined): boolean {
  return (
    a.monthlyUsd <= b.monthlyUsd &&
    (running === undefined || movedBy(a, running).length <= movedBy(b, running).length) &&
    a.broken.every((promise) => b.broken.includes(promise)) &&
    a.uses.every((use, index) => {
      const other = b.uses[index];
      return (
        other !== undefined &&
        use.steady <= other.steady &&
        use.peak <= other.peak &&
        use.surge <= other.surge
      );
    })
  );
}
