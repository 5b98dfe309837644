import { SPECIALISTS, type Specialist } from '../../../models/catalogue';
import type { Environment } from '../../config/environment';
import {
  HOSTING_TYPES,
  QUOTA,
  type QuotaKey,
  endpointQuotaKey,
  quotaDefinition,
} from '../../quotas/quota-catalogue';
import type { Snapshot } from '../../quotas/snapshot-schema';
import type { Candidate } from '../candidates/candidate';
import { groups } from '../candidates/hosting-candidates';
import { endpointName, typeInName } from '../../config/resource-names';
import type { Scaling } from '../hosting/endpoint-plan';

/**
 * What an environment runs now. An endpoint's name carries its specialists and topology, so an endpoint of the same
 * name is an update in place, and any other is a replacement.
 */
export interface DeployedPlan {
  /** Names of its endpoints, in any order; none is a first deployment. */
  readonly endpoints: readonly string[];
  /** What they hold together of each quota that counts over all endpoints. @default - unknown */
  readonly held?: ReadonlyMap<QuotaKey, number>;
}

/** What the planner has to know of a running plan. */
export interface DeployedEndpoint {
  readonly endpoints: ReadonlySet<string>;
  /** Specialists that each endpoint serves, where its name is one that this environment could give. */
  readonly served: ReadonlyMap<string, readonly Specialist[]>;
  /** Specialists with an endpoint; the others answer from inside the inference Lambda. */
  readonly hosted: ReadonlySet<Specialist>;
  readonly held: ReadonlyMap<QuotaKey, number>;
  /** What a move must save, in USD a month and per specialist. */
  readonly thresholdUsd: number;
}

/** An endpoint as a plan or its report describes it. */
export interface DescribedEndpoint {
  readonly name: string;
  readonly mode: 'serverless' | 'dedicated' | 'shared';
  readonly instanceType?: string | undefined;
  readonly initialInstances?: number | undefined;
  readonly maxConcurrency?: number | undefined;
  readonly provisionedConcurrency?: number | undefined;
  readonly scaling: Pick<Scaling, 'kind'>;
}

/** What one endpoint holds at average load of each quota that counts over all endpoints. */
function holds(endpoint: DescribedEndpoint): [QuotaKey, number][] {
  const { mode, instanceType = '', initialInstances = 0, maxConcurrency = 0, scaling } = endpoint;
  const targets: [QuotaKey, number] = [
    QUOTA.scalableTargets,
    scaling.kind === 'instances' || scaling.kind === 'provisioned-concurrency' ? 1 : 0,
  ];
  if (mode === 'serverless') {
    return [
      [QUOTA.serverlessConcurrency, maxConcurrency],
      [QUOTA.serverlessEndpoints, 1],
      [QUOTA.provisionedConcurrency, endpoint.provisionedConcurrency ?? 0],
      targets,
    ];
  }
  const type = HOSTING_TYPES.get(instanceType);
  return [
    [QUOTA.endpointInstances, initialInstances],
    ...(type === undefined ? [] : [[endpointQuotaKey(type), initialInstances] as [QuotaKey, number]]),
    targets,
  ];
}

/** The running plan of endpoints that are known in full, such as those of an earlier report. */
export function deployedPlanOf(endpoints: readonly DescribedEndpoint[]): DeployedPlan {
  const held = new Map<QuotaKey, number>();
  for (const [key, amount] of endpoints.flatMap(holds)) held.set(key, (held.get(key) ?? 0) + amount);
  return { endpoints: endpoints.map(({ name }) => name), held };
}

/** Quotas of serving that count over all endpoints of an account, and so over an old and a new one together. */
function sharedByEndpoints(): QuotaKey[] {
  return [
    QUOTA.endpointInstances,
    QUOTA.serverlessConcurrency,
    QUOTA.serverlessEndpoints,
    QUOTA.provisionedConcurrency,
    QUOTA.scalableTargets,
    ...[...HOSTING_TYPES.values()].map(endpointQuotaKey),
  ];
}

/** Every name that an environment can give an endpoint, with the specialists it then serves. */
function possibleNames(environment: string): Map<string, readonly Specialist[]> {
  return new Map(
    groups(SPECIALISTS).flatMap((group) => {
      const mode = group.length === 1 ? 'dedicated' : 'shared';
      const topologies = [...HOSTING_TYPES.keys()].map((type) => `${mode}-${typeInName(type)}`);
      if (group.length === 1) topologies.push('serverless');
      return topologies.map((topology) => [endpointName(environment, group, topology), group] as const);
    }),
  );
}

/**
 * The running plan that a snapshot recorded. A snapshot may serve several environments: of its endpoints those count
 * that the environment itself could have named.
 *
 * @returns undefined when nothing of the environment ran, or nobody looked
 */
export function recordedPlan(snapshot: Snapshot, environment: string): DeployedPlan | undefined {
  const { running = [] } = snapshot;
  if (running.length === 0) return undefined;
  const names = possibleNames(environment);
  const endpoints = running.filter((name) => names.has(name));
  if (endpoints.length === 0) return undefined;
  const held = new Map<QuotaKey, number>();
  for (const key of sharedByEndpoints()) {
    const { service, code, name } = quotaDefinition(key);
    const row = snapshot.quotas.find(
      (quota) => quota.service === service && (quota.code === code || quota.name === name),
    );
    if (row !== undefined && row.usage.value !== null) held.set(key, row.own);
  }
  return { endpoints, held };
}

/**
 * A running plan as the planner uses it.
 *
 * @returns undefined when nothing runs: then nothing can be moved
 */
export function deployedIn(
  current: DeployedPlan | undefined,
  { name, hosting }: Environment,
): DeployedEndpoint | undefined {
  if (current === undefined || current.endpoints.length === 0) return undefined;
  const names = possibleNames(name);
  const endpoints = [...new Set(current.endpoints)].sort();
  const served = new Map(endpoints.map((endpoint) => [endpoint, names.get(endpoint) ?? []]));
  return {
    endpoints: new Set(endpoints),
    served,
    hosted: new Set([...served.values()].flat()),
    held: current.held ?? new Map(),
    thresholdUsd: hosting.moveThresholdUsd,
  };
}

/** Specialists that a candidate would move: to an endpoint that does not run, or off the one that serves them. */
export function movedBy(
  { endpoint, specialists }: Candidate,
  { endpoints, hosted }: DeployedEndpoint,
): readonly Specialist[] {
  if (endpoint === undefined) return specialists.filter((name) => hosted.has(name));
  return endpoints.has(endpoint.name) ? [] : specialists;
}
