import type { Environment } from '../config/environment';
import { type IamAction, OPERATIONS, type Reach } from './quota-actions';

export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly IamAction[];
  readonly Resource: string;
}

export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly PolicyStatement[];
}

/** What the policy is narrowed to; whatever is left out stays open. */
export interface PolicyTarget {
  readonly environment?: Pick<Environment, 'name' | 'account' | 'region'>;
  /** @default - the environment's, else any */
  readonly region?: string;
  /** @default - the environment's, else any */
  readonly account?: string;
  /** Partition of the ARNs. @default aws */
  readonly partition?: string;
}

const SIDS: Readonly<Record<Exclude<Reach, 'none'>, string>> = {
  any: 'ReadQuotasAndCounts',
  endpoints: 'ReadEndpoints',
  'endpoint-configs': 'ReadEndpointConfigs',
  databases: 'ReadDatabases',
  'own-stacks': 'ReadOwnStacks',
};

function resources({ environment, region, account, partition = 'aws' }: PolicyTarget) {
  const where = `${region ?? environment?.region ?? '*'}:${account ?? environment?.account ?? '*'}`;
  const arn = (service: string, resource: string) => `arn:${partition}:${service}:${where}:${resource}`;
  const stacks = environment === undefined ? 'mini-xdr-*' : `mini-xdr-${environment.name}-*`;
  return {
    any: '*',
    endpoints: arn('sagemaker', 'endpoint/*'),
    'endpoint-configs': arn('sagemaker', 'endpoint-config/*'),
    databases: arn('rds', 'db:*'),
    'own-stacks': arn('cloudformation', `stack/${stacks}`),
  };
}

function actionsWith(reach: Reach): IamAction[] {
  return Object.values(OPERATIONS)
    .flatMap(({ iam, operations }) =>
      Object.entries(operations).flatMap(([name, needs]): IamAction[] =>
        needs === reach ? [`${iam}:${name}`] : [],
      ),
    )
    .sort();
}

/**
 * The least policy that the live check itself needs, made from the table of operations that the collector may call.
 * It only reads; where AWS lets an action be narrowed to resources, it is.
 */
export function collectorPolicy(target: PolicyTarget = {}): PolicyDocument {
  const arns = resources(target);
  const reaches = Object.keys(SIDS) as (keyof typeof SIDS)[];
  return {
    Version: '2012-10-17',
    Statement: reaches.map((reach) => ({
      Sid: SIDS[reach],
      Effect: 'Allow',
      Action: actionsWith(reach),
      Resource: arns[reach],
    })),
  };
}
