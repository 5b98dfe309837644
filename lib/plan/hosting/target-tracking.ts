import type { Scaling } from './endpoint-plan';

/** What a target-tracking policy keeps at its target. */
export type TrackedMetric =
  /** A metric that Application Auto Scaling knows by name. */
  | { readonly predefined: string }
  /**
   * CPU of the endpoint's container, averaged over its instances. It goes up to 100 % for each vCPU: 400 % on four
   * (SageMaker guide, "SageMaker Jobs and Endpoint Metrics"). As a scaling metric: "Define a scaling policy".
   */
  | { readonly custom: 'CPUUtilization'; readonly namespace: '/aws/sagemaker/Endpoints' };

/** One target-tracking policy. */
export interface TrackingPolicy {
  /** Name of the policy; an account finds it again by it. */
  readonly name: string;
  readonly metric: TrackedMetric;
  readonly target: number;
}

/** What is registered with Application Auto Scaling for an endpoint. */
export interface Tracking {
  readonly dimension: string;
  readonly min: number;
  readonly max: number;
  /**
   * Policies that act together: the one that asks for most capacity decides, when growing and when shrinking
   * (Application Auto Scaling API, PutScalingPolicy).
   */
  readonly policies: readonly TrackingPolicy[];
}

/** Registration that a plan asks for; undefined where it has nothing to scale. */
export function trackingOf(scaling: Scaling): Tracking | undefined {
  switch (scaling.kind) {
    case 'instances':
      return {
        dimension: 'sagemaker:variant:DesiredInstanceCount',
        min: scaling.min,
        max: scaling.max,
        policies: [
          {
            name: 'target-tracking',
            metric: { predefined: 'SageMakerVariantInvocationsPerInstance' },
            target: scaling.targetInvocationsPerMinute,
          },
          {
            name: 'cpu-tracking',
            metric: { custom: 'CPUUtilization', namespace: '/aws/sagemaker/Endpoints' },
            target: scaling.targetCpuPercent,
          },
        ],
      };
    case 'provisioned-concurrency':
      return {
        dimension: 'sagemaker:variant:DesiredProvisionedConcurrency',
        min: scaling.min,
        max: scaling.max,
        policies: [
          {
            name: 'target-tracking',
            metric: { predefined: 'SageMakerVariantProvisionedConcurrencyUtilization' },
            target: scaling.targetUtilization,
          },
        ],
      };
    default:
      return undefined;
  }
}

/** Name of a metric, as CloudWatch or Application Auto Scaling has it. */
export function metricName(metric: TrackedMetric): string {
  return 'predefined' in metric ? metric.predefined : metric.custom;
}
