import { HOSTING_TYPES, endpointQuotaKey } from '../quotas/catalogue';
import type { Candidate } from './candidate';
import type { Running } from './current';
import { noWorse } from './no-worse';
import { type Limits, room } from './objective';

const isOnInstances = ({ endpoint }: Candidate) => endpoint !== undefined && endpoint.mode !== 'serverless';

/** Whether the own quota of a candidate's type has room for it, at peak, while it updates and beside what runs. */
function fitsAlone({ endpoint, uses }: Candidate, limits: Limits, running: Running | undefined): boolean {
  if (endpoint === undefined || endpoint.mode === 'serverless') return false;
  const type = HOSTING_TYPES.get(endpoint.instanceType);
  if (type === undefined) return false;
  const key = endpointQuotaKey(type);
  const free = room(limits.read, key);
  const own = uses.find((use) => use.key === key);
  if (free === undefined || own === undefined) return false;
  const { steady, peak, surge } = own;
  return Math.max(peak, steady + surge, (running?.held.get(key) ?? 0) + steady) <= free;
}

/**
 * Leaves out candidates of a group on instances where there are as many better ones, each within its own type's
 * quota, as a plan has endpoints: the other endpoints cannot be on all of their types, so one of them is free to
 * take its place. That is what keeps the search short where an account allows a few instances of every type.
 *
 * @param mostEndpoints that any plan can have
 */
export function withoutCrowdedOut(
  candidates: readonly Candidate[],
  mostEndpoints: number,
  limits: Limits,
  running: Running | undefined,
): Candidate[] {
  const better: Candidate[] = [];
  const crowdedOut = new Set<Candidate>();
  const onInstances = candidates
    .filter(isOnInstances)
    .sort((a, b) => a.monthlyUsd - b.monthlyUsd || (a.key < b.key ? -1 : 1));
  for (const candidate of onInstances) {
    const enough = mostEndpoints - candidate.specialists.length + 1;
    let ahead = 0;
    for (const other of better) {
      if (noWorse(other, candidate, running)) ahead += 1;
      if (ahead >= enough) break;
    }
    if (ahead >= enough) crowdedOut.add(candidate);
    else if (fitsAlone(candidate, limits, running)) better.push(candidate);
  }
  return candidates.filter((candidate) => !crowdedOut.has(candidate));
}
