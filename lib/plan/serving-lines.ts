import type { PlanningContext } from './candidate';
import { type CostLine, type UnpricedLine, roundToCents } from './cost';
import {
  SERVERLESS_DATA_PRICE,
  instanceMonthlyUsd,
  serverlessMonthlyUsd,
  serverlessSecondPrice,
} from './serving-cost';
import type { EndpointPlan, InstanceEndpointPlan, ServerlessEndpointPlan } from './types';

function serverlessLine(
  context: PlanningContext,
  endpoint: ServerlessEndpointPlan,
  item: string,
): CostLine | UnpricedLine {
  const { prices } = context.prices;
  const key = serverlessSecondPrice(endpoint.memoryMb);
  const price = prices[key];
  const cost = serverlessMonthlyUsd(context, endpoint);
  if (price === undefined || cost === undefined) {
    return { item, price: price === undefined ? key : SERVERLESS_DATA_PRICE };
  }
  const rps = context.environment.traffic[endpoint.specialists[0]].averageRps;
  return {
    item,
    ...roundToCents(cost),
    source: `${rps} requests/s, ${endpoint.memoryMb} MB at ${price.usd} USD/second of run [${price.source}]`,
    unverified: price.confidence === 'unverified' || endpoint.provisionedConcurrency !== undefined,
  };
}

function instanceLine(
  { prices: book }: PlanningContext,
  endpoint: InstanceEndpointPlan,
  item: string,
): CostLine | UnpricedLine {
  const key = `sagemaker.hosting.${endpoint.instanceType}`;
  const price = book.prices[key];
  if (price === undefined) return { item, price: key };
  return {
    item,
    ...roundToCents(instanceMonthlyUsd(price.usd, book.hoursPerMonth, endpoint)),
    source: `${endpoint.initialInstances} × ${book.hoursPerMonth} hours × ${price.usd} USD/hour [${price.source}]`,
    unverified: price.confidence === 'unverified',
  };
}

/** Bill of the endpoints, one line each; what has no price is said to have none. */
export function servingLines(
  context: PlanningContext,
  endpoints: readonly EndpointPlan[],
): (CostLine | UnpricedLine)[] {
  return endpoints.map((endpoint) => {
    const item = `Endpoint ${endpoint.name}`;
    return endpoint.mode === 'serverless'
      ? serverlessLine(context, endpoint, item)
      : instanceLine(context, endpoint, item);
  });
}
