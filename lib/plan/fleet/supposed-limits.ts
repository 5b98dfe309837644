import { QUOTA, type QuotaKey, endpointQuotaKey } from '../../quotas/catalogue';
import { instanceTypesOf } from '../candidates';
import { type Limits, room } from '../objective';
import type { FleetAnswer } from './solve';
import type { FleetProblem } from './problem';

/** More than AWS grants of any quota that endpoints draw on; small enough for the solver to reckon with. */
const AMPLE = 1e5;

/** Quotas that endpoints of a fleet may draw on, in the modes and on the types that are allowed. */
function servingQuotas({ context }: FleetProblem): QuotaKey[] {
  const { modes, serverless } = context.environment.hosting;
  const onInstances = modes.includes('dedicated') || modes.includes('shared');
  return [
    ...(modes.includes('serverless')
      ? [QUOTA.serverlessConcurrency, QUOTA.serverlessEndpoints, QUOTA.serverlessMemory]
      : []),
    ...(modes.includes('serverless') && serverless.provisionedConcurrency !== undefined
      ? [QUOTA.provisionedConcurrency, QUOTA.scalableTargets]
      : []),
    ...(onInstances
      ? [
          QUOTA.endpointInstances,
          QUOTA.instancesPerEndpoint,
          QUOTA.scalableTargets,
          ...instanceTypesOf(context).map(endpointQuotaKey),
        ]
      : []),
  ];
}

/** Quotas that endpoints of a fleet may draw on and whose limit or use could not be determined. */
export function unreadQuotas(problem: FleetProblem): QuotaKey[] {
  return [...new Set(servingQuotas(problem).filter((key) => room(problem.limits.read, key) === undefined))];
}

/** The same limits, with plenty of whatever could not be determined: what fits not even then, fits not at all. */
export function unreadAsAmple(limits: Limits): Limits {
  return {
    ...limits,
    read: (key) => {
      const quota = limits.read(key);
      if (quota.limit !== undefined && quota.usedByOthers !== undefined) return quota;
      return { ...quota, limit: AMPLE, usedByOthers: 0 };
    },
  };
}

/**
 * The same limits once exactly that is granted which was missing.
 *
 * @param roundingUsd by how much a bill in cents may exceed what the solver reckons with
 */
export function granted(
  limits: Limits,
  missing: Extract<FleetAnswer, { verdict: 'blocked' }>['missing'],
  roundingUsd: number,
): Limits {
  const more = new Map(missing.map(({ key, by }) => [key, by]));
  return {
    ...limits,
    budgetUsd: limits.budgetUsd + (more.has(undefined) ? (more.get(undefined) ?? 0) + roundingUsd : 0),
    read: (key) => {
      const quota = limits.read(key);
      return quota.limit === undefined ? quota : { ...quota, limit: quota.limit + (more.get(key) ?? 0) };
    },
  };
}
