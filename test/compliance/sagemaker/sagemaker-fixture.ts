import { App, type CfnResource, Stack } from 'aws-cdk-lib';
import * as scaling from 'aws-cdk-lib/aws-applicationautoscaling';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sagemaker from 'aws-cdk-lib/aws-sagemaker';
import {
  MiniXdrSageMakerChecks,
  type SageMakerCheckOptions,
} from '../../../lib/compliance/sagemaker/sagemaker-checks';

/** Ids of the own pack's findings on what is built, without the pack's name: `NarrowInvoke[Resource::*]`. */
export function breaches(build: (stack: Stack) => void, options: SageMakerCheckOptions = {}): string[] {
  return violations(build, options).map(({ ruleName }) => ruleName.replace('MiniXdrSageMaker-', ''));
}

/** Findings of one rule only. */
export function breachesOf(rule: string, ...args: Parameters<typeof breaches>): string[] {
  return breaches(...args).filter((id) => id.startsWith(`${rule}[`));
}

/** The own pack's findings in full. */
export function violations(build: (stack: Stack) => void, options: SageMakerCheckOptions = {}) {
  const stack = new Stack(new App(), 'Serving');
  build(stack);
  return new MiniXdrSageMakerChecks(options).validateScope(stack.node.root).violations;
}

export const HASH = '0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef';
export const IMAGE = `111111111111.dkr.ecr.us-east-1.amazonaws.com/assets:${HASH}`;
export const KEY = 'arn:aws:kms:us-east-1:111111111111:key/11111111-2222-3333-4444-555555555555';

/** A model that every rule accepts, from a bucket of the same stack. */
export function addModel(
  stack: Stack,
  container: sagemaker.CfnModel.ContainerDefinitionProperty = {},
  model: Partial<sagemaker.CfnModelProps> = {},
): sagemaker.CfnModel {
  const bucket = new s3.Bucket(stack, 'ModelBucket');
  return new sagemaker.CfnModel(stack, 'Model', {
    executionRoleArn: 'arn:aws:iam::111111111111:role/execution',
    primaryContainer: {
      image: IMAGE,
      modelDataUrl: `s3://${bucket.bucketName}/models/general/${HASH.slice(0, 16)}.tar.gz`,
      ...container,
    },
    ...model,
  });
}

export interface Hosting {
  readonly config: sagemaker.CfnEndpointConfig;
  readonly endpoint: sagemaker.CfnEndpoint;
}

/** A variant on instances, ml.m6g.large unless said otherwise. */
export function onInstances(
  variant: Partial<sagemaker.CfnEndpointConfig.ProductionVariantProperty> = {},
): sagemaker.CfnEndpointConfig.ProductionVariantProperty {
  return {
    variantName: 'main',
    modelName: 'model',
    instanceType: 'ml.m6g.large',
    initialInstanceCount: 1,
    initialVariantWeight: 1,
    ...variant,
  };
}

/** A serverless variant. */
export function serverless(maxConcurrency: number): sagemaker.CfnEndpointConfig.ProductionVariantProperty {
  return {
    variantName: 'main',
    modelName: 'model',
    initialVariantWeight: 1,
    serverlessConfig: { maxConcurrency, memorySizeInMb: 2048 },
  };
}

/** An endpoint with its configuration, guarded and encrypted unless said otherwise. */
export function addEndpoint(
  stack: Stack,
  variants: sagemaker.CfnEndpointConfig.ProductionVariantProperty[],
  {
    id = '',
    config = {},
    endpoint = {},
  }: {
    readonly id?: string;
    readonly config?: Partial<sagemaker.CfnEndpointConfigProps>;
    readonly endpoint?: Partial<sagemaker.CfnEndpointProps>;
  } = {},
): Hosting {
  const onDemand = variants.every((variant) => 'serverlessConfig' in variant);
  const configuration = new sagemaker.CfnEndpointConfig(stack, `${id}Config`, {
    productionVariants: variants,
    kmsKeyId: onDemand ? undefined : KEY,
    metricsConfig: { enableDetailedObservability: false },
    ...config,
  });
  return {
    config: configuration,
    endpoint: new sagemaker.CfnEndpoint(stack, `${id}Endpoint`, {
      endpointConfigName: configuration.attrEndpointConfigName,
      deploymentConfig: { autoRollbackConfiguration: { alarms: [{ alarmName: 'errors' }] } },
      retainAllVariantProperties: true,
      ...endpoint,
    }),
  };
}

/** Target tracking of the instances of a variant. */
export function scale(
  { endpoint }: Hosting,
  { variant = 'main', max = 2 }: { readonly variant?: string; readonly max?: number } = {},
): CfnResource {
  return new scaling.CfnScalableTarget(endpoint, `Scaling${variant}`, {
    serviceNamespace: 'sagemaker',
    scalableDimension: 'sagemaker:variant:DesiredInstanceCount',
    resourceId: `endpoint/${endpoint.attrEndpointName}/variant/${variant}`,
    minCapacity: 1,
    maxCapacity: max,
  });
}
