import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import {
  INFERENCE_NAMESPACE,
  type InferenceMetric,
} from '../../../lambda/inference/observability/inference-metrics';
import type { Specialist } from '../../../models/catalogue';
import type { Environment } from '../../config/environment';

/**
 * What the inference function publishes of one specialist.
 *
 * @param options what differs from a sum over 5 minutes
 */
export function inferenceMetric(
  environment: Environment,
  specialist: Specialist,
  metricName: InferenceMetric,
  options?: cloudwatch.MetricOptions,
): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: INFERENCE_NAMESPACE,
    metricName,
    dimensionsMap: { Environment: environment.name, Specialist: specialist },
    statistic: cloudwatch.Stats.SUM,
    period: Duration.minutes(5),
    ...options,
  });
}
