import type { HostingType } from '../../quotas/quota-catalogue';
import type { ModelProfile, ModelProfiles } from './model-profile';

/** Load on one specialist: requests per second, and what one of them costs. */
export interface Load {
  readonly averageRps: number;
  readonly peakRps: number;
  readonly profile: ModelProfile;
}

/** 95th percentile of an exponential sojourn time is ln 20 times its mean. */
const P95_OVER_MEAN = Math.log(20);

/** A fleet is planned to be busy for at most this share of the time, whatever the safety factor says. */
const MAX_UTILIZATION = 0.9;

/** vCPUs that the model server of an instance can keep busy: it computes on one thread, however many the type has. */
const SERVER_VCPUS = 1;

/** Erlang's B formula, one server more: from the share lost with n - 1 servers to that with n. */
function nextThrottledShare(share: number, n: number, erlangs: number): number {
  return (erlangs * share) / (n + erlangs * share);
}

/**
 * Share of requests that find all of `servers` busy, for an offered load in erlangs (Erlang's B formula).
 * A serverless endpoint has no queue: a request beyond its concurrency is refused with a throttle.
 */
export function throttledShare(servers: number, erlangs: number): number {
  let share = 1;
  for (let n = 1; n <= servers; n += 1) share = nextThrottledShare(share, n, erlangs);
  return share;
}

/**
 * Smallest concurrency whose throttled share stays within `allowedShare`, at least 1.
 *
 * @param erlangs offered load: requests per second times seconds that one holds a slot
 * @param allowedShare of requests that may be throttled and retried
 * @param most the greatest concurrency there is
 * @returns undefined when even `most` throttles too much
 */
export function concurrencyFor(erlangs: number, allowedShare: number, most: number): number | undefined {
  let share = 1;
  for (let slots = 1; slots <= most; slots += 1) {
    share = nextThrottledShare(share, slots, erlangs);
    if (share <= allowedShare) return slots;
  }
  return undefined;
}

/** vCPUs that a load keeps busy: requests per second times CPU seconds per request. */
export function busyVcpus(loads: readonly Load[], of: 'averageRps' | 'peakRps'): number {
  return loads.reduce((sum, load) => sum + (load[of] * load.profile.serviceMs) / 1000, 0);
}

/** Instances of a type that carry busy vCPUs with a safety factor; 0 for none. */
export function instancesForVcpus(vcpus: number, type: HostingType, safetyFactor: number): number {
  return Math.ceil((vcpus * safetyFactor) / type.vcpus);
}

/** Instances of a type that carry a load with its safety factor; 0 for no load. */
export function instancesFor(
  loads: readonly Load[],
  of: 'averageRps' | 'peakRps',
  type: HostingType,
  safetyFactor: number,
): number {
  return instancesForVcpus(busyVcpus(loads, of), type, safetyFactor);
}

/**
 * Invocations per minute and instance at which target tracking holds a fleet: what an instance can do for this mix,
 * divided by the safety factor. (AWS: target = MAX_RPS × SAFETY_FACTOR × 60.)
 */
export function targetInvocationsPerMinute(
  loads: readonly Load[],
  type: HostingType,
  safetyFactor: number,
): number {
  const peakRps = loads.reduce((sum, load) => sum + load.peakRps, 0);
  const meanMs =
    peakRps > 0
      ? (busyVcpus(loads, 'peakRps') * 1000) / peakRps
      : loads.reduce((sum, load) => sum + load.profile.serviceMs, 0) / loads.length;
  return Math.max(1, Math.floor(((type.vcpus * 1000) / meanMs / safetyFactor) * 60));
}

/**
 * CPU utilisation of the container at which target tracking holds a fleet, in percent of one vCPU: the share of the time
 * for which the model server is planned to be busy. Invocations say nothing of what SageMaker's own proxy costs, nor of
 * a batch, which counts as one; the CPU does.
 */
export function targetCpuPercent(safetyFactor: number): number {
  return Math.round(100 * SERVER_VCPUS * Math.min(MAX_UTILIZATION, 1 / safetyFactor));
}

/** Mean time in ms that a request waits and is served, at 1/safetyFactor utilisation (M/M/1). */
function sojournMs(serviceMs: number, safetyFactor: number): number {
  return serviceMs / (1 - Math.min(MAX_UTILIZATION, 1 / safetyFactor));
}

/** Expected p95 in ms of a warm request whose server is held at 1/safetyFactor utilisation (M/M/1). */
export function warmP95Ms(serviceMs: number, overheadMs: number, safetyFactor: number): number {
  return Math.round(overheadMs + P95_OVER_MEAN * sojournMs(serviceMs, safetyFactor));
}

/** Expected mean in ms of the same request. */
export function warmMeanMs(serviceMs: number, overheadMs: number, safetyFactor: number): number {
  return overheadMs + sojournMs(serviceMs, safetyFactor);
}

/** CPU time in ms of a request on a serverless endpoint of that memory: below one vCPU it takes longer. */
export function serverlessServiceMs(
  profile: ModelProfile,
  memoryMb: number,
  container: ModelProfiles['container'],
): number {
  return profile.serviceMs / Math.min(1, (memoryMb / 1024) * container.serverlessVcpusPerGb);
}
