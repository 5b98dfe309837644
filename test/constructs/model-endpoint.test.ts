import { NO_ROLLBACK_REASON } from '../../lib/compliance';
import type { EndpointPlan } from '../../lib/plan/types';
import { type Serving, servingOf, servingOnce } from '../support/app-serving';
import {
  type Resource,
  flat,
  resourceBehind,
  resourceOf,
  resourcesOf,
  targetOf,
} from '../support/app-template';
import {
  TOPOLOGIES,
  dedicated,
  fixed,
  rolling,
  serverless,
  shared,
  topologyOf,
} from '../support/app-topologies';

const ENDPOINT = 'AWS::SageMaker::Endpoint';

function serve(plan: EndpointPlan): Serving {
  return servingOf(topologyOf([plan]));
}

function endpointOf({ serving }: Serving): Resource {
  return resourceOf(serving, ENDPOINT);
}

function deploymentOf(serving: Serving): Record<string, unknown> | undefined {
  return endpointOf(serving).properties['DeploymentConfig'] as Record<string, unknown> | undefined;
}

function containerOf({ serving }: Serving): Record<string, unknown> {
  return resourceOf(serving, 'AWS::SageMaker::Model').properties['PrimaryContainer'] as Record<
    string,
    unknown
  >;
}

describe('an update of an instance endpoint', () => {
  it('rolls by the batch that the plan has counted quota for', () => {
    const deployment = deploymentOf(serve(rolling('ddos')));

    expect(deployment).toMatchObject({
      RollingUpdatePolicy: {
        MaximumBatchSize: { Type: 'INSTANCE_COUNT', Value: 1 },
        RollbackMaximumBatchSize: { Type: 'INSTANCE_COUNT', Value: 1 },
      },
    });
    expect(deployment).not.toHaveProperty('BlueGreenUpdatePolicy');
  });

  it('brings up a whole second fleet where the plan has counted quota for one', () => {
    const deployment = deploymentOf(serve(dedicated('ddos')));

    expect(deployment).toMatchObject({
      BlueGreenUpdatePolicy: { TrafficRoutingConfiguration: { Type: 'ALL_AT_ONCE' } },
    });
    expect(deployment).not.toHaveProperty('RollingUpdatePolicy');
  });

  it('states the interval between steps, which the API requires of a single step too', () => {
    expect(deploymentOf(serve(dedicated('ddos')))).toMatchObject({
      BlueGreenUpdatePolicy: { TrafficRoutingConfiguration: { WaitIntervalInSeconds: 0 } },
    });
  });

  it('has the time that the fleet needs at its maximum', () => {
    expect(deploymentOf(serve(rolling('ddos')))).toMatchObject({
      RollingUpdatePolicy: { WaitIntervalInSeconds: 300, MaximumExecutionTimeoutInSeconds: 6750 },
    });
    expect(deploymentOf(serve(dedicated('ddos')))).toMatchObject({
      BlueGreenUpdatePolicy: { TerminationWaitInSeconds: 300, MaximumExecutionTimeoutInSeconds: 3600 },
    });
  });

  it.each([
    ['rolling', rolling('ddos')],
    ['all at once', dedicated('ddos')],
    ['shared', shared(['ddos', 'general'])],
    ['fixed', fixed('ddos', 1)],
  ])('is taken back by alarms on errors and latency: %s', (_kind, plan) => {
    const serving = serve(plan);
    const { Alarms } = (deploymentOf(serving)?.['AutoRollbackConfiguration'] ?? { Alarms: [] }) as {
      Alarms: { AlarmName: unknown }[];
    };
    const alarms = Alarms.map(({ AlarmName }) => resourceBehind(serving.serving, AlarmName).properties);
    const Dimensions = [
      { Name: 'EndpointName', Value: plan.name },
      { Name: 'VariantName', Value: 'AllTraffic' },
    ];

    expect(alarms).toEqual([
      expect.objectContaining({
        MetricName: 'Invocation5XXErrors',
        Statistic: 'Sum',
        Threshold: 0,
        Dimensions,
      }),
      expect.objectContaining({ MetricName: 'ModelLatency', ExtendedStatistic: 'p95', Dimensions }),
    ]);
  });

  it('is taken back when p95 leaves the target, which CloudWatch is told in microseconds', () => {
    const { serving } = servingOf(topologyOf([dedicated('ddos')]), { changes: { latency: { p95Ms: 250 } } });
    const latency = resourcesOf(serving, 'AWS::CloudWatch::Alarm').find(
      ({ properties }) => properties['MetricName'] === 'ModelLatency',
    );

    expect(latency?.properties).toMatchObject({
      Threshold: 250_000,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
    });
  });
});

