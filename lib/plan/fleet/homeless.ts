import type { Specialist } from '../../../models/catalogue';
import { quotaDefinition } from '../../quotas/catalogue';
import type { Candidate } from '../candidate';
import { candidatesAlone, instanceTypesOf } from '../candidates';
import { room } from '../objective';
import { type FleetProblem, mayShare } from './problem';

/** A model that no quota increase brings a home. */
export interface Homeless {
  readonly model: Specialist;
  readonly reason: string;
}

/** The limit on each single endpoint that a home would exceed; undefined where it keeps them all. */
function brokenLimit({ uses }: Candidate, { limits }: FleetProblem): string | undefined {
  for (const { key, peak, steady } of uses) {
    const { scope, name, code } = quotaDefinition(key);
    const most = room(limits.read, key);
    if (scope === 'endpoint' && most !== undefined && Math.max(peak, steady) > most) {
      return `${name} (${code}): needs ${Math.max(peak, steady)} on one endpoint, which may have ${most}`;
    }
  }
  return undefined;
}

function reasonFor(homes: readonly Candidate[], problem: FleetProblem): string | undefined {
  const { latency } = problem.context.environment;
  const kept = homes.filter(({ broken }) => broken.length === 0);
  if (kept.length > 0) {
    const limits = kept.map((home) => brokenLimit(home, problem));
    return limits.includes(undefined) ? undefined : limits[0];
  }
  if (homes.length === 0) return 'no allowed mode and type holds its traffic and memory';
  const warm = homes.filter(({ broken }) => !broken.includes('cold-starts'));
  if (warm.length === 0) return 'a request may wait for a cold start, and cold starts are refused';
  const best = Math.min(...warm.map(({ p95Ms }) => p95Ms));
  return `p95 of ${best} ms at best misses the target of ${latency.p95Ms} ms`;
}

/**
 * Models that have no home whatever the account grants: too slow, too large, or beyond what one endpoint may have.
 * An endpoint that models share is looked at as that of one of them, than which it never asks for less.
 */
export function homeless(problem: FleetProblem): Homeless[] {
  const { context, models } = problem;
  const { modes } = context.environment.hosting;
  const types = modes.includes('dedicated') || mayShare(problem) ? instanceTypesOf(context) : [];
  const allowed = ({ mode }: Candidate) =>
    modes.includes(mode) || (mode === 'dedicated' && mayShare(problem));
  return models.flatMap((model) => {
    const reason = reasonFor(candidatesAlone(context, model, types).filter(allowed), problem);
    return reason === undefined ? [] : [{ model, reason }];
  });
}
