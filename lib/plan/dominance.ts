import { HOSTING_TYPES, endpointQuotaKey } from '../quotas/catalogue';
import type { Candidate } from './candidate';
import { type Running, movedBy } from './current';
import type { Limits } from './objective';
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
  running: Running | undefined,
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

/** Whether `a` costs, breaks, moves and draws on no more than `b`; both list what they draw on in the same order. */
function noWorse(a: Candidate, b: Candidate, running: Running | undefined): boolean {
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

/**
 * Whether any plan stays as good when everything on type `b` moves to type `a`: `a` is no worse for every group, and
 * its own quota can take the move. That is so when it can never bind, or when both quotas are used up, or both are
 * unknown: then one limit is missing instead of two. A type that runs is dominated by none that would have to move
 * a group off it.
 */
function dominates(a: TypeOptions, b: TypeOptions, running: Running | undefined): boolean {
  const neverBinds = a.room !== undefined && a.room >= a.mostUsed + a.held;
  const bothUsedUp =
    a.room !== undefined && b.room !== undefined && a.room <= 0 && b.room <= a.room && a.held <= b.held;
  const bothUnknown = a.room === undefined && b.room === undefined;
  if (!neverBinds && !bothUsedUp && !bothUnknown) return false;
  for (const [group, candidate] of b.byGroup) {
    const own = a.byGroup.get(group);
    if (own === undefined || !noWorse(own, candidate, running)) return false;
  }
  return true;
}

/** Serverless sizes that another makes superfluous: all draw on the same quotas, so no worse on each is enough. */
function superfluousSizes(options: readonly Candidate[], running: Running | undefined): Set<Candidate> {
  const kept: Candidate[] = [];
  const left = new Set<Candidate>();
  const sizes = options
    .filter(({ mode }) => mode === 'serverless')
    .sort((a, b) => a.monthlyUsd - b.monthlyUsd || (a.key < b.key ? -1 : 1));
  for (const size of sizes) {
    if (kept.some((other) => noWorse(other, size, running))) left.add(size);
    else kept.push(size);
  }
  return left;
}

/**
 * Leaves out every instance type and serverless size that another makes superfluous. The best plan keeps its value: see {@link dominates}.
 * Of types that are equal in everything the first by name stays, so the answer does not depend on the input's order.
 */
export function withoutDominated(
  candidates: ReadonlyMap<string, readonly Candidate[]>,
  limits: Limits,
  running?: Running,
): Map<string, Candidate[]> {
  const kept = new Set<string>();
  const standing: TypeOptions[] = [];
  const ordered = [...byType(candidates, limits, running)].sort(
    ([nameA, a], [nameB, b]) => a.leastUsd - b.leastUsd || (nameA < nameB ? -1 : 1),
  );
  for (const [name, options] of ordered) {
    if (standing.some((other) => dominates(other, options, running))) continue;
    standing.push(options);
    kept.add(name);
  }
  return new Map(
    [...candidates].map(([group, options]) => {
      const superfluous = superfluousSizes(options, running);
      return [
        group,
        options.filter((candidate) => {
          const { endpoint } = candidate;
          return endpoint === undefined || endpoint.mode === 'serverless'
            ? !superfluous.has(candidate)
            : kept.has(endpoint.instanceType);
        }),
      ];
    }),
  );
}
