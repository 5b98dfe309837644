import { HOSTING_TYPES, endpointQuotaKey } from '../quotas/catalogue';
import type { Candidate } from './candidate';
import type { Limits } from './objective';
import { room } from './objective';

/** All candidates on one instance type, by group. */
interface TypeOptions {
  readonly byGroup: ReadonlyMap<string, Candidate>;
  /** Units left of the type's own quota; undefined when unknown. */
  readonly room: number | undefined;
  /** More than any plan could ever use of the type: then its own quota never binds. */
  readonly mostUsed: number;
}

function byType(
  candidates: ReadonlyMap<string, readonly Candidate[]>,
  limits: Limits,
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
      const mostUsed = [...byGroup.values()].reduce((sum, { endpoint }) => {
        return endpoint === undefined || endpoint.mode === 'serverless'
          ? sum
          : sum + 2 * endpoint.maxInstances;
      }, 0);
      return [
        instanceType,
        {
          byGroup,
          mostUsed,
          room: type === undefined ? undefined : room(limits.read, endpointQuotaKey(type)),
        },
      ];
    }),
  );
}

/** Whether `a` costs, breaks and draws on no more than `b`; both list what they draw on in the same order. */
function noWorse(a: Candidate, b: Candidate): boolean {
  return (
    a.monthlyUsd <= b.monthlyUsd &&
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
 * unknown: then one limit is missing instead of two.
 */
function dominates(a: TypeOptions, b: TypeOptions): boolean {
  const neverBinds = a.room !== undefined && a.room >= a.mostUsed;
  const bothUsedUp = a.room !== undefined && b.room !== undefined && a.room <= 0 && b.room <= a.room;
  const bothUnknown = a.room === undefined && b.room === undefined;
  if (!neverBinds && !bothUsedUp && !bothUnknown) return false;
  return [...b.byGroup].every(([group, candidate]) => {
    const own = a.byGroup.get(group);
    return own !== undefined && noWorse(own, candidate);
  });
}

/** Serverless sizes that another makes superfluous: all draw on the same quotas, so no worse on each is enough. */
function superfluousSizes(options: readonly Candidate[]): Set<Candidate> {
  const kept: Candidate[] = [];
  const left = new Set<Candidate>();
  const sizes = options
    .filter(({ mode }) => mode === 'serverless')
    .sort((a, b) => a.monthlyUsd - b.monthlyUsd || (a.key < b.key ? -1 : 1));
  for (const size of sizes) {
    if (kept.some((other) => noWorse(other, size))) left.add(size);
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
): Map<string, Candidate[]> {
  const kept = new Map<string, TypeOptions>();
  const cost = ({ byGroup }: TypeOptions) => Math.min(...[...byGroup.values()].map((c) => c.monthlyUsd));
  const ordered = [...byType(candidates, limits)].sort(
    ([nameA, a], [nameB, b]) => cost(a) - cost(b) || (nameA < nameB ? -1 : 1),
  );
  for (const [name, options] of ordered) {
    if (![...kept.values()].some((other) => dominates(other, options))) kept.set(name, options);
  }
  return new Map(
    [...candidates].map(([group, options]) => {
      const superfluous = superfluousSizes(options);
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
