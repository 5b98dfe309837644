import type { EndpointPlan } from '../../../lib/plan/hosting/endpoint-plan';
import { type Serving, servingOf, servingOnce } from '../../support/app/serving-app';
import { flat, resourceOf, resourcesOf, targetOf } from '../../support/app/template';
import { TOPOLOGIES, dedicated, serverless, shared, topologyOf } from '../../support/app/topologies';

function serve(plan: EndpointPlan): Serving {
  return servingOf(topologyOf([plan]));
}

function containerOf({ serving }: Serving): Record<string, unknown> {
  return resourceOf(serving, 'AWS::SageMaker::Model').properties['PrimaryContainer'] as Record<
    string,
    unknown
  >;
}

describe('an endpoint configuration', () => {
  it('encrypts with the customer key of the stack', () => {
    for (const plan of [serverless('ddos'), dedicated('ddos'), shared(['ddos', 'general'])]) {
      const { serving } = serve(plan);
      const key = resourceOf(serving, 'AWS::SageMaker::EndpointConfig').properties['KmsKeyId'];

      expect(targetOf(key)).toBe(resourceOf(serving, 'AWS::KMS::Key').id);
    }
  });

  it.each(['ml.c6gd.large', 'ml.m5d.xlarge', 'ml.r6gd.large'])(
    'leaves the key out for %s, whose local storage AWS encrypts itself and takes no key for',
    (instanceType) => {
      const { serving } = serve(dedicated('ddos', { instanceType }));

      expect(resourceOf(serving, 'AWS::SageMaker::EndpointConfig').properties).not.toHaveProperty('KmsKeyId');
    },
  );

  it.each(['ml.m5.large', 'ml.c6g.large', 'ml.t2.medium', 'ml.c6gn.xlarge', 'ml.c7i.large'])(
    'sets the key for %s',
    (instanceType) => {
      const { serving } = serve(dedicated('ddos', { instanceType }));

      expect(resourceOf(serving, 'AWS::SageMaker::EndpointConfig').properties).toHaveProperty('KmsKeyId');
    },
  );
});

describe('the metrics of an endpoint', () => {
  it.each([serverless('ddos'), dedicated('ddos'), shared(['ddos', 'general'])])(
    'leave detailed observability off, which AWS would turn on: $mode',
    (plan) => {
      const { properties } = resourceOf(serve(plan).serving, 'AWS::SageMaker::EndpointConfig');

      expect(properties['MetricsConfig']).toEqual({ EnableDetailedObservability: false });
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
