import type { DeploymentPlan } from '../../../lib/plan/deployment-plan';
import { TEST_PROFILES } from './plan-profiles';
import type {
  EndpointPlan,
  InstanceEndpointPlan,
  ServerlessEndpointPlan,
} from '../../../lib/plan/hosting/endpoint-plan';
import { HOSTING_TYPES, QUOTA, type QuotaKey } from '../../../lib/quotas/quota-catalogue';
import type { Snapshot } from '../../../lib/quotas/snapshot-schema';
import { SPECIALISTS } from '../../../models/catalogue';
import { typeQuota } from './plan-fixtures';

const isServerless = (endpoint: EndpointPlan): endpoint is ServerlessEndpointPlan =>
  endpoint.mode === 'serverless';
const isInstances = (endpoint: EndpointPlan): endpoint is InstanceEndpointPlan => !isServerless(endpoint);
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

/** Counted over each single endpoint: what others hold does not matter. */
const PER_ENDPOINT = new Set<QuotaKey>([QUOTA.instancesPerEndpoint, QUOTA.serverlessMemory]);

/** Units left in the account as it was recorded; undefined where that is not known. */
function left({ environment }: DeploymentPlan, snapshot: Snapshot, key: QuotaKey): number | undefined {
  if (key === QUOTA.provisionedConcurrency) {
    return environment.hosting.serverless.provisionedConcurrency?.accountLimit;
  }
  const row = snapshot.quotas.find(({ service, code }) => `${service}/${code}` === key);
  if (key === QUOTA.serverlessMemory) return row?.value ?? 3072;
  if (row?.value === null || row === undefined) return undefined;
  if (PER_ENDPOINT.has(key)) return row.value;
  return row.usage.value === null ? undefined : row.value - Math.max(0, row.usage.value - row.own);
}

/** The most that a topology can hold of each quota, added up from the endpoints themselves. */
function peaks(endpoints: readonly EndpointPlan[]): Map<QuotaKey, number> {
  const serverless = endpoints.filter(isServerless);
  const instances = endpoints.filter(isInstances);
  const scaled = endpoints.filter(({ scaling }) => scaling.kind !== 'fixed' && scaling.kind !== 'on-demand');
  const needs: [QuotaKey, number][] = [
    [QUOTA.serverlessEndpoints, serverless.length],
    [QUOTA.serverlessConcurrency, sum(serverless.map(({ maxConcurrency }) => maxConcurrency))],
    [QUOTA.serverlessMemory, Math.max(0, ...serverless.map(({ memoryMb }) => memoryMb))],
    [QUOTA.provisionedConcurrency, sum(serverless.map((endpoint) => endpoint.provisionedConcurrency ?? 0))],
    [QUOTA.endpointInstances, sum(instances.map(({ maxInstances }) => maxInstances))],
    [QUOTA.instancesPerEndpoint, Math.max(0, ...instances.map(({ maxInstances }) => maxInstances))],
    [QUOTA.scalableTargets, scaled.length],
  ];
  for (const name of new Set(instances.map(({ instanceType }) => instanceType))) {
    const ofType = instances.filter(({ instanceType }) => instanceType === name);
    needs.push([typeQuota(name), sum(ofType.map(({ maxInstances }) => maxInstances))]);
  }
  return new Map(needs.filter(([, need]) => need > 0));
}

function quotaFaults(plan: DeploymentPlan, snapshot: Snapshot): string[] {
  return [...peaks(plan.topology.endpoints)].flatMap(([key, need]) => {
    const room = left(plan, snapshot, key);
    if (room === undefined) return [`${key} is not known, yet ${need} of it are drawn on`];
    return need > room ? [`${key}: ${need} needed, ${room} left`] : [];
  });
}

