import { SPECIALISTS } from '../../../models/catalogue';
import { type HostingType, endpointQuotaKey } from '../../quotas/quota-catalogue';
import type { PlanningContext } from '../candidates/candidate';
import type { DeployedEndpoint } from '../replacement/existing-deployment';
import { type Limits, room } from './objective';

interface Offer {
  readonly type: HostingType;
  readonly usd: number;
  readonly room: number | undefined;
}

/** Whether both quotas lack: then one limit is missing instead of two. */
function lackBoth(a: Offer, b: Offer): boolean {
  if (a.room === undefined || b.room === undefined) return a.room === b.room;
  return a.room <= 0 && b.room <= a.room;
}

/** Whether `a` does for every group what `b` does, with no more instances, at no higher price. */
function doesTheSame(a: Offer, b: Offer): boolean {
  return (
    a.usd <= b.usd &&
    a.type.vcpus >= b.type.vcpus &&
    a.type.memoryGb >= b.type.memoryGb &&
    a.type.burstable === b.type.burstable
  );
}

/**
 * Whether others do what a type does: one that lacks quota as it does, or as many with no less quota as a plan can
 * have endpoints, so that one of them is always free.
 */
function superseded(b: Offer, standing: readonly Offer[]): boolean {
  let free = 0;
  for (const a of standing) {
    if (!doesTheSame(a, b)) continue;
    if (lackBoth(a, b)) return true;
    if (a.room !== undefined && b.room !== undefined && a.room >= b.room) free += 1;
    if (free >= SPECIALISTS.length) return true;
  }
  return false;
}

/**
 * Types for which candidates are worth building: without those that another supersedes by its price, size and quota
 * alone. That is a part of what {@link withoutDominated} leaves out later, seen before thousands of candidates are
 * built: most types have a quota of zero. Where something runs all types stay, as staying on one may be worth its price.
 */
export function pruneTypes(
  types: readonly HostingType[],
  { prices }: PlanningContext,
  limits: Limits,
  running: DeployedEndpoint | undefined,
): HostingType[] {
  if (running !== undefined) return [...types];
  const offers = types
    .map((type): Offer => ({
      type,
      // A type without a price is never hosted on.
      usd: prices.prices[`sagemaker.hosting.${type.instanceType}`]?.usd ?? Infinity,
      room: room(limits.read, endpointQuotaKey(type)),
    }))
    .filter(({ usd }) => usd < Infinity)
    .sort((a, b) => a.usd - b.usd || (a.type.instanceType < b.type.instanceType ? -1 : 1));
  const standing: Offer[] = [];
  for (const offer of offers) if (!superseded(offer, standing)) standing.push(offer);
  return standing.map(({ type }) => type);
}
