import type { Specialist } from '../../../models/catalogue';
import { type HostingType, QUOTA, endpointQuotaKey } from '../../quotas/quota-catalogue';
import {
  type Load,
  instancesFor,
  targetCpuPercent,
  targetInvocationsPerMinute,
  warmP95Ms,
} from '../hosting/capacity';
import type { Candidate, PlanningContext } from './candidate';
import type { Use } from '../demand/quota-ledger';
import { endpointName, typeInName } from '../../config/resource-names';
import { besideUsd, hostingUsd } from '../cost/serving-lines';
import { rollingBatch, updateSurge } from '../hosting/rolling-batch';
import { loadsOf } from '../hosting/traffic-day';
import type { InstanceEndpointPlan } from '../hosting/endpoint-plan';

/** Share of an instance's memory that models may fill; the rest is for the system and requests. */
export const USABLE_MEMORY = 0.7;

/** Memory of a type that models may fill, in MB. */
export function usableMemoryMb(type: HostingType): number {
  return type.memoryGb * 1024 * USABLE_MEMORY;
}

/** Memory that a container with the models of a group fills, in MB. */
export function memoryNeededMb({ profiles }: PlanningContext, group: readonly Specialist[]): number {
  return group.reduce(
    (sum, name) => sum + profiles.specialists[name].memoryMb,
    profiles.container.baseMemoryMb,
  );
}

function usesOf(endpoint: InstanceEndpointPlan, type: HostingType): Use[] {
  const instances = {
    steady: endpoint.initialInstances,
    peak: endpoint.maxInstances,
    surge: updateSurge(endpoint, endpoint.initialInstances),
  };
  return [
    { key: QUOTA.endpointInstances, ...instances },
    { key: endpointQuotaKey(type), ...instances },
    { key: QUOTA.instancesPerEndpoint, ...instances },
    ...(endpoint.scaling.kind === 'instances'
      ? [{ key: QUOTA.scalableTargets, steady: 1, peak: 1, surge: 0 }]
      : []),
  ];
}

/** Fleet sizes for a load; undefined for a burstable type that would have to grow. */
function fleet(
  context: PlanningContext,
  type: HostingType,
  loads: readonly Load[],
): { min: number; initial: number; max: number } | undefined {
  const { availability, hosting } = context.environment;
  const atPeak = instancesFor(loads, 'peakRps', type, hosting.safetyFactor);
  if (type.burstable) {
    if (availability.autoscaling) return undefined;
    const fixed = Math.max(availability.minInstances, atPeak);
    return { min: fixed, initial: fixed, max: fixed };
  }
  const min = availability.minInstances;
  const initial = Math.max(min, instancesFor(loads, 'averageRps', type, hosting.safetyFactor));
  return { min, initial, max: Math.max(initial, atPeak, availability.autoscaling ? min + 1 : min) };
}

function endpointPlan(
  context: PlanningContext,
  group: readonly Specialist[],
  type: HostingType,
  loads: readonly Load[],
): InstanceEndpointPlan | undefined {
  const { environment, profiles } = context;
  const size = fleet(context, type, loads);
  if (size === undefined) return undefined;
  const mode = group.length === 1 ? 'dedicated' : 'shared';
  const slowestMs = Math.max(...loads.map((load) => load.profile.serviceMs));
  const rolls = size.min > 1;
  return {
    name: endpointName(environment.name, group, `${mode}-${typeInName(type.instanceType)}`),
    mode,
    specialists: group,
    instanceType: type.instanceType,
    architecture: type.architecture,
    minInstances: size.min,
    initialInstances: size.initial,
    maxInstances: size.max,
    scaling: type.burstable
      ? { kind: 'fixed' }
      : {
          kind: 'instances',
          min: size.min,
          max: size.max,
          targetInvocationsPerMinute: targetInvocationsPerMinute(
            loads,
            type,
            environment.hosting.safetyFactor,
          ),
          targetCpuPercent: targetCpuPercent(environment.hosting.safetyFactor),
        },
    updateStrategy: rolls ? 'rolling' : 'all-at-once',
    ...(rolls ? { rollingBatch: rollingBatch(size) } : {}),
    p95Ms: warmP95Ms(slowestMs, profiles.container.instanceOverheadMs, environment.hosting.safetyFactor),
  };
}

/**
 * Instance endpoints for a group, one on each type that can hold and scale it and has a price. A group of several is a
 * multi-model endpoint.
 */
export function instanceCandidates(
  context: PlanningContext,
  group: readonly Specialist[],
  types: readonly HostingType[],
): Candidate[] {
  const loads = loadsOf(context, group);
  const needMb = memoryNeededMb(context, group);
  // The same on every type: worked out once, as a plan has thousands of candidates.
  const beside = besideUsd(context, group, { mode: group.length === 1 ? 'dedicated' : 'shared' });
  return types.flatMap((type) => {
    if (needMb > usableMemoryMb(type)) return [];
    const endpoint = endpointPlan(context, group, type, loads);
    const monthlyUsd = endpoint && hostingUsd(context, group, endpoint, beside);
    if (endpoint === undefined || monthlyUsd === undefined) return [];
    return [
      {
        specialists: group,
        mode: endpoint.mode,
        endpoint,
        uses: usesOf(endpoint, type),
        broken: endpoint.p95Ms > context.environment.latency.p95Ms ? ['p95' as const] : [],
        monthlyUsd,
        p95Ms: endpoint.p95Ms,
        key: `${endpoint.mode}:${group.join('+')}:${type.instanceType}`,
      },
    ];
  });
}