function instanceFaults(endpoint: InstanceEndpointPlan, { environment }: DeploymentPlan): string[] {
  const { minInstances: min, initialInstances: initial, maxInstances: max, instanceType } = endpoint;
  const { availability, hosting, traffic } = environment;
  const type = HOSTING_TYPES.get(instanceType);
  if (type === undefined) return [`${instanceType} is no hosting type`];
  const busy = sum(
    endpoint.specialists.map(
      (name) => (traffic[name].peakRps * TEST_PROFILES.specialists[name].serviceMs) / 1000,
    ),
  );
  const rules: [string, boolean][] = [
    ['min ≤ initial ≤ max', min <= initial && initial <= max],
    ['availability is kept', min >= availability.minInstances],
    ['the peak is carried', busy * hosting.safetyFactor <= max * type.vcpus + 1e-9],
    [
      'it can grow where it must',
      !availability.autoscaling || max > min || initial > availability.minInstances,
    ],
    [
      'a burstable type has a fixed fleet',
      !type.burstable || (endpoint.scaling.kind === 'fixed' && min === max),
    ],
    ['a burstable type need not grow', !type.burstable || !availability.autoscaling],
    ['the type is allowed', hosting.instanceTypes?.includes(instanceType) ?? true],
    ['the mode says how many it serves', (endpoint.mode === 'shared') === endpoint.specialists.length > 1],
    ['a single instance does not roll', min > 1 || endpoint.updateStrategy !== 'rolling'],
  ];
  return rules.flatMap(([rule, kept]) => (kept ? [] : [`${endpoint.name}: not kept: ${rule}`]));
}

function serverlessFaults(endpoint: ServerlessEndpointPlan, { environment }: DeploymentPlan): string[] {
  const { provisionedConcurrency: provisioned, maxConcurrency, memoryMb } = endpoint;
  const { serverless } = environment.hosting;
  const rules: [string, boolean][] = [
    ['1 ≤ concurrency ≤ 200', maxConcurrency >= 1 && maxConcurrency <= 200],
    ['memory in whole GB up to 6', memoryMb % 1024 === 0 && memoryMb >= 1024 && memoryMb <= 6144],
    ['provisioned ≤ max', (provisioned ?? 0) <= maxConcurrency],
    [
      'provisioned only where configured',
      provisioned === undefined || serverless.provisionedConcurrency !== undefined,
    ],
    [
      'no cold start where they are refused',
      environment.latency.coldStarts === 'accepted' || provisioned === maxConcurrency,
    ],
  ];
  return rules.flatMap(([rule, kept]) => (kept ? [] : [`${endpoint.name}: not kept: ${rule}`]));
}

/**
 * Every constraint that a plan with verdict `fits` breaks, recomputed from the topology, the environment and the
 * recorded account alone. Knows nothing of ledger, candidates or objective.
 */
export function faultsOf(plan: DeploymentPlan, snapshot: Snapshot): string[] {
  const { environment, topology, cost } = plan;
  const { modes } = environment.hosting;
  const hosted = [...topology.endpoints.flatMap(({ specialists }) => specialists), ...topology.embedded];
  const names = topology.endpoints.map(({ name }) => name);
  const rules: [string, boolean][] = [
    ['each specialist once', [...hosted].sort().join() === [...SPECIALISTS].sort().join()],
    ['embedded only where allowed', topology.embedded.length === 0 || modes.includes('embedded')],
    ['modes that are allowed', topology.endpoints.every(({ mode }) => modes.includes(mode))],
    [
      'names of their own, short enough',
      new Set(names).size === names.length && names.every((n) => n.length <= 63),
    ],
    ['p95 target', topology.endpoints.every(({ p95Ms }) => p95Ms <= environment.latency.p95Ms)],
    ['budget', sum(cost.lines.map(({ expected }) => expected)) <= environment.budget.monthlyUsd + 0.001],
  ];
  return [
    ...rules.flatMap(([rule, kept]) => (kept ? [] : [`not kept: ${rule}`])),
    ...quotaFaults(plan, snapshot),
    ...topology.endpoints.filter(isInstances).flatMap((endpoint) => instanceFaults(endpoint, plan)),
    ...topology.endpoints.filter(isServerless).flatMap((endpoint) => serverlessFaults(endpoint, plan)),
  ];
}
