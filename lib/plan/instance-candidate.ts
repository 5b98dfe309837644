import type { Specialist } from '../../models/catalogue';
import { type HostingType, QUOTA, endpointQuotaKey } from '../quotas/catalogue';
import { type Load, instancesFor, targetInvocationsPerMinute, warmP95Ms } from './capacity';
import type { Candidate, PlanningContext } from './candidate';
import { cents } from './cost';
import type { Use } from './ledger';
import { endpointName, typeInName } from './names';
import { hostingHourUsd, instanceMonthlyUsd } from './serving-cost';
import type { InstanceEndpointPlan } from './types';

/** Share of an instance's memory that models may fill; the rest is for the system and requests. */
const USABLE_MEMORY = 0.7;

/** A rolling update replaces 5 to 50 % of the fleet at a time (RollingUpdatePolicy.MaximumBatchSize). */
const ROLLING_BATCH_PERCENT = { min: 5, max: 50 } as const;

/** Smallest batch that moves at least one instance: it asks for the least quota. */
function rollingBatchPercent(instances: number): number {
  return Math.min(ROLLING_BATCH_PERCENT.max, Math.max(ROLLING_BATCH_PERCENT.min, Math.ceil(100 / instances)));
}

/** Instances that an update adds to a fleet of that size. */
export function updateSurge(endpoint: InstanceEndpointPlan, instances: number): number {
  return endpoint.updateStrategy === 'rolling'
    ? Math.max(1, Math.ceil((instances * (endpoint.rollingBatchPercent ?? ROLLING_BATCH_PERCENT.max)) / 100))
    : instances;
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
        },
    updateStrategy: rolls ? 'rolling' : 'all-at-once',
    ...(rolls ? { rollingBatchPercent: rollingBatchPercent(size.initial) } : {}),
    p95Ms: warmP95Ms(slowestMs, profiles.container.instanceOverheadMs, environment.hosting.safetyFactor),
  };
}

/**
 * One instance endpoint for the group on that type, or none when the type cannot hold or scale it, or has no price.
 * A group of several is a multi-model endpoint.
 */
export function dedicatedOrShared(
  context: PlanningContext,
  group: readonly Specialist[],
  type: HostingType,
): Candidate[] {
  const { environment, profiles, prices } = context;
  const loads = group.map((name) => ({ ...environment.traffic[name], profile: profiles.specialists[name] }));
  const needMb = loads.reduce((sum, load) => sum + load.profile.memoryMb, profiles.container.baseMemoryMb);
  if (needMb > type.memoryGb * 1024 * USABLE_MEMORY) return [];
  const hourUsd = hostingHourUsd(prices, type.instanceType);
  const endpoint = hourUsd === undefined ? undefined : endpointPlan(context, group, type, loads);
  if (endpoint === undefined || hourUsd === undefined) return [];
  return [
    {
      specialists: group,
      mode: endpoint.mode,
      endpoint,
      uses: usesOf(endpoint, type),
      broken: endpoint.p95Ms > environment.latency.p95Ms ? ['p95'] : [],
      monthlyUsd: cents(instanceMonthlyUsd(hourUsd, prices.hoursPerMonth, endpoint).expected),
      p95Ms: endpoint.p95Ms,
      key: `${endpoint.mode}:${group.join('+')}:${type.instanceType}`,
    },
  ];
}
