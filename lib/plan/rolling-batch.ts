import type { InstanceEndpointPlan, RollingBatch } from './types';

/** Smallest share of a fleet that a rolling batch may be, in percent (RollingUpdatePolicy.MaximumBatchSize). */
const LEAST_PERCENT = 5;

/**
 * Smallest batch that AWS takes however far the fleet is scaled out: it asks for the least quota. One instance is no
 * less than 5 % of up to twenty; beyond that it is a share, of which AWS does not say how it is rounded.
 *
 * @param fleet instances at the first deploy, at least two, and when scaled out
 */
export function rollingBatch({ initial, max }: { initial: number; max: number }): RollingBatch {
  if (100 / max >= LEAST_PERCENT) return { unit: 'instances', size: 1 };
  return { unit: 'percent', size: Math.max(LEAST_PERCENT, Math.ceil(100 / initial)) };
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
