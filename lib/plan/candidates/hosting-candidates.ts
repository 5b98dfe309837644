import { type Specialist, inCanonicalOrder } from '../../../models/catalogue';
import { HOSTING_TYPES, type HostingType } from '../../quotas/quota-catalogue';
import type { Candidate, PlanningContext } from './candidate';
import { instanceCandidates } from './instance-candidate';
import { serverlessCandidates } from './serverless-candidate';
import { hostingUsd } from '../cost/serving-lines';

/**
 * Answers inside the inference Lambda: no quota of SageMaker's, and a fallback rather than a home. A new instance of the
 * function opens the model before its first answer, which is a cold start like that of a serverless endpoint.
 */
function embedded(context: PlanningContext, specialist: Specialist): Candidate {
  const { serviceMs } = context.profiles.specialists[specialist];
  return {
    specialists: [specialist],
    mode: 'embedded',
    endpoint: undefined,
    uses: [],
    broken: context.environment.latency.coldStarts === 'refused' ? ['cold-starts'] : [],
    monthlyUsd: hostingUsd(context, [specialist], undefined) ?? 0,
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

/** Instance types that the environment allows. */
export function instanceTypesOf({ environment }: PlanningContext): HostingType[] {
  return [...HOSTING_TYPES.values()].filter(
    (type) => environment.hosting.instanceTypes?.includes(type.instanceType) ?? true,
  );
}

/**
 * Every way to host one specialist that shares an endpoint with no other.
 *
 * @param types instance types that may be used
 */
export function candidatesAlone(
  context: PlanningContext,
  specialist: Specialist,
  types: readonly HostingType[],
): Candidate[] {
  return [
    ...serverlessCandidates(context, specialist),
    ...instanceCandidates(context, [specialist], types),
    embedded(context, specialist),
  ];
}

/**
 * Every candidate of every group, by group. Only what can never be is left out: a model that does not fit into the
 * memory, a burstable type that must scale (AWS refuses it as a scalable target), a type without a price.
 *
 * @param types instance types that may be used; all that the environment allows when absent
 */
export function candidatesByGroup(
  context: PlanningContext,
  specialists: readonly Specialist[],
  types: readonly HostingType[] = instanceTypesOf(context),
): Map<string, Candidate[]> {
  return new Map(
    groups(specialists).map((group) => {
      const [only] = group;
      return [
        groupKey(group),
        group.length === 1 && only !== undefined
          ? candidatesAlone(context, only, types)
          : instanceCandidates(context, group, types),
      ];
    }),
  );
}
