import { UserError } from '../util/user-error';
import data from './quota-catalogue.json';
import hostingData from './hosting-types.json';

/** A quota that this project can draw on. Codes are hints, names are the key. */
export interface QuotaDefinition {
  readonly service: string;
  readonly code: string;
  readonly name: string;
  /** AWS default (2024), null where AWS publishes none. */
  readonly default: number | null;
  readonly adjustable: boolean;
  readonly confidence: string;
  /**
   * What the limit is counted over. `region` and `zone` limits are used up by everybody together; `endpoint` and
   * `vpc` limits hold for each single one, so others' usage does not count.
   */
  readonly scope: 'region' | 'zone' | 'endpoint' | 'vpc';
  /** False for a limit that Service Quotas does not list: then the default stands in as a configured value. */
  readonly listed: boolean;
}

/** A SageMaker hosting type. */
export interface HostingType {
  readonly instanceType: string;
  readonly vcpus: number;
  readonly memoryGb: number;
  readonly architecture: 'x86_64' | 'arm64';
  /** AWS refuses burstable types as scalable targets, and only once the endpoint is up and billing. */
  readonly burstable: boolean;
  readonly quotaCode: string;
}

/** `service/code`, the project's key of a quota. */
export type QuotaKey = `${string}/${string}`;

/** Quotas that the planner and the stacks refer to by meaning. */
export const QUOTA = {
  endpointInstances: 'sagemaker/L-7A3DF611',
  instancesPerEndpoint: 'sagemaker/L-ED8DEE9B',
  serverlessConcurrency: 'sagemaker/L-96300102',
  serverlessEndpoints: 'sagemaker/L-99AD19BF',
  serverlessMemory: 'sagemaker/serverless-memory-mb',
  provisionedConcurrency: 'sagemaker/serverless-provisioned-concurrency',
  notebooks: 'sagemaker/L-04CE2E67',
  scalableTargets: 'application-autoscaling/L-1AAF0700',
  standardVcpus: 'ec2/L-1216C47A',
  elasticIps: 'ec2/L-0263D0A3',
  vpcs: 'vpc/L-F678F1CE',
  natGatewaysPerZone: 'vpc/L-FE5A380F',
  internetGateways: 'vpc/L-A4707A72',
  interfaceEndpointsPerVpc: 'vpc/L-29B6F2EB',
  gatewayEndpoints: 'vpc/L-1B52E74A',
  eksClusters: 'eks/L-1194D53C',
  dbInstances: 'rds/L-7B6409FD',
  dbStorageGb: 'rds/L-7ADDB58A',
  loadBalancers: 'elasticloadbalancing/L-53DA6B97',
  targetGroups: 'elasticloadbalancing/L-B22855CB',
  lambdaConcurrency: 'lambda/L-B99A9384',
  kmsKeys: 'kms/L-C2F1777E',
  stacks: 'cloudformation/L-0485CB21',
} as const satisfies Record<string, QuotaKey>;

/** Key of a quota definition or of a recorded quota. */
export function quotaKey(quota: { readonly service: string; readonly code: string }): QuotaKey {
  return `${quota.service}/${quota.code}`;
}

const definitions = new Map<QuotaKey, QuotaDefinition>(
  data.quotas.map((row) => [
    quotaKey(row),
    { ...row, scope: row.scope as QuotaDefinition['scope'], listed: row.listed ?? true },
  ]),
);

/** Every quota of the catalogue. */
export function catalogue(): readonly QuotaDefinition[] {
  return [...definitions.values()];
}

/** Whether the catalogue holds that key. */
export function isCatalogued(key: string): key is QuotaKey {
  return definitions.has(key as QuotaKey);
}

/**
 * Definition of a quota.
 *
 * @throws UserError when the catalogue does not hold it
 */
export function quotaDefinition(key: QuotaKey): QuotaDefinition {
  const found = definitions.get(key);
  if (found === undefined) {
    throw new UserError(`quota ${key} is not in the catalogue (lib/quotas/quota-catalogue.json)`);
  }
  return found;
}

/** Hosting types with a quota and a price, by name. */
export const HOSTING_TYPES: ReadonlyMap<string, HostingType> = new Map(
  hostingData.types.map((row) => [
    row.instanceType,
    { ...row, architecture: row.architecture as HostingType['architecture'] },
  ]),
);

/** Key of the endpoint quota of a hosting type. */
export function endpointQuotaKey(type: HostingType): QuotaKey {
  return `sagemaker/${type.quotaCode}`;
}

/** Key of the notebook quota of a type, found by its name as the codes follow no pattern. */
export function notebookQuotaKey(instanceType: string): QuotaKey | undefined {
  const name = `${instanceType} for notebook instance usage`;
  const found = data.quotas.find((row) => row.name === name);
  return found === undefined ? undefined : quotaKey(found);
}
