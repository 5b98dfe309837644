import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { HOSTING_TYPES } from '../../quotas/quota-catalogue';
import { PRODUCTION_VARIANT } from '../../config/resource-names';
import type { ModelEndpoint } from './model-endpoint';

/**
 * What SageMaker measures on the instances of an endpoint, in percent. `CPUUtilization` is the sum over the vCPUs, so it
 * reaches 100 times their number; the other two reach 100. With several instances CloudWatch averages over them.
 * (Amazon SageMaker AI developer guide, "Metrics for monitoring Amazon SageMaker AI with Amazon CloudWatch"; AWS
 * re:Post, "CPU or GPU utilization metric is greater than 100%".)
 */
export type InstanceMetric = 'CPUUtilization' | 'MemoryUtilization' | 'DiskUtilization';

/**
 * What a multi-model endpoint publishes of loading models: microseconds that a request waited for its model, and the
 * number of models that the endpoint holds. (Amazon SageMaker AI developer guide, "CloudWatch Metrics for Multi-Model
 * Endpoint Deployments".)
 */
export type LoadingMetric = 'ModelLoadingWaitTime' | 'LoadedModelCount';

const NAMESPACES: Readonly<Record<InstanceMetric | LoadingMetric, string>> = {
  CPUUtilization: '/aws/sagemaker/Endpoints',
  MemoryUtilization: '/aws/sagemaker/Endpoints',
  DiskUtilization: '/aws/sagemaker/Endpoints',
  ModelLoadingWaitTime: 'AWS/SageMaker',
  LoadedModelCount: '/aws/sagemaker/Endpoints',
};

/**
 * A metric of the endpoint's instances, or of the models on them.
 *
 * @param options what differs from the average over 5 minutes
 */
export function endpointMetric(
  { plan }: ModelEndpoint,
  metricName: InstanceMetric | LoadingMetric,
  options?: cloudwatch.MetricOptions,
): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: NAMESPACES[metricName],
    metricName,
    dimensionsMap: { EndpointName: plan.name, VariantName: PRODUCTION_VARIANT },
    statistic: cloudwatch.Stats.AVERAGE,
    period: Duration.minutes(5),
    ...options,
  });
}

/**
 * vCPUs of a hosting type.
 *
 * @throws Error for a type that the catalogue does not hold
 */
export function vcpusOf(instanceType: string): number {
  const type = HOSTING_TYPES.get(instanceType);
  if (type === undefined) throw new Error(`${instanceType} is no hosting type`);
  return type.vcpus;
}
