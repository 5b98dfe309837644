import type { PlanningContext } from '../candidates/candidate';
import type { Amount } from './monthly-cost';
import type { CostPart } from './cost-parts';
import { secondsPerMonth } from './serving-cost';

/**
 * Alarms that no endpoint brings along: errors and throttles of the Lambda; answers of the load balancer itself that
 * say 5xx; unhealthy hosts of a service; pods without a node; restarts and the autoscaler of a service; CPU, connections, memory and storage of the database; an idle
 * trainer.
 */
export const ALARMS = {
  inference: 2,
  listener: 1,
  service: 1,
  cluster: 1,
  observedService: 2,
  database: 4,
  trainer: 1,
} as const;

/** A line of the bill before it has prices. */
export type Item = readonly [part: CostPart, item: string, amounts: readonly Amount[]];

/** The customer key of a part's stack. */
export const KEY: Amount = { price: 'kms.key', what: 'keys', expected: 1 };

export const alarms = (count: number): Amount => ({
  price: 'cloudwatch.alarm',
  what: 'alarms',
  expected: count,
});

/** Requests of all models in a month. */
export function requests(context: PlanningContext, of: 'averageRps' | 'peakRps'): number {
  const traffic = Object.values(context.environment.traffic);
  return traffic.reduce((sum, load) => sum + load[of], 0) * secondsPerMonth(context);
}
