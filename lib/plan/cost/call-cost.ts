import type { Specialist } from '../../../models/catalogue';
import { serverlessServiceMs, warmMeanMs } from '../hosting/capacity';
import type { PlanningContext } from '../candidates/candidate';
import type { Amount } from './monthly-cost';
import { busiestRps, secondsPerMonth } from './serving-cost';
import { callLogGb } from './log-retention';
import type { Placement } from '../hosting/endpoint-plan';

/** Memory of the inference Lambda, in MB. */
export const INFERENCE_MEMORY_MB = 512;

/** Memory at which a function has one whole vCPU, in MB (AWS: Configure Lambda function memory). */
const MEMORY_MB_PER_VCPU = 1769;

/**
 * The function's own part of a call, in ms: reading and checking the request, signing, reading the answer. An
 * assumption for rows of some eighty numbers; small beside the wait for the endpoint.
 */
const OWN_MS = 10;

/**
 * Alarms of an endpoint. Every one: server errors, refused requests, latency, events that nobody hears of. On instances
 * also their CPU, memory and disk, and two alarms that take an update back; several models: the wait for loading one.
 */
const ENDPOINT_ALARMS = { serverless: 4, dedicated: 9, shared: 10 } as const;

/**
 * Mean time in ms that the function takes for a call: the mean that belongs to the endpoint's p95, which holds at the
 * utilisation that fleets are planned for and so is rather too long off-peak; or the model's own time inside the
 * function. Waits for a cold start are not in it: how many there are depends on how requests come together.
 */
export function meanCallMs(
  { environment, profiles }: PlanningContext,
  specialist: Specialist,
  home: Placement,
): number {
  const profile = profiles.specialists[specialist];
  const { instanceOverheadMs, serverlessOverheadMs } = profiles.container;
  const { safetyFactor } = environment.hosting;
  if (home === undefined) return OWN_MS + (profile.serviceMs * MEMORY_MB_PER_VCPU) / INFERENCE_MEMORY_MB;
  if (home.mode !== 'serverless') {
    return OWN_MS + warmMeanMs(profile.serviceMs, instanceOverheadMs, safetyFactor);
  }
  const serviceMs = serverlessServiceMs(profile, home.memoryMb, profiles.container);
  return OWN_MS + warmMeanMs(serviceMs, serverlessOverheadMs, safetyFactor);
}

interface Calls {
  /** A month. */
  count: number;
  /** That the function takes for all of them. */
  seconds: number;
}

function callsOf(
  context: PlanningContext,
  group: readonly Specialist[],
  home: Placement,
  rpsOf: (specialist: Specialist) => number,
): Calls {
  const calls: Calls = { count: 0, seconds: 0 };
  for (const name of group) {
    const count = rpsOf(name) * secondsPerMonth(context);
    calls.count += count;
    calls.seconds += (count * meanCallMs(context, name, home)) / 1000;
  }
  return calls;
}

/** Where the function can answer in an endpoint's place, an alarm tells of each specialist that it does. */
function degradedAlarms(
  { environment }: PlanningContext,
  group: readonly Specialist[],
  home: Placement,
): Amount[] {
  if (home === undefined || !environment.inference.fallback) return [];
  return [{ price: 'cloudwatch.alarm', what: 'alarms of degraded answers', expected: group.length }];
}

/** Alarms that go with an endpoint; none for specialists that answer inside the function. */
export function alarmAmounts(home: Placement): Amount[] {
  return [
    {
      price: 'cloudwatch.alarm',
      what: 'alarms',
      expected: home === undefined ? 0 : ENDPOINT_ALARMS[home.mode],
    },
  ];
}

/**
 * What calls of a group of specialists use beside the endpoint: the inference Lambda, for as long as it waits for an
 * answer, logs of every call, and who is told when the endpoint does not answer. It belongs to the way of hosting, because the wait depends on it.
 *
 * @param home undefined for specialists that answer inside the function
 */
export function callAmounts(
  context: PlanningContext,
  group: readonly Specialist[],
  home: Placement,
): Amount[] {
  const expected = callsOf(context, group, home, (name) => context.environment.traffic[name].averageRps);
  const most = callsOf(context, group, home, (name) => busiestRps(context, name, home));
  const memoryGb = INFERENCE_MEMORY_MB / 1024;
  const gbPerCall = callLogGb(context, 1);
  return [
    {
      price: 'lambda.requests',
      what: 'million Lambda calls',
      expected: expected.count / 1e6,
      idle: 0,
      max: most.count / 1e6,
    },
    {
      price: 'lambda.arm',
      what: 'GB-seconds of Lambda',
      expected: expected.seconds * memoryGb,
      idle: 0,
      max: most.seconds * memoryGb,
    },
    {
      price: 'logs.ingest',
      what: 'GB of call logs',
      expected: expected.count * gbPerCall,
      idle: 0,
      max: most.count * gbPerCall,
    },
    ...degradedAlarms(context, group, home),
  ];
}