describe('an update of a serverless endpoint', () => {
  const serving = serve(serverless('ddos'));

  it('has no guardrails, which AWS refuses, and says why', () => {
    const { properties, metadata } = endpointOf(serving);

    expect(Object.keys(properties).sort()).toEqual(['EndpointConfigName', 'EndpointName']);
    expect(String(metadata[NO_ROLLBACK_REASON])).toContain('Deployment guardrails do not apply');
    expect(resourcesOf(serving.serving, 'AWS::CloudWatch::Alarm')).toEqual([]);
  });
});

describe('an endpoint configuration', () => {
  it('encrypts with the customer key of the stack', () => {
    for (const plan of [serverless('ddos'), dedicated('ddos'), shared(['ddos', 'general'])]) {
      const { serving } = serve(plan);
      const key = resourceOf(serving, 'AWS::SageMaker::EndpointConfig').properties['KmsKeyId'];

      expect(targetOf(key)).toBe(resourceOf(serving, 'AWS::KMS::Key').id);
    }
  });

  it.each(['ml.c6gd.large', 'ml.m5d.xlarge', 'ml.r6gd.medium'])(
    'leaves the key out for %s, whose local storage AWS encrypts itself and takes no key for',
    (instanceType) => {
      const { serving } = serve(dedicated('ddos', { instanceType }));

      expect(resourceOf(serving, 'AWS::SageMaker::EndpointConfig').properties).not.toHaveProperty('KmsKeyId');
    },
  );

  it.each(['ml.m5.large', 'ml.c6g.large', 'ml.t2.medium', 'ml.c5n.xlarge', 'ml.c7i.large'])(
    'sets the key for %s',
    (instanceType) => {
      const { serving } = serve(dedicated('ddos', { instanceType }));

      expect(resourceOf(serving, 'AWS::SageMaker::EndpointConfig').properties).toHaveProperty('KmsKeyId');
    },
  );
});

describe('a model', () => {
  const network = ({ serving }: Serving) =>
    resourceOf(serving, 'AWS::SageMaker::Model').properties['EnableNetworkIsolation'];

  it('is one artifact on an endpoint of its own, under a key with its content hash', () => {
    for (const plan of [serverless('ddos'), dedicated('ddos')]) {
      const container = containerOf(serve(plan));

      expect(container['Mode']).toBe('SingleModel');
      expect(flat(container['ModelDataUrl'])).toMatch(
        /^s3:\/\/\$\{.+\}\/artifacts\/ddos\/[0-9a-f]{16}\.tar\.gz$/,
      );
    }
  });

  it('is a prefix on a shared endpoint', () => {
    const container = containerOf(serve(shared(['ddos', 'general'])));

    expect(container['Mode']).toBe('MultiModel');
    expect(flat(container['ModelDataUrl'])).toMatch(/^s3:\/\/\$\{.+\}\/artifacts\/$/);
  });

  it('takes no larger request than SageMaker passes on: 4 MiB serverless, 6 MiB on instances', () => {
    const limit = (plan: EndpointPlan) =>
      (containerOf(serve(plan))['Environment'] as Record<string, string>)['MAX_PAYLOAD_BYTES'];

    expect(limit(serverless('ddos'))).toBe('4194304');
    expect(limit(dedicated('ddos'))).toBe('6291456');
    expect(limit(shared(['ddos', 'general']))).toBe('6291456');
  });

  it('has no network where AWS allows that', () => {
    expect(network(serve(dedicated('ddos')))).toBe(true);
    expect(network(serve(serverless('ddos')))).toBe(false);
    expect(network(serve(shared(['ddos', 'general'])))).toBe(false);
  });

  it('waits for the permissions of its role, without which SageMaker cannot read the artifact', () => {
    const { serving } = servingOnce(TOPOLOGIES['every mode at once']);
    const policies = resourcesOf(serving, 'AWS::IAM::Policy');

    for (const { properties, dependsOn } of resourcesOf(serving, 'AWS::SageMaker::Model')) {
      const role = targetOf(properties['ExecutionRoleArn']);
      const policy = policies.find(({ properties: { Roles } }) =>
        (Roles as unknown[]).some((reference) => targetOf(reference) === role),
      );
      expect(dependsOn).toEqual(expect.arrayContaining([role, policy?.id]));
    }
  });
});
