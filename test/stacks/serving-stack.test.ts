import { parseConfiguration } from '../../lambda/inference/inference-configuration';
import { SPECIALISTS, type Specialist } from '../../models/catalogue';
import { type Serving, servingOf, servingOnce } from '../support/app/serving-app';
import { readTopology, readable } from '../support/app/plan-reader';
import { flat, resourceOf, resourcesOf } from '../support/app/template';
import {
  TOPOLOGIES,
  dedicated,
  fixed,
  rolling,
  serverless,
  shared,
  topologyOf,
} from '../support/app/topologies';

const ENDPOINT = 'AWS::SageMaker::Endpoint';
const PARTS = ['AWS::SageMaker::Model', 'AWS::SageMaker::EndpointConfig', ENDPOINT] as const;

const MIB = 1024 * 1024;

const kinds = Object.entries(TOPOLOGIES);

function routesOf({ serving }: Serving): unknown {
  const { Variables } = resourceOf(serving, 'AWS::Lambda::Function').properties['Environment'] as {
    Variables: { INFERENCE: string };
  };
  return parseConfiguration(Variables.INFERENCE).routes;
}

describe.each(kinds)('serving %s', (_kind, topology) => {
  it('builds the plan and nothing but the plan: it can be read back from the template', () => {
    expect(readTopology(servingOnce(topology))).toEqual(readable(topology));
  });

  it.each(PARTS)('has one %s for each plan entry', (type) => {
    expect(resourcesOf(servingOnce(topology).serving, type)).toHaveLength(topology.endpoints.length);
  });

  it('names endpoints as the plan does, and what AWS can only replace not at all', () => {
    const { serving } = servingOnce(topology);

    expect(resourcesOf(serving, ENDPOINT).map(({ properties }) => properties['EndpointName'])).toEqual(
      topology.endpoints.map(({ name }) => name),
    );
    for (const { properties } of resourcesOf(serving, 'AWS::SageMaker::Model')) {
      expect(properties).not.toHaveProperty('ModelName');
    }
    for (const { properties } of resourcesOf(serving, 'AWS::SageMaker::EndpointConfig')) {
      expect(properties).not.toHaveProperty('EndpointConfigName');
    }
  });

  it('updates the inference function only after every endpoint', () => {
    const { serving } = servingOnce(topology);
    const endpoints = resourcesOf(serving, ENDPOINT).map(({ id }) => id);

    expect(resourceOf(serving, 'AWS::Lambda::Function').dependsOn).toEqual(expect.arrayContaining(endpoints));
  });

  it('keeps a log group for each endpoint, under the customer key and the name that SageMaker writes to', () => {
    const { serving } = servingOnce(topology);
    const key = flat({ 'Fn::GetAtt': [resourceOf(serving, 'AWS::KMS::Key').id, 'Arn'] });
    const groups = resourcesOf(serving, 'AWS::Logs::LogGroup').map(({ properties }) => flat(properties));

    expect(groups).toHaveLength(topology.endpoints.length + 1);
    for (const { name } of topology.endpoints) {
      expect(groups).toContainEqual(
        expect.objectContaining({ LogGroupName: `/aws/sagemaker/Endpoints/${name}`, KmsKeyId: key }),
      );
    }
  });
});

describe('the topology of an endpoint', () => {
  it('is in its construct’s id, so that another topology is another endpoint and never an update', () => {
    const ids = (endpoint: Parameters<typeof topologyOf>[0][number]) =>
      resourcesOf(servingOf(topologyOf([endpoint])).serving, ENDPOINT).map(({ id }) => id);

    const all = [serverless('general'), dedicated('general'), fixed('general', 1)].flatMap(ids);
    expect(new Set(all).size).toBe(3);
    expect(ids(rolling('general'))).toEqual(ids(dedicated('general')));
  });
});

describe('updates of several endpoints', () => {
  const plans = ['general', 'ddos', 'bruteforce'].map((name) => dedicated(name as Specialist));

  const waits = (updateOrder: 'together' | 'one-at-a-time') => {
    const { serving } = servingOf(topologyOf(plans, { updateOrder }));
    const endpoints = resourcesOf(serving, ENDPOINT);
    const nameOf = new Map(endpoints.map(({ id, properties }) => [id, properties['EndpointName']]));
    return endpoints.map(({ dependsOn }) => dependsOn.flatMap((id) => nameOf.get(id) ?? []));
  };

  it('go one after the other where the quota holds one second fleet only', () => {
    expect(waits('one-at-a-time')).toEqual([[], [plans[0]?.name], [plans[1]?.name]]);
  });

  it('go side by side where the quota has room', () => {
    expect(waits('together')).toEqual([[], [], []]);
  });
});

describe('a serving stack', () => {
  const mixed = TOPOLOGIES['every mode at once'];

  it('is deployed after the artifacts it loads', () => {
    expect(servingOnce(mixed).servingWaitsFor).toEqual(['mini-xdr-dev-ModelStore']);
  });

  it('has one image for each architecture in use, built for it', () => {
    const platforms = (kind: keyof typeof TOPOLOGIES) =>
      Object.values(servingOnce(TOPOLOGIES[kind]).platforms).sort();

    expect(platforms('four serverless endpoints')).toEqual(['linux/amd64']);
    expect(platforms('one shared endpoint on arm64')).toEqual(['linux/arm64']);
    expect(platforms('every mode at once')).toEqual(['linux/amd64', 'linux/arm64']);
    expect(platforms('no endpoint, everything embedded')).toEqual([]);
  });

  it('gives each endpoint the image of its own architecture', () => {
    const { serving, platforms } = servingOnce(mixed);
    const images = resourcesOf(serving, 'AWS::SageMaker::Model').map(({ properties }) => {
      const { Image } = flat(properties['PrimaryContainer']) as { Image: string };
      return platforms[Image.split(':').at(-1) ?? ''];
    });

    expect(images).toEqual(['linux/amd64', 'linux/amd64', 'linux/arm64']);
  });

  it('tells the function where each specialist is, with the target model where several share an endpoint', () => {
    const group: readonly Specialist[] = ['bruteforce', 'webattacks'];
    const plan = shared(group);
    const loading = { maxPayloadBytes: 6 * MIB, patienceMs: 30_000 };
    const key = (name: string) => expect.stringMatching(new RegExp(`^${name}/[0-9a-f]{16}\\.tar\\.gz$`));

    expect(routesOf(servingOnce(mixed))).toEqual({
      general: {
        endpointName: 'mini-xdr-dev-general-serverless',
        maxPayloadBytes: 4 * MIB,
        patienceMs: 60_000,
      },
      ddos: {
        endpointName: 'mini-xdr-dev-ddos-dedicated-t2-medium',
        maxPayloadBytes: 6 * MIB,
        patienceMs: 5000,
      },
      bruteforce: { endpointName: plan.name, targetModel: key('bruteforce'), ...loading },
      webattacks: { endpointName: plan.name, targetModel: key('webattacks'), ...loading },
    });
    expect(routesOf(servingOnce(TOPOLOGIES['no endpoint, everything embedded']))).toEqual(
      Object.fromEntries(SPECIALISTS.map((name) => [name, { embedded: true }])),
    );
  });
});
