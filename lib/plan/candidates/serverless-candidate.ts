import type { Specialist } from '../../../models/catalogue';
import { QUOTA } from '../../quotas/quota-catalogue';
import { concurrencyFor, serverlessServiceMs, warmP95Ms } from '../hosting/capacity';
import type { SloViolation, Candidate, PlanningContext } from './candidate';
import { hostingUsd } from '../cost/serving-lines';
import { endpointName } from '../../config/resource-names';
import type { Use } from '../demand/quota-ledger';
import type { ServerlessEndpointPlan } from '../hosting/endpoint-plan';

/** Memory sizes of a serverless endpoint, in MB (CreateEndpointConfig: 1024 to 6144 in steps of 1 GB). */
export const SERVERLESS_MEMORY_MB = [1024, 2048, 3072, 4096, 5120, 6144] as const;

/** MaxConcurrency and ProvisionedConcurrency of one endpoint (CreateEndpointConfig: 1 to 200). */
export const MAX_SERVERLESS_CONCURRENCY = 200;

/** Share of the memory that a model may fill; the rest is for requests. */
const USABLE_MEMORY = 0.8;

/** Provisioned concurrency is scaled to keep this share of it busy (AWS's default for its target tracking). */
const PROVISIONED_TARGET_UTILIZATION = 0.7;

/** Memory in MB that a serverless endpoint of a specialist has to have: its container and model, and room for requests. */
export function serverlessMemoryMb({ profiles }: PlanningContext, specialist: Specialist): number {
  return (profiles.container.baseMemoryMb + profiles.specialists[specialist].memoryMb) / USABLE_MEMORY;
}

function usesOf(endpoint: ServerlessEndpointPlan): Use[] {
  // AWS documents no second fleet for serverless endpoints: deployment guardrails do not apply to them.
  const whole = (key: Use['key'], amount: number): Use => ({ key, steady: amount, peak: amount, surge: 0 });
  return [
    whole(QUOTA.serverlessConcurrency, endpoint.maxConcurrency),
    whole(QUOTA.serverlessEndpoints, 1),
    whole(QUOTA.serverlessMemory, endpoint.memoryMb),
    ...(endpoint.provisionedConcurrency === undefined
      ? []
      : [
          whole(QUOTA.provisionedConcurrency, endpoint.provisionedConcurrency),
          whole(QUOTA.scalableTargets, 1),
        ]),
  ];
}

/** The same endpoint with another concurrency, and what it then draws on. */
export function withConcurrency(candidate: Candidate, maxConcurrency: number): Candidate {
  const { endpoint } = candidate;
  if (endpoint?.mode !== 'serverless') return candidate;
  const changed = { ...endpoint, maxConcurrency };
  return { ...candidate, endpoint: changed, uses: usesOf(changed) };
}

function candidate(
  context: PlanningContext,
  specialist: Specialist,
  memoryMb: number,
  provisioned: boolean,
): Candidate | undefined {
  const { environment, profiles } = context;
  const profile = profiles.specialists[specialist];
  const traffic = environment.traffic[specialist];
  const { safetyFactor, serverless } = environment.hosting;
  const serviceMs = serverlessServiceMs(profile, memoryMb, profiles.container);
  const erlangs = (traffic.peakRps * safetyFactor * serviceMs) / 1000;
  const maxConcurrency = concurrencyFor(erlangs, serverless.throttledShare, MAX_SERVERLESS_CONCURRENCY);
  if (maxConcurrency === undefined) return undefined;

  const p95Ms = warmP95Ms(serviceMs, profiles.container.serverlessOverheadMs, safetyFactor);
  const broken: SloViolation[] = [
    ...(p95Ms > environment.latency.p95Ms ? (['p95'] as const) : []),
    // Only an endpoint that never runs more than what is provisioned never starts a container for a request.
    ...(environment.latency.coldStarts === 'refused' && !provisioned ? (['cold-starts'] as const) : []),
  ];
  const endpoint: ServerlessEndpointPlan = {
    name: endpointName(environment.name, [specialist], 'serverless'),
    mode: 'serverless',
    specialists: [specialist],
    memoryMb,
    maxConcurrency,
    ...(provisioned ? { provisionedConcurrency: maxConcurrency } : {}),
    scaling: provisioned
      ? {
          kind: 'provisioned-concurrency',
          min: 1,
          max: maxConcurrency,
          targetUtilization: PROVISIONED_TARGET_UTILIZATION,
        }
      : { kind: 'on-demand' },
    updateStrategy: 'managed',
    p95Ms,
  };
  const monthlyUsd = hostingUsd(context, [specialist], endpoint);
  if (monthlyUsd === undefined) return undefined;
  return {
    specialists: [specialist],
    mode: 'serverless',
    endpoint,
    uses: usesOf(endpoint),
    broken,
    monthlyUsd,
    p95Ms,
    key: `serverless:${specialist}:${memoryMb}${provisioned ? ':provisioned' : ''}`,
  };
}

/**
 * Serverless endpoints of one specialist, one for each memory size that holds it; with provisioned concurrency only
 * where configuration gives its limit and price, as neither is published. A size without a price is left out.
 */
export function serverlessCandidates(context: PlanningContext, specialist: Specialist): Candidate[] {
  const needMb = serverlessMemoryMb(context, specialist);
  const provisionable = context.environment.hosting.serverless.provisionedConcurrency !== undefined;
  return SERVERLESS_MEMORY_MB.filter((memoryMb) => memoryMb >= needMb).flatMap((memoryMb) =>
    (provisionable ? [false, true] : [false]).flatMap(
      (provisioned) => candidate(context, specialist, memoryMb, provisioned) ?? [],
    ),
  );
}
