import { ARTIFACT_PREFIX } from '../../lib/constructs/model-store/model-store';
import { FUNCTION_OUTPUT, servingStack } from '../../lib/client/locate-function';
import { configIds } from '../../lib/verify/serving/deployed-configs';
import { DATABASE_ENGINE } from '../../lib/constructs/data/database-engine';
import { accessFound } from '../../lib/verify/platform/check-access-entries';
import { type DeployedStack, partsOf, resourcesIn } from '../../lib/verify/deployed-stack';
import { imagesOf } from '../../lib/verify/platform/check-images';
import { targetGroupOf } from '../../lib/verify/platform/check-workload-targets';
import { PORTS } from '../../lib/config/workloads/workload-names';
import { ARTIFACTS } from '../../lib/verify/serving/check-model';
import { trackingOf } from '../../lib/plan/hosting/target-tracking';
import { stacksOf } from '../../lib/verify/check-stacks';
import { build, shippedPlan, shippedTemplates } from '../support/app/environment-app';
import { servingOnce } from '../support/app/serving-app';
import { resourceOf, resourcesOf } from '../support/app/template';
import { fixed, rolling, topologyOf } from '../support/app/topologies';

const IAM = 'arn:aws:iam::123456789012';
const ADMINISTRATOR = `${IAM}:role/mini-xdr-administrator`;
const CLUSTER = 'arn:aws:eks:us-east-1:123456789012:cluster/mini-xdr-dev';
const NONE = { Resources: {} };
const templates = shippedTemplates('dev');

function builtStack(name: string, physicalId = (id: string) => id): DeployedStack {
  return {
    name,
    resources: resourcesIn(JSON.stringify(templates[name])),
    physicalId: (id) => (id === undefined ? undefined : physicalId(id)),
  };
}

interface Configuration {
  readonly TargetValue: number;
  readonly PredefinedMetricSpecification?: { readonly PredefinedMetricType: string };
  readonly CustomizedMetricSpecification?: { readonly MetricName: string; readonly Namespace: string };
}

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
    const found = configIds(resourcesIn(JSON.stringify(serving)));

    expect([...found.keys()]).toEqual(topology.endpoints.map(({ name }) => name));
    expect(new Set(found.values())).toEqual(configs);
  });

  it('finds the image of every model in the template, in the repository of the bootstrap', () => {
    const stack = {
      name: 'Serving',
      resources: resourcesIn(JSON.stringify(serving)),
      physicalId: () => undefined,
    };

    expect(imagesOf(stack, '123456789012')).toEqual([
      {
        repositoryName: 'cdk-hnb659fds-container-assets-123456789012-us-east-1',
        imageTag: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    ]);
  });

  it('expects the scaling that is registered', () => {
    const [scaled] = topology.endpoints;
    const target = resourceOf(serving, 'AWS::ApplicationAutoScaling::ScalableTarget').properties;
    const registered = resourcesOf(serving, 'AWS::ApplicationAutoScaling::ScalingPolicy').map(
      ({ properties }) => ({
        name: properties['PolicyName'],
        ...(properties['TargetTrackingScalingPolicyConfiguration'] as Configuration),
      }),
    );
    const tracking = scaled === undefined ? undefined : trackingOf(scaled.scaling);

    expect(tracking).toMatchObject({
      dimension: target['ScalableDimension'],
      min: target['MinCapacity'],
      max: target['MaxCapacity'],
    });
    expect(tracking?.policies).toEqual(
      registered.map(
        ({ name, TargetValue, PredefinedMetricSpecification, CustomizedMetricSpecification: custom }) => ({
          name,
          target: TargetValue,
          metric:
            custom === undefined
              ? { predefined: PredefinedMetricSpecification?.PredefinedMetricType }
              : { custom: custom.MetricName, namespace: custom.Namespace },
        }),
      ),
    );
  });

  it('finds the function by the output of the stack, and artifacts where the model store keeps them', () => {
    expect(Object.keys((serving as { Outputs?: object }).Outputs ?? {})).toContain(FUNCTION_OUTPUT);
    expect(ARTIFACTS).toBe(ARTIFACT_PREFIX);
  });

  it('finds cluster, load balancer, target groups and who may enter in the template of the platform', () => {
    const template = templates['Platform'] ?? NONE;
    const entry = resourceOf(template, 'AWS::EKS::AccessEntry').id;
    const stack = builtStack('Platform', (id) => (id === entry ? `${ADMINISTRATOR}|mini-xdr-dev` : id));
    const roles = resourcesOf(template, 'AWS::IAM::Role').map(({ id }) => id);
    const [nodes = '', controlPlane = ''] = ['NodeRole', 'ControlPlaneRole'].map((name) =>
      roles.find((id) => id.includes(name)),
    );
    const enter = (...live: string[]) =>
      accessFound(
        { clusterArn: CLUSTER, live: [ADMINISTRATOR, ...live], administrator: 'role/mini-xdr-administrator' },
        stack,
      ).map(({ outcome }) => outcome);

    expect(partsOf(stack, 'AWS::EKS::Cluster')).toHaveLength(1);
    expect(partsOf(stack, 'AWS::ElasticLoadBalancingV2::LoadBalancer')).toHaveLength(1);
    expect(targetGroupOf(stack, PORTS.backend)).toMatch(/^LoadBalancerBackend/);
    expect(targetGroupOf(stack, PORTS.frontend)).toMatch(/^LoadBalancerFrontend/);
    expect(enter(`${IAM}:role/${nodes}`, `${IAM}:role/${controlPlane}`)).toEqual(['ok']);
    expect(enter(`${IAM}:role/${nodes}`, `${IAM}:role/Backend`)).toEqual(['failed']);
  });

  it('finds the database with its version in the template of the data', () => {
    const [instance, ...others] = partsOf(builtStack('Data'), 'AWS::RDS::DBInstance');
    expect(others).toEqual([]);
    expect(instance?.properties).toMatchObject({ EngineVersion: DATABASE_ENGINE.engineVersion?.fullVersion });
  });
});
