import { type Specialist, inCanonicalOrder } from '../../models/catalogue';
import { HOSTING_TYPES } from '../quotas/catalogue';
import type { Candidate, PlanningContext } from './candidate';
import { dedicatedOrShared } from './instance-candidate';
import { serverlessCandidates } from './serverless-candidate';

/** Answers inside the inference Lambda: no quota of SageMaker's, and a fallback rather than a home. */
function embedded(context: PlanningContext, specialist: Specialist): Candidate {
  const { serviceMs } = context.profiles.specialists[specialist];
  return {
    specialists: [specialist],
    mode: 'embedded',
    endpoint: undefined,
    uses: [],
    broken: [],
    monthlyUsd: 0,
    p95Ms: Math.round(serviceMs * 3),
    key: `embedded:${specialist}`,
  };
}

/** Every non-empty group of specialists, each in canonical order. */
export function groups(specialists: readonly Specialist[]): Specialist[][] {
  const ordered = inCanonicalOrder(specialists);
  return Array.from({ length: 2 ** ordered.length - 1 }, (_, index) =>
    ordered.filter((_name, bit) => ((index + 1) >> bit) & 1),
  );
}

/** Key of a group. */
export function groupKey(group: readonly Specialist[]): string {
  return group.join('+');
}

/**
 * Every candidate of every group, by group. Only what can never be is left out: a model that does not fit into the
 * memory, a burstable type that must scale (AWS refuses it as a scalable target), a type without a price.
 */
export function candidatesByGroup(
  context: PlanningContext,
  specialists: readonly Specialist[],
): Map<string, Candidate[]> {
  const types = [...HOSTING_TYPES.values()].filter(
    (type) => context.environment.hosting.instanceTypes?.includes(type.instanceType) ?? true,
  );
  return new Map(
    groups(specialists).map((group) => {
      const [only] = group;
      const alone = group.length === 1 && only !== undefined;
      return [
        groupKey(group),
        [
          ...(alone ? serverlessCandidates(context, only) : []),
          ...types.flatMap((type) => dedicatedOrShared(context, group, type)),
          ...(alone ? [embedded(context, only)] : []),
        ],
      ];
    }),
  );
}
