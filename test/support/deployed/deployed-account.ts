import type { DeploymentPlan } from '../../../lib/plan/deployment-plan';
import type { EndpointPlan } from '../../../lib/plan/hosting/endpoint-plan';
import { stacksOf } from '../../../lib/verify/check-stacks';
import { trackingOf } from '../../../lib/plan/hosting/target-tracking';
import type { ExpectedModels } from '../../../lib/verify/expected-models';
import { type Handler, page } from '../aws/page';
import { type AwsObject, AwsRefusal } from '../aws/protocol';
import { REPOSITORY, TAG, sageMakerHandlers } from './deployed-endpoints';
import {
  type DeployedPlatform,
  type StackResources,
  deployedPlatform,
  platformHandlers,
} from './deployed-platform';

/** Answers by the name of what was asked about. */
export type Named = Record<string, AwsObject>;

/** What stands in an account after a deploy; a test changes what it wants to see caught. */
export interface DeployedAccount {
  /** Name of the environment. */
  readonly environment: string;
  /** Status by name of the stack. */
  readonly stacks: Record<string, string>;
  /** Answers of DescribeEndpoint, DescribeEndpointConfig and DescribeModel, by name. */
  readonly endpoints: Named;
  readonly configs: Named;
  readonly models: Named;
  /** Environment that each configuration and model is tagged with, by name. @default - that of the plan */
  readonly tags: Record<string, string>;
  /** Media type of each image's manifest, by tag. */
  readonly images: Record<string, string>;
  /** The Serving stack's resources: logical id, type, physical id. */
  readonly resources: [id: string, type: string, physical: string][];
  readonly template: { Resources: Record<string, object> };
  readonly targets: AwsObject[];
  readonly policies: AwsObject[];
  readonly platform: DeployedPlatform;
  door: { FunctionUrl: string; AuthType: string };
}

const BUCKET = 's3://mini-xdr-models/artifacts/';
const IMAGE = `123456789012.dkr.ecr.us-east-1.amazonaws.com/${REPOSITORY}:${TAG}`;
const FUNCTION = 'mini-xdr-dev-Serving-InferenceFunction-AbC';

const configOf = (name: string) => `${name}-Config-new`;
const modelOf = (name: string) => `${name}-Model-new`;

function variantOf(plan: EndpointPlan): AwsObject {
  const variant = { VariantName: 'AllTraffic', ModelName: modelOf(plan.name), InitialVariantWeight: 1 };
  if (plan.mode !== 'serverless') {
    return { ...variant, InstanceType: plan.instanceType, InitialInstanceCount: plan.initialInstances };
  }
  const { memoryMb, maxConcurrency, provisionedConcurrency } = plan;
  return {
    ...variant,
    ServerlessConfig: {
      MemorySizeInMB: memoryMb,
      MaxConcurrency: maxConcurrency,
      ProvisionedConcurrency: provisionedConcurrency,
    },
  };
}

function runningOf(plan: EndpointPlan): AwsObject {
  const count = plan.mode === 'serverless' ? undefined : plan.initialInstances;
  return { VariantName: 'AllTraffic', CurrentInstanceCount: count, DesiredInstanceCount: count };
}

function addEndpoint(account: DeployedAccount, plan: EndpointPlan, tree: ExpectedModels, at: number): void {
  const { name } = plan;
  const [first] = plan.specialists;
  const key = plan.mode === 'shared' || first === undefined ? '' : tree[first].key;
  account.endpoints[name] = {
    EndpointName: name,
    EndpointArn: `arn:aws:sagemaker:us-east-1:123456789012:endpoint/${name}`,
    EndpointConfigName: configOf(name),
    EndpointStatus: 'InService',
    CreationTime: new Date(0),
    LastModifiedTime: new Date(0),
    ProductionVariants: [runningOf(plan)],
  };
  account.configs[configOf(name)] = {
    EndpointConfigName: configOf(name),
    EndpointConfigArn: `arn:aws:sagemaker:us-east-1:123456789012:endpoint-config/${configOf(name)}`,
    CreationTime: new Date(0),
    ProductionVariants: [variantOf(plan)],
  };
  account.models[modelOf(name)] = {
    ModelName: modelOf(name),
    PrimaryContainer: {
      Image: IMAGE,
      Mode: plan.mode === 'shared' ? 'MultiModel' : 'SingleModel',
      ModelDataUrl: `${BUCKET}${key}`,
    },
  };
  account.template.Resources[`Model${at}`] = {
    Type: 'AWS::SageMaker::Model',
    Properties: {
      PrimaryContainer: {
        Image: {
          'Fn::Sub': `\${AWS::AccountId}.dkr.ecr.us-east-1.\${AWS::URLSuffix}/cdk-hnb659fds-container-assets-\${AWS::AccountId}-us-east-1:${TAG}`,
        },
      },
    },
  };
  account.images[TAG] = 'application/vnd.docker.distribution.manifest.v2+json';
  account.template.Resources[`Endpoint${at}`] = {
    Type: 'AWS::SageMaker::Endpoint',
    Properties: {
      EndpointName: name,
      EndpointConfigName: { 'Fn::GetAtt': [`Config${at}`, 'EndpointConfigName'] },
    },
  };
  account.resources.push(
    [
      `Endpoint${at}`,
      'AWS::SageMaker::Endpoint',
      `arn:aws:sagemaker:us-east-1:123456789012:endpoint/${name}`,
    ],
    [
      `Config${at}`,
      'AWS::SageMaker::EndpointConfig',
      `arn:aws:sagemaker:us-east-1:123456789012:endpoint-config/${configOf(name).toLowerCase()}`,
    ],
  );
}

