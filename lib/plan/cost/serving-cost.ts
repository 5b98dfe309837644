import type { PriceBook } from '../../pricing/price-book';
import { HOSTING_TYPES } from '../../quotas/quota-catalogue';
import { instancesForVcpus, serverlessServiceMs } from '../hosting/capacity';
import type { PlanningContext } from '../candidates/candidate';
import type { Amount } from './monthly-cost';
import { expectedInstances, loadsOf } from '../hosting/traffic-day';
import type {
  EndpointPlan,
  Placement,
  InstanceEndpointPlan,
  ServerlessEndpointPlan,
} from '../hosting/endpoint-plan';

const SECONDS_PER_HOUR = 3600;
const KB_PER_GB = 1024 * 1024;

/** Seconds of the month that prices are for. */
export function secondsPerMonth({ prices }: PlanningContext): number {
  return prices.hoursPerMonth * SECONDS_PER_HOUR;
}

/** GB that one request moves, there and back. */
export function gbPerRequest({ profiles }: PlanningContext): number {
  return profiles.container.payloadKb / KB_PER_GB;
}

const hostingPrice = (instanceType: string): string => `sagemaker.hosting.${instanceType}`;

/** Hourly price of a hosting type; undefined when the book has none. */
export function hostingHourUsd(prices: PriceBook, instanceType: string): number | undefined {
  return prices.prices[hostingPrice(instanceType)]?.usd;
}

function runSeconds({ profiles }: PlanningContext, endpoint: ServerlessEndpointPlan): number {
  const profile = profiles.specialists[endpoint.specialists[0]];
  return serverlessServiceMs(profile, endpoint.memoryMb, profiles.container) / 1000;
}

/**
 * Requests per second of one specialist in the dearest month there can be. A serverless endpoint answers whatever
 * comes until its whole concurrency is busy; on instances the planned peak, which the largest fleet carries, never ends.
 */
export function busiestRps(
  context: PlanningContext,
  specialist: EndpointPlan['specialists'][number],
  home: Placement,
): number {
  const { averageRps, peakRps } = context.environment.traffic[specialist];
  return home?.mode === 'serverless'
    ? Math.max(averageRps, home.maxConcurrency / runSeconds(context, home))
    : peakRps;
}

/** Instances by hours: as many as the day asks for, the least that stay, the most there may be. */
function instanceAmounts(context: PlanningContext, endpoint: InstanceEndpointPlan): Amount[] {
  const { environment, prices } = context;
  const type = HOSTING_TYPES.get(endpoint.instanceType);
  if (type === undefined) throw new Error(`${endpoint.instanceType} is no hosting type`);
  const loads = loadsOf(context, endpoint.specialists);
  const { minInstances: min, maxInstances: max } = endpoint;
  const expected = expectedInstances(loads, { min, max }, (vcpus) =>
    instancesForVcpus(vcpus, type, environment.hosting.safetyFactor),
  );
  const hours = prices.hoursPerMonth;
  return [
    {
      price: hostingPrice(endpoint.instanceType),
      what: 'instance hours',
      expected: expected * hours,
      idle: min * hours,
      max: max * hours,
    },
  ];
}

/**
 * Memory that is kept warm. All of it is counted in every case: AWS does not say how far target tracking lowers it when
 * traffic is low. Runs are priced as on demand, which is no less than what AWS charges for them on provisioned
 * concurrency.
 */
function provisionedAmounts(context: PlanningContext, endpoint: ServerlessEndpointPlan): Amount[] {
  const configured = context.environment.hosting.serverless.provisionedConcurrency;
  if (endpoint.provisionedConcurrency === undefined || configured === undefined) return [];
  const gb = endpoint.provisionedConcurrency * (endpoint.memoryMb / 1024);
  return [
    {
      price: 'hosting.serverless.provisionedConcurrency.usdPerGbSecond',
      what: 'GB-seconds provisioned',
      expected: gb * secondsPerMonth(context),
      stated: {
        usd: configured.usdPerGbSecond,
        unit: 'GB-second',
        source: 'configuration',
        confidence: 'unverified',
      },
    },
  ];
}

/** Seconds of run at the price of the memory, GB in and out, and what is kept warm. */
function serverlessAmounts(context: PlanningContext, endpoint: ServerlessEndpointPlan): Amount[] {
  const [specialist] = endpoint.specialists;
  const seconds = secondsPerMonth(context);
  const requests = context.environment.traffic[specialist].averageRps * seconds;
  const most = busiestRps(context, specialist, endpoint) * seconds;
  const run = runSeconds(context, endpoint);
  const gb = gbPerRequest(context);
  return [
    {
      price: `sagemaker.serverless.${endpoint.memoryMb / 1024}gb`,
      what: 'seconds of run',
      expected: requests * run,
      idle: 0,
      max: most * run,
    },
    {
      price: 'sagemaker.serverless.data',
      what: 'GB in and out',
      expected: requests * gb,
      idle: 0,
      max: most * gb,
    },
    ...provisionedAmounts(context, endpoint),
  ];
}

/** What an endpoint uses in a month of all that SageMaker charges for. */
export function endpointAmounts(context: PlanningContext, endpoint: EndpointPlan): Amount[] {
  return endpoint.mode === 'serverless'
    ? serverlessAmounts(context, endpoint)
    : instanceAmounts(context, endpoint);
}
