import type { InstanceEndpointPlan, RollingBatch } from './endpoint-plan';
import { MOST_BATCHES, batchesOf } from './update-time';

/** Smallest share of a fleet that a rolling batch may be, in percent (RollingUpdatePolicy.MaximumBatchSize). */
const LEAST_PERCENT = 5;

/**
 * Smallest batch that AWS takes however far the fleet is scaled out, and that replaces the fleet in the time that AWS
 * allows: it asks for the least quota. One instance is no less than 5 % of up to twenty; beyond that it is a share.
 *
 * @param fleet instances at the first deploy, at least two, and when scaled out
 */
export function rollingBatch({ initial, max }: { initial: number; max: number }): RollingBatch {
  if (100 / max >= LEAST_PERCENT) return { unit: 'instances', size: 1 };
  const size = Math.max(LEAST_PERCENT, Math.ceil(100 / initial));
  return { unit: 'percent', size: inTime(size, max) };
}

/** The share itself, or the next larger one in whose batches a fleet is replaced in time. */
function inTime(percent: number, max: number): number {
  let size = percent;
  while (batchesOf({ unit: 'percent', size }, max) > MOST_BATCHES) size += 1;
  return size;
}

/** Instances that an update adds to a fleet of that size: a batch, or all of a second fleet. */
export function updateSurge({ rollingBatch: batch }: InstanceEndpointPlan, instances: number): number {
  if (batch === undefined) return instances;
  return batch.unit === 'instances' ? batch.size : Math.ceil((instances * batch.size) / 100);
}

/** A batch in words. */
export function spellBatch({ unit, size }: RollingBatch): string {
  if (unit === 'percent') return `${size} %`;
  return `${size} instance${size === 1 ? '' : 's'}`;
}
