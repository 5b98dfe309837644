import type { Scaling } from './types';

/** What is registered with Application Auto Scaling for an endpoint. */
export interface Tracking {
  readonly dimension: string;
  readonly metric: string;
  readonly target: number;
  readonly min: number;
  readonly max: number;
}

/** Registration that a plan asks for; undefined where it has nothing to scale. */
export function trackingOf(scaling: Scaling): Tracking | undefined {
  switch (scaling.kind) {
    case 'instances':
      return {
        dimension: 'sagemaker:variant:DesiredInstanceCount',
        metric: 'SageMakerVariantInvocationsPerInstance',
        target: scaling.targetInvocationsPerMinute,
        min: scaling.min,
        max: scaling.max,
      };
    case 'provisioned-concurrency':
      return {
        dimension: 'sagemaker:variant:DesiredProvisionedConcurrency',
        metric: 'SageMakerVariantProvisionedConcurrencyUtilization',
        target: scaling.targetUtilization,
        min: scaling.min,
        max: scaling.max,
      };
    default:
      return undefined;
  }
}
