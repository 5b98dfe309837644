import type { Specialist } from '../../../models/catalogue';
import { type HostingType, QUOTA, endpointQuotaKey } from '../../quotas/catalogue';
import type { Candidate, PlanningContext } from '../candidate';
import { busyVcpus, warmP95Ms } from '../capacity';
import { candidatesAlone, instanceTypesOf } from '../candidates';
import { usableMemoryMb } from '../instance-candidate';
import { type Limits, room } from '../objective';
import { type DailyLoad, loadsOf } from '../traffic-day';

/** Models of any number, to be hosted together. */
export interface FleetProblem {
  readonly context: PlanningContext;
  /** Names; traffic and profile of each stand in the context. */
  readonly models: readonly Specialist[];
  readonly limits: Limits;
}

/** An instance type that endpoints for several models may run on. */
export interface PoolType {
  readonly type: HostingType;
  readonly hourUsd: number;
  /** Memory of one instance that models may fill, in MB. */
  readonly modelMb: number;
  /** Instances left of the type's own quota; zero or less when it is used up. */
  readonly room: number;
}

/** What one model asks of the instances that it shares. */
export interface Demand {
  readonly model: Specialist;
  readonly load: DailyLoad;
  /** vCPUs at average load, safety factor included. */
  readonly average: number;
  /** vCPUs at peak load, safety factor included. */
  readonly peak: number;
  readonly memoryMb: number;
}

/** Whether models may share endpoints at all. */
export function mayShare({ context }: FleetProblem): boolean {
  return context.environment.hosting.modes.includes('shared');
}

/**
 * Ways of hosting of each model that share an endpoint with no other: allowed, with every promise kept and every quota
 * known. Where models may share, an endpoint of one model is a shared one with a single member and is not listed.
 */
export function ownHomes(problem: FleetProblem): Map<Specialist, Candidate[]> {
  const { context, models, limits } = problem;
  const own = new Set(context.environment.hosting.modes);
  if (own.delete('shared')) own.delete('dedicated');
  const types = own.has('dedicated') ? instanceTypesOf(context) : [];
  return new Map(
    models.map((model) => [
      model,
      candidatesAlone(context, model, types).filter(
        ({ mode, broken, uses }) =>
          own.has(mode) &&
          broken.length === 0 &&
          uses.every(({ key }) => room(limits.read, key) !== undefined),
      ),
    ]),
  );
}

/** Types on which models may share endpoints: allowed, priced, of known quota, and able to scale where they must. */
export function poolTypes(problem: FleetProblem): PoolType[] {
  const { context, limits } = problem;
  if (!mayShare(problem)) return [];
  return instanceTypesOf(context).flatMap((type) => {
    const hourUsd = context.prices.prices[`sagemaker.hosting.${type.instanceType}`]?.usd;
    const left = room(limits.read, endpointQuotaKey(type));
    const modelMb = usableMemoryMb(type) - context.profiles.container.baseMemoryMb;
    if (hourUsd === undefined || left === undefined || modelMb <= 0) return [];
    // AWS refuses burstable types as scalable targets.
    if (type.burstable && context.environment.availability.autoscaling) return [];
    return [{ type, hourUsd, modelMb, room: left }];
  });
}

/**
 * What each model asks of an endpoint that it shares. A model that is too slow for the promised p95, or that no type
 * holds even alone, may share none: endpoints in the aggregate would split it among themselves.
 */
export function demands(problem: FleetProblem): Demand[] {
  const { context, models } = problem;
  const { environment, profiles } = context;
  const { safetyFactor } = environment.hosting;
  const types = poolTypes(problem);
  const each = instanceRoom(problem)?.each ?? 0;
  return models.flatMap((model) => {
    const { serviceMs, memoryMb } = profiles.specialists[model];
    const p95Ms = warmP95Ms(serviceMs, profiles.container.instanceOverheadMs, safetyFactor);
    const [load] = loadsOf(context, [model]);
    if (load === undefined || p95Ms > environment.latency.p95Ms) return [];
    const vcpus = (of: 'averageRps' | 'peakRps') => busyVcpus([load], of) * safetyFactor;
    const [average, peak] = [vcpus('averageRps'), vcpus('peakRps')];
    const held = types.some(
      ({ type, modelMb }) => memoryMb <= modelMb && Math.ceil(peak / type.vcpus) <= each,
    );
    return held ? [{ model, load, average, peak, memoryMb }] : [];
  });
}

/** Instances that the account has left for endpoints in all, and for each of them; undefined when unknown. */
export function instanceRoom({ limits }: FleetProblem): { total: number; each: number } | undefined {
  const total = room(limits.read, QUOTA.endpointInstances);
  const each = room(limits.read, QUOTA.instancesPerEndpoint);
  return total === undefined || each === undefined ? undefined : { total, each };
}