function addScaling(account: DeployedAccount, { name, scaling }: EndpointPlan): void {
  const tracking = trackingOf(scaling);
  if (tracking === undefined) return;
  const common = {
    ServiceNamespace: 'sagemaker',
    ResourceId: `endpoint/${name}/variant/AllTraffic`,
    ScalableDimension: tracking.dimension,
    CreationTime: new Date(0),
  };
  account.targets.push({ ...common, MinCapacity: tracking.min, MaxCapacity: tracking.max, RoleARN: 'role' });
  for (const { name: PolicyName, metric, target: TargetValue } of tracking.policies) {
    account.policies.push({
      ...common,
      PolicyARN: 'policy',
      PolicyName,
      PolicyType: 'TargetTrackingScaling',
      TargetTrackingScalingPolicyConfiguration:
        'predefined' in metric
          ? { TargetValue, PredefinedMetricSpecification: { PredefinedMetricType: metric.predefined } }
          : {
              TargetValue,
              CustomizedMetricSpecification: { MetricName: metric.custom, Namespace: metric.namespace },
            },
    });
  }
}

/** An account in which exactly a plan is deployed, with the models of the tree. */
export function deployedAccount(
  plan: DeploymentPlan,
  tree: ExpectedModels,
  functionUrl: string,
): DeployedAccount {
  const account: DeployedAccount = {
    environment: plan.environment.name,
    stacks: Object.fromEntries(stacksOf(plan.environment).map((name) => [name, 'UPDATE_COMPLETE'])),
    endpoints: {},
    configs: {},
    models: {},
    images: {},
    tags: {},
    resources: [['Function', 'AWS::Lambda::Function', FUNCTION]],
    template: { Resources: { Function: { Type: 'AWS::Lambda::Function', Properties: {} } } },
    targets: [],
    policies: [],
    platform: deployedPlatform(plan.environment),
    door: { FunctionUrl: functionUrl, AuthType: 'AWS_IAM' },
  };
  plan.topology.endpoints.forEach((endpoint, at) => {
    addEndpoint(account, endpoint, tree, at);
    addScaling(account, endpoint);
  });
  return account;
}

/** What GetTemplate answers of a stack of the platform. */
function templateOf(resources: StackResources): DeployedAccount['template'] {
  const of = Object.entries(resources).map(([id, { type, properties }]) => [
    id,
    { Type: type, Properties: properties },
  ]);
  return { Resources: Object.fromEntries(of) as Record<string, object> };
}

/** Answers of AWS on a deployed account; lists come two items a page, so that nobody may read one page only. */
export function deployedHandlers(account: DeployedAccount): Readonly<Record<string, Handler>> {
  const statusOf = (name: unknown): string => {
    const status = account.stacks[String(name)];
    if (status !== undefined) return status;
    throw new AwsRefusal('ValidationError', `Stack with id ${String(name)} does not exist`);
  };
  const other = (name: unknown) => account.platform.stacks[String(name)];
  const resourcesOf = (name: unknown): DeployedAccount['resources'] => {
    const resources = other(name);
    return resources === undefined
      ? account.resources
      : Object.entries(resources).map(([id, { type, physical }]) => [id, type, physical]);
  };
  const paged = (all: readonly AwsObject[], token: unknown) => page(all, token, 2);
  return {
    ...platformHandlers(account.platform),
    'cloudformation:DescribeStacks': (_world, { StackName }) => ({
      Stacks: {
        member: {
          StackName: String(StackName),
          StackId: `arn:aws:cloudformation:us-east-1:123456789012:stack/${String(StackName)}/0123`,
          StackStatus: statusOf(StackName),
          CreationTime: new Date(0),
          Outputs: String(StackName).endsWith('-Serving')
            ? { member: { OutputKey: 'InferenceFunctionName', OutputValue: FUNCTION } }
            : undefined,
        },
      },
    }),
    'cloudformation:GetTemplate': (_world, { StackName }) => {
      statusOf(StackName);
      const resources = other(StackName);
      const template = resources === undefined ? account.template : templateOf(resources);
      return { TemplateBody: JSON.stringify(template) };
    },
    'cloudformation:ListStackResources': (_world, { StackName, NextToken }) => {
      statusOf(StackName);
      const all = resourcesOf(StackName).map(([id, type, physical]) => ({
        LogicalResourceId: id,
        ResourceType: type,
        PhysicalResourceId: physical,
        ResourceStatus: 'UPDATE_COMPLETE',
        LastUpdatedTimestamp: new Date(0),
      }));
      const { items, next } = paged(all, NextToken);
      return { StackResourceSummaries: { member: items }, NextToken: next };
    },
    ...sageMakerHandlers(account),
    'application-autoscaling:DescribeScalableTargets': (_world, { NextToken, ResourceIds }) => {
      const wanted = account.targets.filter(({ ResourceId }) =>
        (ResourceIds as readonly unknown[]).includes(ResourceId),
      );
      const { items, next } = page(wanted, NextToken, 1);
      return { ScalableTargets: items, NextToken: next };
    },
    'application-autoscaling:DescribeScalingPolicies': (_world, { NextToken }) => {
      const { items, next } = page(account.policies, NextToken, 1);
      return { ScalingPolicies: items, NextToken: next };
    },
    'lambda:GetFunctionUrlConfig': () => ({
      ...account.door,
      FunctionArn: `arn:aws:lambda:us-east-1:123456789012:function:${FUNCTION}`,
    }),
  };
}
