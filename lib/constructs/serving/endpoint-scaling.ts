import { Duration } from 'aws-cdk-lib';
import * as scaling from 'aws-cdk-lib/aws-applicationautoscaling';
import { Construct } from 'constructs';
import { type TrackedMetric, trackingOf } from '../../plan/hosting/target-tracking';
import type { EndpointPlan } from '../../plan/hosting/endpoint-plan';
import { PRODUCTION_VARIANT } from '../../config/resource-names';

export interface EndpointScalingProps {
  readonly plan: EndpointPlan;
}

/** Growing is urgent, shrinking is not: a fleet that flaps pays for instances that never serve. */
const COOLDOWN = { out: Duration.minutes(1), in: Duration.minutes(10) };

/**
 * Target tracking of an endpoint's only variant, within the plan's bounds; nothing where the plan has nothing to
 * scale. Resources of the first level, because the higher one makes a role that SageMaker's scaling never uses.
 */
export class EndpointScaling extends Construct {
  constructor(scope: Construct, id: string, { plan }: EndpointScalingProps) {
    super(scope, id);
    const tracking = trackingOf(plan.scaling);
    if (tracking === undefined) return;
    const target = new scaling.CfnScalableTarget(this, 'Target', {
      serviceNamespace: 'sagemaker',
      resourceId: `endpoint/${plan.name}/variant/${PRODUCTION_VARIANT}`,
      scalableDimension: tracking.dimension,
      minCapacity: tracking.min,
      maxCapacity: tracking.max,
    });
    tracking.policies.forEach(({ name, metric, target: targetValue }) => {
      new scaling.CfnScalingPolicy(this, name, {
        policyName: name,
        policyType: 'TargetTrackingScaling',
        scalingTargetId: target.ref,
        targetTrackingScalingPolicyConfiguration: {
          targetValue,
          ...specificationOf(metric, plan),
          scaleOutCooldown: COOLDOWN.out.toSeconds(),
          scaleInCooldown: COOLDOWN.in.toSeconds(),
        },
      });
    });
  }
}

/** The metric as a policy of the endpoint's variant names it. */
function specificationOf(
  metric: TrackedMetric,
  { name }: EndpointPlan,
): Pick<
  scaling.CfnScalingPolicy.TargetTrackingScalingPolicyConfigurationProperty,
  'predefinedMetricSpecification' | 'customizedMetricSpecification'
> {
  if ('predefined' in metric) {
    return { predefinedMetricSpecification: { predefinedMetricType: metric.predefined } };
  }
  return {
    customizedMetricSpecification: {
      namespace: metric.namespace,
      metricName: metric.custom,
      dimensions: [
        { name: 'EndpointName', value: name },
        { name: 'VariantName', value: PRODUCTION_VARIANT },
      ],
      statistic: 'Average',
      unit: 'Percent',
    },
  };
}
