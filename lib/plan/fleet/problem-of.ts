import type { Environment } from '../../config/schema';
import type { Specialist } from '../../../models/catalogue';
import type { PlanningContext } from '../candidate';
import type { Limits } from '../objective';
import type { ModelProfiles } from '../profile';
import type { FleetProblem } from './problem';

/** A model that is to be hosted; requests per second, ms of CPU time a request, MB beside the container. */
export interface FleetModel {
  readonly name: string;
  readonly averageRps: number;
  readonly peakRps: number;
  readonly peakHoursPerDay: number;
  readonly serviceMs: number;
  readonly memoryMb: number;
}

/**
 * A fleet in place of an environment's specialists; promises, modes, types and container stay the environment's.
 *
 * This is the one place where models of any name pass for specialists. The core asks of a name only that its traffic
 * and profile stand under it, and here they do; what deploys or routes knows the four specialists and no others, so a
 * fleet's plan must never be handed to it.
 *
 * @param limitsOf what the fleet is held against; it gets the fleet's own context, as part of the platform's bill
 *   follows the traffic
 */
export function fleetProblem(
  { environment, region, prices, profiles }: PlanningContext,
  models: readonly FleetModel[],
  limitsOf: (context: PlanningContext) => Limits,
): FleetProblem {
  const traffic = models.map(({ name, averageRps, peakRps, peakHoursPerDay }) => [
    name,
    { averageRps, peakRps, peakHoursPerDay },
  ]);
  const specialists = models.map(({ name, serviceMs, memoryMb }) => [name, { serviceMs, memoryMb }]);
  const context: PlanningContext = {
    environment: { ...environment, traffic: Object.fromEntries(traffic) as Environment['traffic'] },
    region,
    prices,
    profiles: {
      ...profiles,
      specialists: Object.fromEntries(specialists) as ModelProfiles['specialists'],
    },
  };
  return { context, models: models.map(({ name }) => name as Specialist), limits: limitsOf(context) };
}
