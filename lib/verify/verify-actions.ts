import type { IamAction } from '../aws/quota-actions';
import { environmentPrefix } from '../config/resource-names';

/** What a permission can be narrowed to. */
type Reach =
  | 'own-stacks'
  | 'images'
  | 'endpoints'
  | 'configs'
  | 'models'
  | 'generations'
  | 'functions'
  | 'cluster'
  | 'database'
  | 'scaling'
  | 'load-balancers';

/**
 * Every IAM action that the verification needs, with what it can be narrowed to. (Service Authorization Reference.)
 * Application Auto Scaling and Elastic Load Balancing know no resource for what they describe. A Function URL asks for
 * both invoke actions since October 2025. (AWS Lambda, "Control access to Lambda function URLs".)
 */
export const VERIFY_ACTIONS = {
  'cloudformation:DescribeStacks': 'own-stacks',
  'cloudformation:GetTemplate': 'own-stacks',
  'cloudformation:ListStackResources': 'own-stacks',
  'ecr:DescribeImages': 'images',
  'sagemaker:DescribeEndpoint': 'endpoints',
  'sagemaker:DescribeEndpointConfig': 'configs',
  'sagemaker:DescribeModel': 'models',
  'sagemaker:ListEndpointConfigs': 'generations',
  'sagemaker:ListModels': 'generations',
  'sagemaker:ListTags': 'generations',
  'application-autoscaling:DescribeScalableTargets': 'scaling',
  'application-autoscaling:DescribeScalingPolicies': 'scaling',
  'lambda:GetFunctionUrlConfig': 'functions',
  'lambda:InvokeFunctionUrl': 'functions',
  'lambda:InvokeFunction': 'functions',
  'eks:DescribeCluster': 'cluster',
  'eks:ListAccessEntries': 'cluster',
  'elasticloadbalancing:DescribeLoadBalancers': 'load-balancers',
  'elasticloadbalancing:DescribeListeners': 'load-balancers',
  'elasticloadbalancing:DescribeTargetHealth': 'load-balancers',
  'rds:DescribeDBInstances': 'database',
} as const satisfies Record<IamAction, Reach>;

export type VerifyAction = keyof typeof VERIFY_ACTIONS;

/** CloudFormation cuts the stack's name where a physical name would become too long; the first so many stay. */
const KEPT_OF_STACK_NAME = 24;

const SIDS: Readonly<Record<Reach, string>> = {
  'own-stacks': 'ReadOwnStacks',
  images: 'ReadImages',
  endpoints: 'ReadEndpoints',
  configs: 'ReadEndpointConfigs',
  models: 'ReadModels',
  generations: 'ListGenerations',
  functions: 'AskTheInferenceFunction',
  cluster: 'ReadCluster',
  database: 'ReadDatabase',
  scaling: 'ReadScaling',
  'load-balancers': 'ReadLoadBalancers',
};

export interface VerifyTarget {
  /** Name of the environment. */
  readonly environment: string;
  readonly region: string;
  /** @default - any */
  readonly account?: string;
  /** Partition of the ARNs. @default aws */
  readonly partition?: string;
}

/** The least IAM policy that the verification of an environment needs. It changes nothing. */
export function verifyPolicy({ environment, region, account = '*', partition = 'aws' }: VerifyTarget) {
  const arn = (service: string, resource: string) =>
    `arn:${partition}:${service}:${region}:${account}:${resource}`;
  const name = environmentPrefix(environment);
  const prefix = `${name}-`;
  const arns: Readonly<Record<Reach, string>> = {
    'own-stacks': arn('cloudformation', `stack/${prefix}*`),
    // The bootstrap names it: cdk-QUALIFIER-container-assets-ACCOUNT-REGION.
    images: arn('ecr', `repository/cdk-*-container-assets-${account}-${region}`),
    endpoints: arn('sagemaker', `endpoint/${prefix}*`),
    // CloudFormation names them, by what the environment's stack does not decide.
    configs: arn('sagemaker', 'endpoint-config/*'),
    models: arn('sagemaker', 'model/*'),
    // Those of the stack with the inference Lambda: others, such as the cluster's, must not be invoked.
    functions: arn('lambda', `function:${`${prefix}Serving-`.slice(0, KEPT_OF_STACK_NAME)}*`),
    // Lists know no resource, and their tags tell whose each item is.
    generations: '*',
    // Both carry the environment's name, and no other.
    cluster: arn('eks', `cluster/${name}`),
    database: arn('rds', `db:${name}`),
    scaling: '*',
    'load-balancers': '*',
  };
  const reaches = Object.keys(SIDS) as Reach[];
  const actions = Object.keys(VERIFY_ACTIONS) as VerifyAction[];
  return {
    Version: '2012-10-17' as const,
    Statement: reaches.map((reach) => ({
      Sid: SIDS[reach],
      Effect: 'Allow' as const,
      Action: actions.filter((action) => VERIFY_ACTIONS[action] === reach),
      Resource: arns[reach],
    })),
  };
}
