import { HOSTING_TYPES, endpointQuotaKey } from '../../quotas/quota-catalogue';
import type { Candidate } from '../candidates/candidate';
import type { DeployedEndpoint } from '../replacement/existing-deployment';
import type { Limits } from './objective';
import { dominates } from './dominates';
import { room } from './objective';

/** All candidates on one instance type, by group. */
interface TypeOptions {
  readonly byGroup: ReadonlyMap<string, Candidate>;
  /** Units left of the type's own quota; undefined when unknown. */
  readonly room: number | undefined;
  /** What the running endpoints hold of it, which a replacement needs on top of its own use. */
  readonly held: number;
  /** More than any plan could ever use of the type: then its own quota never binds. */
  readonly mostUsed: number;
  /** Of its cheapest candidate. */
  readonly leastUsd: number;
}

function byType(
  candidates: ReadonlyMap<string, readonly Candidate[]>,
  limits: Limits,
  running: DeployedEndpoint | undefined,
): Map<string, TypeOptions> {
  const grouped = new Map<string, Map<string, Candidate>>();
  for (const [group, options] of candidates) {
    for (const candidate of options) {
      if (candidate.endpoint === undefined || candidate.endpoint.mode === 'serverless') continue;
      const { instanceType } = candidate.endpoint;
      const entries = grouped.get(instanceType) ?? new Map<string, Candidate>();
      grouped.set(instanceType, entries.set(group, candidate));
    }
  }
  return new Map(
    [...grouped].map(([instanceType, byGroup]) => {
      const type = HOSTING_TYPES.get(instanceType);
      const key = type === undefined ? undefined : endpointQuotaKey(type);
      let [mostUsed, leastUsd] = [0, Infinity];
      for (const { endpoint, monthlyUsd } of byGroup.values()) {
        leastUsd = Math.min(leastUsd, monthlyUsd);
        if (endpoint !== undefined && endpoint.mode !== 'serverless') mostUsed += 2 * endpoint.maxInstances;
      }
      return [
        instanceType,
        {
          byGroup,
          mostUsed,
          leastUsd,
          held: key === undefined ? 0 : (running?.held.get(key) ?? 0),
          room: key === undefined ? undefined : room(limits.read, key),
        },
      ];
    }),
  );
}

/** Whether type `a` is no worse than `b` for every group that `b` can host. */
function noWorseForAll(a: TypeOptions, b: TypeOptions, running: DeployedEndpoint | undefined): boolean {
  for (const [group, candidate] of b.byGroup) {
    const own = a.byGroup.get(group);
    if (own === undefined || !dominates(own, candidate, running)) return false;
  }
  return true;
}

/**
 * Whether everything on type `b` may join what is on type `a` without a further limit that is short: the quota of `a`
 * can never bind, or both quotas are used up, or both are unknown, which makes one missing limit of two.
 */
function mayJoin(a: TypeOptions, b: TypeOptions): boolean {
  const neverBinds = a.room !== undefined && a.room >= a.mostUsed + a.held;
  const bothUsedUp =
    a.room !== undefined && b.room !== undefined && a.room <= 0 && b.room <= a.room && a.held <= b.held;
  const bothUnknown = a.room === undefined && b.room === undefined;
  return neverBinds || bothUsedUp || bothUnknown;
}

/** Whether everything on type `b` may move to type `a` where nothing else is on it: its quota leaves as much room. */
function mayReplace(a: TypeOptions, b: TypeOptions): boolean {
  return a.room !== undefined && b.room !== undefined && a.room >= b.room && a.held <= b.held;
}

/**
 * Whether any plan that uses type `b` stays as good without it. Either one of the better types can take what is on `b`
 * beside anything else; or there are as many better types as a plan can have endpoints, so that one of them is always
 * free. A type that runs is dominated by none that would have to move a group off it.
 *
 * @param mostEndpoints that any plan can have
 */
function superfluous(
  b: TypeOptions,
  standing: readonly TypeOptions[],
  mostEndpoints: number,
  running: DeployedEndpoint | undefined,
): boolean {
  let free = 0;
  for (const a of standing) {
    const joins = mayJoin(a, b);
    if (!joins && !mayReplace(a, b)) continue;
    if (!noWorseForAll(a, b, running)) continue;
    free += 1;
    if (joins || free >= mostEndpoints) return true;
  }
  return false;
}

/** Serverless sizes that another makes superfluous: all draw on the same quotas, so no worse on each is enough. */
function superfluousSizes(
  options: readonly Candidate[],
  running: DeployedEndpoint | undefined,
): Set<Candidate> {
  const kept: Candidate[] = [];
  const left = new Set<Candidate>();
  const sizes = options
    .filter(({ mode }) => mode === 'serverless')
    .sort((a, b) => a.monthlyUsd - b.monthlyUsd || (a.key < b.key ? -1 : 1));
  for (const size of sizes) {
    if (kept.some((other) => dominates(other, size, running))) left.add(size);
    else kept.push(size);
  }
  return left;
}

/** Types that stay, by name. Of types that are equal in everything those that come first by name stay. */
function standingTypes(
  candidates: ReadonlyMap<string, readonly Candidate[]>,
  mostEndpoints: number,
  limits: Limits,
  running: DeployedEndpoint | undefined,
): Set<string> {
  const kept = new Set<string>();
  const standing: TypeOptions[] = [];
  const ordered = [...byType(candidates, limits, running)].sort(
    ([nameA, a], [nameB, b]) => a.leastUsd - b.leastUsd || (nameA < nameB ? -1 : 1),
  );
  for (const [name, options] of ordered) {
    if (superfluous(options, standing, mostEndpoints, running)) continue;
    standing.push(options);
    kept.add(name);
  }
  return kept;
}

/**
 * Leaves out every instance type, every size of a serverless endpoint and every single candidate that others make
 * superfluous. The best plan keeps its value, by whichever objective: see {@link superfluous}. The answer does not depend on the input's order.
 */
export function withoutDominated(
  candidates: ReadonlyMap<string, readonly Candidate[]>,
  limits: Limits,
  running?: DeployedEndpoint,
): Map<string, Candidate[]> {
  const mostEndpoints = new Set(
    [...candidates.values()].flatMap((list) => list.flatMap(({ specialists }) => specialists)),
  ).size;
  const kept = standingTypes(candidates, mostEndpoints, limits, running);
  return new Map(
    [...candidates].map(([group, options]) => {
      const sizes = superfluousSizes(options, running);
      const standing = options.filter((candidate) => {
        const { endpoint } = candidate;
        return endpoint === undefined || endpoint.mode === 'serverless'
          ? !sizes.has(candidate)
          : kept.has(endpoint.instanceType);
      });
      return [group, standing];
    }),
  );
}
