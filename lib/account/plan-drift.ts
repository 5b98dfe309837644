import { isDeepStrictEqual } from 'node:util';
import type { DeploymentPlan } from '../plan/deployment-plan';
import type { EndpointPlan } from '../plan/hosting/endpoint-plan';

/** The part of a plan that decides what is deployed and what it costs. */
export type PlanOutcome = Pick<DeploymentPlan, 'verdict' | 'topology' | 'cost'>;

function changedFields(now: EndpointPlan, then: EndpointPlan): string[] {
  const before = new Map<string, unknown>(Object.entries(then));
  const after = new Map<string, unknown>(Object.entries(now));
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((field) => !isDeepStrictEqual(before.get(field), after.get(field)))
    .sort()
    .map(
      (field) =>
        `endpoint ${now.name}: ${field} was ${JSON.stringify(before.get(field))}, is now ${JSON.stringify(after.get(field))}`,
    );
}

function endpointDrift(now: readonly EndpointPlan[], then: readonly EndpointPlan[]): string[] {
  const before = new Map(then.map((endpoint) => [endpoint.name, endpoint]));
  const after = new Map(now.map((endpoint) => [endpoint.name, endpoint]));
  return [
    ...then.filter(({ name }) => !after.has(name)).map(({ name }) => `endpoint ${name} is no longer planned`),
    ...now.flatMap((endpoint) => {
      const recorded = before.get(endpoint.name);
      return recorded === undefined
        ? [`endpoint ${endpoint.name} is planned anew`]
        : changedFields(endpoint, recorded);
    }),
  ];
}

const list = (names: readonly string[]): string => (names.length === 0 ? 'none' : names.join(', '));
const usd = (value: number): string => `${value.toFixed(2)} USD`;

/**
 * What a plan on a live reading does differently from the plan on the recorded one: verdict, endpoints and how they
 * are updated, cost. Headroom alone is no drift, for it changes with everybody's use and the same is deployed.
 *
 * @returns one sentence for each difference; none when the recorded snapshot still gives the same plan
 */
export function driftBetween(live: PlanOutcome, recorded: PlanOutcome): string[] {
  const embedded = [list(recorded.topology.embedded), list(live.topology.embedded)] as const;
  const costs = (['expected', 'idle', 'max'] as const).flatMap((kind) => {
    const [then, now] = [usd(recorded.cost.total[kind]), usd(live.cost.total[kind])];
    return then === now ? [] : [`${kind} cost a month was ${then}, is now ${now}`];
  });
  return [
    ...(live.verdict === recorded.verdict
      ? []
      : [`the verdict was ${recorded.verdict}, is now ${live.verdict}`]),
    ...endpointDrift(live.topology.endpoints, recorded.topology.endpoints),
    ...(embedded[0] === embedded[1]
      ? []
      : [`served inside the Lambda was ${embedded[0]}, is now ${embedded[1]}`]),
    ...(live.topology.updateOrder === recorded.topology.updateOrder
      ? []
      : [`endpoints were updated ${recorded.topology.updateOrder}, now ${live.topology.updateOrder}`]),
    ...costs,
  ];
}
