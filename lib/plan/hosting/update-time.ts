import type { InstanceEndpointPlan, RollingBatch } from './endpoint-plan';

/** Seconds for which SageMaker watches the alarms of each batch of new instances before the old ones go. */
export const BAKING_SECONDS = 300;

/**
 * Seconds that a batch of instances takes to come up: to be launched, to fetch image and model, to answer `/ping`. An
 * estimate on the high side; AWS publishes no figure and speaks of minutes.
 */
const START_SECONDS = 600;

/** What an update may take longer than estimated. */
const MARGIN = 1.5;

const BATCH_SECONDS = (BAKING_SECONDS + START_SECONDS) * MARGIN;

/** No update is given up sooner: instances that are short in a zone come late. */
const SHORTEST_TIMEOUT_SECONDS = 3600;

/** Largest MaximumExecutionTimeoutInSeconds (API of SageMaker, BlueGreenUpdatePolicy and RollingUpdatePolicy). */
const LONGEST_TIMEOUT_SECONDS = 28_800;

/** Batches that AWS's longest time-out has room for. */
export const MOST_BATCHES = Math.floor(LONGEST_TIMEOUT_SECONDS / BATCH_SECONDS);

/**
 * Most batches that replace a fleet of any size up to the maximum. AWS does not say how it rounds a share of the fleet:
 * counted is the slower way, down and to no less than one instance. Then a share gives most batches where it is just
 * below two instances, and so still one.
 *
 * @param max instances of the fleet when scaled out
 */
export function batchesOf({ unit, size }: RollingBatch, max: number): number {
  if (unit === 'instances') return Math.ceil(max / size);
  return Math.min(max, Math.ceil(200 / size) - 1);
}

/**
 * Seconds after which SageMaker gives an update up and rolls it back: enough for the fleet at its maximum, as an update
 * may meet it scaled out.
 */
export function updateTimeoutSeconds({
  rollingBatch,
  maxInstances,
}: Pick<InstanceEndpointPlan, 'rollingBatch' | 'maxInstances'>): number {
  const batches = rollingBatch === undefined ? 1 : batchesOf(rollingBatch, maxInstances);
  return Math.min(LONGEST_TIMEOUT_SECONDS, Math.max(SHORTEST_TIMEOUT_SECONDS, batches * BATCH_SECONDS));
}
