import { SPECIALISTS, type Specialist } from '../../../models/catalogue';
import type {
  InstanceEndpointPlan,
  ServerlessEndpointPlan,
  Topology,
} from '../../../lib/plan/hosting/endpoint-plan';

/** A serverless plan entry of the environment `dev`. */
export function serverless(
  specialist: Specialist,
  changes: Partial<ServerlessEndpointPlan> = {},
): ServerlessEndpointPlan {
  return {
    name: `mini-xdr-dev-${specialist}-serverless`,
    mode: 'serverless',
    specialists: [specialist],
    memoryMb: 2048,
    maxConcurrency: 3,
    scaling: { kind: 'on-demand' },
    updateStrategy: 'managed',
    p95Ms: 120,
    ...changes,
  };
}

/** A dedicated plan entry of the environment `dev`, on ml.m5.large, scaled from 1 to 3 instances. */
export function dedicated(
  specialist: Specialist,
  changes: Partial<InstanceEndpointPlan> = {},
): InstanceEndpointPlan {
  return {
    name: `mini-xdr-dev-${specialist}-dedicated-m5-large`,
    mode: 'dedicated',
    specialists: [specialist],
    instanceType: 'ml.m5.large',
    architecture: 'x86_64',
    minInstances: 1,
    initialInstances: 1,
    maxInstances: 3,
    scaling: { kind: 'instances', min: 1, max: 3, targetInvocationsPerMinute: 6000, targetCpuPercent: 50 },
    updateStrategy: 'all-at-once',
    p95Ms: 60,
    ...changes,
  };
}

/** A dedicated plan entry whose updates roll, one instance at a time. */
export function rolling(specialist: Specialist): InstanceEndpointPlan {
  return dedicated(specialist, {
    minInstances: 2,
    initialInstances: 3,
    maxInstances: 5,
    scaling: { kind: 'instances', min: 2, max: 5, targetInvocationsPerMinute: 4500, targetCpuPercent: 50 },
    updateStrategy: 'rolling',
    rollingBatch: { unit: 'instances', size: 1 },
  });
}

/** A shared plan entry of the environment `dev`: a multi-model endpoint on ml.m6g.large, which is arm64. */
export function shared(specialists: readonly Specialist[]): InstanceEndpointPlan {
  const group = specialists.length === SPECIALISTS.length ? 'all' : specialists.join('-');
  return {
    ...dedicated('general'),
    name: `mini-xdr-dev-${group}-shared-m6g-large`,
    mode: 'shared',
    specialists,
    instanceType: 'ml.m6g.large',
    architecture: 'arm64',
  };
}

/** A burstable, and so fixed, plan entry of the environment `dev`. */
export function fixed(specialist: Specialist, instances: number): InstanceEndpointPlan {
  return dedicated(specialist, {
    name: `mini-xdr-dev-${specialist}-dedicated-t2-medium`,
    instanceType: 'ml.t2.medium',
    minInstances: instances,
    initialInstances: instances,
    maxInstances: instances,
    scaling: { kind: 'fixed' },
  });
}

/** A topology whose endpoints may be updated together. */
export function topologyOf(
  endpoints: Topology['endpoints'],
  rest: Partial<Omit<Topology, 'endpoints'>> = {},
): Topology {
  return { endpoints, embedded: [], updateOrder: 'together', ...rest };
}

/** Every kind of plan that the stacks can be handed. */
export const TOPOLOGIES = {
  'four serverless endpoints': topologyOf(SPECIALISTS.map((name) => serverless(name))),
  'serverless endpoints with provisioned concurrency': topologyOf(
    SPECIALISTS.map((name) =>
      serverless(name, {
        maxConcurrency: 4,
        provisionedConcurrency: 4,
        scaling: { kind: 'provisioned-concurrency', min: 1, max: 4, targetUtilization: 0.7 },
      }),
    ),
  ),
  'dedicated endpoints, updated all at once and one after the other': topologyOf(
    SPECIALISTS.map((name) => dedicated(name)),
    { updateOrder: 'one-at-a-time' },
  ),
  'dedicated endpoints with rolling updates': topologyOf(SPECIALISTS.map((name) => rolling(name))),
  'one shared endpoint on arm64': topologyOf([shared(SPECIALISTS)]),
  'no endpoint, everything embedded': topologyOf([], { embedded: SPECIALISTS }),
  'every mode at once': topologyOf(
    [serverless('general'), fixed('ddos', 2), shared(['bruteforce', 'webattacks'])],
    { updateOrder: 'one-at-a-time' },
  ),
  'an embedded specialist beside a serverless and a dedicated one': topologyOf(
    [serverless('general', { memoryMb: 3072, maxConcurrency: 5 }), dedicated('ddos')],
    { embedded: ['bruteforce', 'webattacks'] },
  ),
} as const satisfies Record<string, Topology>;
