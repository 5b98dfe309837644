import { ARTIFACT_PREFIX } from '../../lib/constructs/model-store';
import { FUNCTION_OUTPUT, servingStack } from '../../lib/predict/locate';
import { configIds } from '../../lib/verify/created';
import { ARTIFACTS } from '../../lib/verify/model-found';
import { trackingOf } from '../../lib/plan/scaling-tracking';
import { stacksOf } from '../../lib/verify/stacks';
import { build, shippedPlan } from '../support/app-environment';
import { servingOnce } from '../support/app-serving';
import { resourceOf, resourcesOf } from '../support/app-template';
import { fixed, rolling, topologyOf } from '../support/app-topologies';

describe('what the verification expects is what the stacks build', () => {
  const topology = topologyOf([rolling('ddos'), fixed('general', 1)]);
  const { serving } = servingOnce(topology);

  it('looks for every stack of an environment, and no other', () => {
    const { stage, plan } = build(shippedPlan('dev'));
    const names = stage.node.children.flatMap((child) =>
      'stackName' in child ? [String(child.stackName)] : [],
    );
    expect(stacksOf(plan.environment)).toEqual(names);
    expect(names).toContain(servingStack('dev'));
  });

  it('finds the configuration of every endpoint in the template', () => {
    const configs = new Set(resourcesOf(serving, 'AWS::SageMaker::EndpointConfig').map(({ id }) => id));
    const found = configIds(JSON.stringify(serving));

    expect([...found.keys()]).toEqual(topology.endpoints.map(({ name }) => name));
    expect(new Set(found.values())).toEqual(configs);
  });

  it('expects the scaling that is registered', () => {
    const [scaled] = topology.endpoints;
    const target = resourceOf(serving, 'AWS::ApplicationAutoScaling::ScalableTarget').properties;
    const { TargetTrackingScalingPolicyConfiguration: policy } = resourceOf(
      serving,
      'AWS::ApplicationAutoScaling::ScalingPolicy',
    ).properties as {
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: number;
        PredefinedMetricSpecification: { PredefinedMetricType: string };
      };
    };
    expect(scaled === undefined ? undefined : trackingOf(scaled.scaling)).toEqual({
      dimension: target['ScalableDimension'],
      metric: policy.PredefinedMetricSpecification.PredefinedMetricType,
      target: policy.TargetValue,
      min: target['MinCapacity'],
      max: target['MaxCapacity'],
    });
  });

  it('finds the function by the output of the stack, and artifacts where the model store keeps them', () => {
    expect(Object.keys((serving as { Outputs?: object }).Outputs ?? {})).toContain(FUNCTION_OUTPUT);
    expect(ARTIFACTS).toBe(ARTIFACT_PREFIX);
  });
});
