import type { PriceBook } from '../pricing/price-book';
import { serverlessServiceMs } from './capacity';
import type { PlanningContext } from './candidate';
import type { InstanceEndpointPlan, ServerlessEndpointPlan } from './types';

/** USD a month: under the configured traffic, with no request at all, and with everything scaled out all month. */
export interface MonthlyCost {
  readonly expected: number;
  readonly idle: number;
  readonly max: number;
}

const SECONDS_PER_HOUR = 3600;
const KB_PER_GB = 1024 * 1024;

/** Hourly price of a hosting type; undefined when the book has none. */
export function hostingHourUsd(prices: PriceBook, instanceType: string): number | undefined {
  return prices.prices[`sagemaker.hosting.${instanceType}`]?.usd;
}

/** Cost of an instance endpoint: instances by hours. */
export function instanceMonthlyUsd(
  hourUsd: number,
  hoursPerMonth: number,
  endpoint: InstanceEndpointPlan,
): MonthlyCost {
  const month = hourUsd * hoursPerMonth;
  return {
    expected: endpoint.initialInstances * month,
    idle: endpoint.minInstances * month,
    max: endpoint.maxInstances * month,
  };
}

/** Price of data in and out of a serverless endpoint, by GB. */
export const SERVERLESS_DATA_PRICE = 'sagemaker.serverless.data';

/** Price of a second of run of a serverless endpoint of that memory. */
export function serverlessSecondPrice(memoryMb: number): string {
  return `sagemaker.serverless.${memoryMb / 1024}gb`;
}

/**
 * Cost of a serverless endpoint: seconds of run at the price of its memory, data in and out, and, while provisioned,
 * GB-seconds of provisioned concurrency.
 *
 * @returns undefined when the book has no price for its memory or for data
 */
export function serverlessMonthlyUsd(
  context: PlanningContext,
  endpoint: ServerlessEndpointPlan,
): MonthlyCost | undefined {
  const { prices, environment, profiles } = context;
  const [specialist] = endpoint.specialists;
  const perSecond = prices.prices[serverlessSecondPrice(endpoint.memoryMb)]?.usd;
  const perGb = prices.prices[SERVERLESS_DATA_PRICE]?.usd;
  if (perSecond === undefined || perGb === undefined) return undefined;
  const seconds = prices.hoursPerMonth * SECONDS_PER_HOUR;
  const rps = environment.traffic[specialist].averageRps;
  const gbPerRequest = profiles.container.payloadKb / KB_PER_GB;
  const warmUsdPerGbSecond = environment.hosting.serverless.provisionedConcurrency?.usdPerGbSecond ?? 0;
  const warm =
    (endpoint.provisionedConcurrency ?? 0) * (endpoint.memoryMb / 1024) * seconds * warmUsdPerGbSecond;
  const runSeconds =
    serverlessServiceMs(profiles.specialists[specialist], endpoint.memoryMb, profiles.container) / 1000;
  const perRequest = runSeconds * perSecond + gbPerRequest * perGb;
  const busiestRps = endpoint.maxConcurrency / runSeconds;
  return {
    expected: rps * seconds * perRequest + warm,
    idle: warm,
    max: busiestRps * seconds * perRequest + warm,
  };
}
