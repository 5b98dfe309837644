import type { EndpointPlan } from '../../../lib/plan/hosting/endpoint-plan';
import { type Serving, servingOf } from '../../support/app/serving-app';
import { type Resource, resourceOf, resourcesOf } from '../../support/app/template';
import { fixed, rolling, serverless, topologyOf } from '../../support/app/topologies';

const TARGET = 'AWS::ApplicationAutoScaling::ScalableTarget';

function serve(plan: EndpointPlan): Serving {
  return servingOf(topologyOf([plan]));
}

function endpointOf({ serving }: Serving): Resource {
  return resourceOf(serving, 'AWS::SageMaker::Endpoint');
}

/** Properties of the scaling policies, in the order of the plan. */
function policiesOf({ serving }: Serving): Readonly<Record<string, unknown>>[] {
  return resourcesOf(serving, 'AWS::ApplicationAutoScaling::ScalingPolicy').map(
    ({ properties }) => properties,
  );
}

describe('a scaled instance endpoint', () => {
  const plan = rolling('ddos');
  const serving = serve(plan);

  it('keeps the count that autoscaling has reached when it is updated', () => {
    expect(endpointOf(serving).properties['RetainAllVariantProperties']).toBe(true);
  });

  it('tracks invocations per instance between the plan’s bounds, on its own variant', () => {
    expect(resourceOf(serving.serving, TARGET).properties).toEqual({
      ServiceNamespace: 'sagemaker',
      ResourceId: `endpoint/${plan.name}/variant/AllTraffic`,
      ScalableDimension: 'sagemaker:variant:DesiredInstanceCount',
      MinCapacity: 2,
      MaxCapacity: 5,
    });
    expect(policiesOf(serving)[0]).toMatchObject({
      PolicyType: 'TargetTrackingScaling',
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: 4500,
        PredefinedMetricSpecification: { PredefinedMetricType: 'SageMakerVariantInvocationsPerInstance' },
      },
    });
  });

  it('tracks the CPU of its container too, which no count of invocations tells', () => {
    const policies = policiesOf(serving);

    expect(policies.map(({ PolicyName }) => PolicyName)).toEqual(['target-tracking', 'cpu-tracking']);
    expect(policies[1]).toMatchObject({
      PolicyType: 'TargetTrackingScaling',
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: 50,
        CustomizedMetricSpecification: {
          Namespace: '/aws/sagemaker/Endpoints',
          MetricName: 'CPUUtilization',
          Dimensions: [
            { Name: 'EndpointName', Value: plan.name },
            { Name: 'VariantName', Value: 'AllTraffic' },
          ],
          Statistic: 'Average',
          Unit: 'Percent',
        },
      },
    });
  });

  it('is registered for scaling only once it exists', () => {
    expect(resourceOf(serving.serving, TARGET).dependsOn).toEqual([endpointOf(serving).id]);
  });

  it('grows faster than it shrinks', () => {
    for (const { TargetTrackingScalingPolicyConfiguration: tracking } of policiesOf(serving)) {
      const { ScaleOutCooldown, ScaleInCooldown } = tracking as Record<string, number>;
      expect(ScaleOutCooldown).toBeLessThan(ScaleInCooldown ?? 0);
    }
  });
});

describe('a serverless endpoint with provisioned concurrency', () => {
  it('tracks the use of what is provisioned', () => {
    const serving = serve(
      serverless('general', {
        maxConcurrency: 6,
        provisionedConcurrency: 4,
        scaling: { kind: 'provisioned-concurrency', min: 1, max: 6, targetUtilization: 0.7 },
      }),
    );

    expect(resourceOf(serving.serving, TARGET).properties).toMatchObject({
      ScalableDimension: 'sagemaker:variant:DesiredProvisionedConcurrency',
      MinCapacity: 1,
      MaxCapacity: 6,
    });
    expect(
      resourceOf(serving.serving, 'AWS::ApplicationAutoScaling::ScalingPolicy').properties,
    ).toMatchObject({
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: 0.7,
        PredefinedMetricSpecification: {
          PredefinedMetricType: 'SageMakerVariantProvisionedConcurrencyUtilization',
        },
      },
    });
  });
});

describe('an endpoint that does not scale', () => {
  it.each([
    ['burstable', fixed('ddos', 2)],
    ['serverless on demand', serverless('ddos')],
  ])('is registered nowhere: %s', (_kind, plan) => {
    expect(resourcesOf(serve(plan).serving, TARGET)).toEqual([]);
  });

  it('takes the instance count of a new plan, and does not hold on to the one it has', () => {
    expect(endpointOf(serve(fixed('ddos', 2))).properties).not.toHaveProperty('RetainAllVariantProperties');
  });
});
