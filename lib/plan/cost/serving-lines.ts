import type { Specialist } from '../../../models/catalogue';
import { alarmAmounts, callAmounts } from './call-cost';
import type { PlanningContext } from '../candidates/candidate';
import { type CostLine, type UnpricedLine, cents, expectedUsd, priceLine } from './monthly-cost';
import { endpointAmounts } from './serving-cost';
import type { EndpointPlan, Placement, Topology } from '../hosting/endpoint-plan';

/**
 * Expected cost in USD a month of what goes with an endpoint, in whole cents: the calls of its group, and its alarms.
 * What has no price counts nothing here, as it has none however they are hosted; the bill names it.
 *
 * @param home undefined for specialists that answer inside the inference Lambda
 */
export function besideUsd(context: PlanningContext, group: readonly Specialist[], home: Placement): number {
  const beside = [...callAmounts(context, group, home), ...alarmAmounts(home)];
  return expectedUsd(beside, context.prices) ?? 0;
}

/**
 * Expected cost in USD a month of hosting a group that way, in whole cents: what {@link servingLines} bill for it.
 *
 * @param endpoint undefined for specialists that answer inside the inference Lambda
 * @param beside what {@link besideUsd} says, where a caller knows it already
 * @returns undefined when the endpoint has no price
 */
export function hostingUsd(
  context: PlanningContext,
  group: readonly Specialist[],
  endpoint: EndpointPlan | undefined,
  beside: number = besideUsd(context, group, endpoint),
): number | undefined {
  const own = endpoint === undefined ? 0 : expectedUsd(endpointAmounts(context, endpoint), context.prices);
  return own === undefined ? undefined : cents(own + beside);
}

/**
 * Bill of the models: a line for each endpoint, then a line for the calls of each group; what has no price is said to
 * have none.
 */
export function servingLines(
  context: PlanningContext,
  { endpoints, embedded }: Pick<Topology, 'endpoints' | 'embedded'>,
): (CostLine | UnpricedLine)[] {
  const { prices } = context;
  const calls = (group: readonly Specialist[], endpoint?: EndpointPlan) =>
    priceLine(
      'inference',
      `Lambda, logs, alarms: ${group.join(', ')}`,
      [...callAmounts(context, group, endpoint), ...alarmAmounts(endpoint)],
      prices,
    );
  return [
    ...endpoints.map((endpoint) =>
      priceLine('endpoints', `Endpoint ${endpoint.name}`, endpointAmounts(context, endpoint), prices),
    ),
    ...endpoints.map((endpoint) => calls(endpoint.specialists, endpoint)),
    ...embedded.map((name) => calls([name])),
  ];
}
