import { HOSTING_TYPES, type HostingType } from '../../quotas/quota-catalogue';
import { type Load, busyVcpus, concurrencyFor, instancesFor, serverlessServiceMs } from '../hosting/capacity';
import type { Candidate, PlanningContext } from '../candidates/candidate';
import { dollars } from './assessment';
import type { Decision } from '../decision';
import { memoryNeededMb, usableMemoryMb } from '../candidates/instance-candidate';
import { spellBatch, updateSurge } from '../hosting/rolling-batch';
import {
  MAX_SERVERLESS_CONCURRENCY,
  serverlessCandidates,
  serverlessMemoryMb,
} from '../candidates/serverless-candidate';
import type { InstanceEndpointPlan, ServerlessEndpointPlan } from '../hosting/endpoint-plan';

/** A figure with three significant digits, and no more zeros than it needs. */
const figure = (value: number): string => String(Number(value.toPrecision(3)));

/** Why an endpoint has more memory than its model needs; undefined where it has the least that holds it. */
function whyMore({ context }: Decision, home: Candidate, memoryMb: number): string | undefined {
  const sizes = home.specialists.flatMap((specialist) => serverlessCandidates(context, specialist));
  const smaller = sizes.findLast(
    ({ endpoint }) => endpoint?.mode === 'serverless' && endpoint.memoryMb < memoryMb,
  );
  if (smaller?.endpoint?.mode !== 'serverless') return undefined;
  const less = `${smaller.endpoint.memoryMb} MB`;
  const { p95Ms } = context.environment.latency;
  if (smaller.broken.includes('p95'))
    return `${less} has a p95 of ${smaller.p95Ms} ms; the target is ${p95Ms} ms`;
  if (smaller.monthlyUsd >= home.monthlyUsd) {
    return `${less} costs ${dollars(smaller.monthlyUsd)} a month, no less than ${dollars(home.monthlyUsd)}`;
  }
  return `${less} needs a concurrency of ${smaller.endpoint.maxConcurrency}`;
}

function serverlessSizing(decision: Decision, home: Candidate, endpoint: ServerlessEndpointPlan): string[] {
  const { context } = decision;
  const { environment, profiles } = context;
  const [specialist] = endpoint.specialists;
  const { safetyFactor, serverless } = environment.hosting;
  const { peakRps } = environment.traffic[specialist];
  const serviceMs = serverlessServiceMs(
    profiles.specialists[specialist],
    endpoint.memoryMb,
    profiles.container,
  );
  const erlangs = (peakRps * safetyFactor * serviceMs) / 1000;
  const least = concurrencyFor(erlangs, serverless.throttledShare, MAX_SERVERLESS_CONCURRENCY);
  const spare = endpoint.maxConcurrency - (least ?? endpoint.maxConcurrency);
  const need = Math.ceil(serverlessMemoryMb(context, specialist));
  const share = `${figure(serverless.throttledShare * 100)} %`;
  return [
    `memory ${endpoint.memoryMb} MB: container, model and room for requests need ${need} MB; ${whyMore(decision, home, endpoint.memoryMb) ?? 'no smaller size holds them'}`,
    `concurrency ${endpoint.maxConcurrency}: ${figure(peakRps)} requests/s at peak × ${figure(serviceMs)} ms × safety factor ${safetyFactor} keep ${figure(erlangs)} busy; ${least ?? endpoint.maxConcurrency} throttles at most ${share} of them${spare > 0 ? `, and ${spare} more was spare in the account` : ''}`,
    ...(endpoint.provisionedConcurrency === undefined
      ? []
      : [
          `provisioned ${endpoint.provisionedConcurrency}: all of the concurrency is kept warm, so no request waits for a cold start`,
        ]),
  ];
}

function updates(endpoint: InstanceEndpointPlan): string {
  const { initialInstances: initial, rollingBatch } = endpoint;
  const surge = updateSurge(endpoint, initial);
  const how =
    rollingBatch === undefined
      ? 'all at once, a second fleet beside the first'
      : `rolling, ${spellBatch(rollingBatch)} at a time`;
  return `updates ${how}: ${initial + surge} instances while updating at average load`;
}

/** How many instances a load takes, with the figures. */
function carries(
  of: 'averageRps' | 'peakRps',
  loads: readonly Load[],
  type: HostingType,
  factor: number,
): string {
  const busy = busyVcpus(loads, of);
  const when = of === 'averageRps' ? 'at average load' : 'at peak';
  return `${figure(busy)} vCPUs busy ${when} × safety factor ${factor} ÷ ${type.vcpus} vCPUs take ${instancesFor(loads, of, type, factor)}`;
}

function instanceSizing(
  context: PlanningContext,
  endpoint: InstanceEndpointPlan,
  type: HostingType,
): string[] {
  const { environment, profiles } = context;
  const { minInstances, autoscaling } = environment.availability;
  const { safetyFactor } = environment.hosting;
  const loads = endpoint.specialists.map((name) => ({
    ...environment.traffic[name],
    profile: profiles.specialists[name],
  }));
  const need = Math.ceil(memoryNeededMb(context, endpoint.specialists));
  const atPeak = carries('peakRps', loads, type, safetyFactor);
  const memory = `memory: container and models need ${need} of ${Math.floor(usableMemoryMb(type))} MB usable`;
  if (endpoint.scaling.kind === 'fixed') {
    return [
      memory,
      `fixed ${endpoint.maxInstances}: ${atPeak}, availability.minInstances is ${minInstances}, and a burstable type cannot scale`,
      updates(endpoint),
    ];
  }
  const grow = autoscaling ? ', and availability.autoscaling asks for one more than the minimum' : '';
  return [
    memory,
    `minimum ${endpoint.minInstances}: availability.minInstances`,
    `first ${endpoint.initialInstances}: ${carries('averageRps', loads, type, safetyFactor)}`,
    `maximum ${endpoint.maxInstances}: ${atPeak}${grow}`,
    updates(endpoint),
  ];
}

/** What set every figure of a home's size, one sentence each; nothing for the inference Lambda. */
export function sizingOf(decision: Decision, home: Candidate): string[] {
  const { endpoint } = home;
  if (endpoint === undefined) return [];
  if (endpoint.mode === 'serverless') return serverlessSizing(decision, home, endpoint);
  const type = HOSTING_TYPES.get(endpoint.instanceType);
  return type === undefined ? [] : instanceSizing(decision.context, endpoint, type);
}
