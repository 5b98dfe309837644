import { catalogue } from '../../../lib/quotas/quota-catalogue';
import type { AwsObject } from './protocol';

/** A quota of Service Quotas; without an applied value only AWS's default is known. */
export interface StandInQuota {
  readonly code: string;
  readonly name: string;
  readonly applied?: number;
  readonly standard?: number;
}

/** A variant of an endpoint: on instances, or serverless. */
export interface StandInVariant {
  readonly instanceType?: string;
  readonly current?: number;
  readonly desired?: number;
  readonly maxConcurrency?: number;
}

export interface StandInEndpoint {
  readonly name: string;
  readonly status: string;
  readonly variants: readonly StandInVariant[];
  /** The fleet that an update is about to put in place. */
  readonly pending?: readonly StandInVariant[];
}

/** A stack with the resources that CloudFormation calls its own, by type and physical id. */
export interface StandInStack {
  readonly name: string;
  readonly status?: string;
  readonly resources: readonly (readonly [type: string, id: string])[];
}

/** Everything that the stand-in answers from. */
export interface StandInAccount {
  readonly account: string;
  readonly quotas: Readonly<Record<string, readonly StandInQuota[]>>;
  readonly limits: {
    readonly elasticIps: number;
    readonly stacks: number;
    readonly loadBalancers: number;
    readonly targetGroups: number;
    readonly dbInstances: number;
    readonly dbStorageGb: number;
    readonly concurrentExecutions: number;
  };
  readonly endpoints: readonly StandInEndpoint[];
  readonly stacks: readonly StandInStack[];
  readonly notebooks: readonly { readonly name: string; readonly type: string; readonly status: string }[];
  readonly clusters: readonly string[];
  readonly databases: readonly { readonly id: string; readonly storageGb: number }[];
  readonly loadBalancers: readonly { readonly arn: string; readonly type: string }[];
  readonly targetGroups: readonly string[];
  readonly scalableTargets: readonly string[];
  readonly reservedConcurrency: number;
  /** Ids of KMS keys, AWS managed ones included. */
  readonly kmsKeys: readonly string[];
  /** Names of log groups. */
  readonly logGroups: readonly string[];
  /** Items of EC2's answers, as they stand in its XML. */
  readonly ec2: {
    readonly vpcs: readonly AwsObject[];
    readonly internetGateways: readonly AwsObject[];
    readonly addresses: readonly AwsObject[];
    readonly natGateways: readonly AwsObject[];
    readonly subnets: readonly AwsObject[];
    readonly vpcEndpoints: readonly AwsObject[];
    readonly instances: readonly AwsObject[];
  };
}

/** SageMaker's list has about 2,000 quotas, in 21 pages of at most 100. */
const SAGEMAKER_QUOTAS = 2_050;

function quotasOf(service: string): StandInQuota[] {
  return catalogue()
    .filter((definition) => definition.service === service && definition.listed)
    .map(({ code, name, default: standard }) => ({
      code,
      name,
      applied: standard ?? 0,
      standard: standard ?? 0,
    }));
}

function sagemakerQuotas(): StandInQuota[] {
  const known = quotasOf('sagemaker');
  const others = Array.from({ length: SAGEMAKER_QUOTAS - known.length }, (_, index) => ({
    code: `L-${String(index).padStart(8, '0')}`,
    name: `ml.other${index}.large for training job usage`,
    applied: 0,
    standard: 0,
  }));
  return [...others, ...known];
}

/** An account fresh from AWS: default quotas, a default VPC with its internet gateway, and nothing else. */
export function newAccount(): StandInAccount {
  const services = ['application-autoscaling', 'ec2', 'vpc', 'eks', 'kms'];
  return {
    account: '123456789012',
    quotas: {
      ...Object.fromEntries(services.map((service) => [service, quotasOf(service)])),
      sagemaker: sagemakerQuotas(),
    },
    limits: {
      elasticIps: 5,
      stacks: 2000,
      loadBalancers: 50,
      targetGroups: 3000,
      dbInstances: 40,
      dbStorageGb: 100_000,
      concurrentExecutions: 1000,
    },
    endpoints: [],
    stacks: [],
    notebooks: [],
    clusters: [],
    databases: [],
    loadBalancers: [],
    targetGroups: [],
    scalableTargets: [],
    reservedConcurrency: 0,
    logGroups: [],
    kmsKeys: ['aws-ebs', 'aws-lambda', 'aws-rds'],
    ec2: {
      vpcs: [{ vpcId: 'vpc-default', isDefault: true }],
      internetGateways: [{ internetGatewayId: 'igw-default' }],
      addresses: [],
      natGateways: [],
      subnets: [],
      vpcEndpoints: [],
      instances: [],
    },
  };
}

/** An account that nothing was ever made in: it has not even a default VPC or a key of AWS's. */
export function emptyAccount(): StandInAccount {
  const { ec2, ...account } = newAccount();
  return { ...account, kmsKeys: [], ec2: { ...ec2, vpcs: [], internetGateways: [] } };
}

/** The account with one quota otherwise; `undefined` takes it away. */
export function withQuota(
  account: StandInAccount,
  service: string,
  code: string,
  change: Partial<StandInQuota> | undefined,
): StandInAccount {
  const quotas = (account.quotas[service] ?? []).flatMap((quota) => {
    if (quota.code !== code) return quota;
    return change === undefined ? [] : { ...quota, ...change };
  });
  return { ...account, quotas: { ...account.quotas, [service]: quotas } };
}
