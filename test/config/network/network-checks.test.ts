import { addressShortage, clusterAddresses, clusterMask } from '../../../lib/config/network/address-plan';
import type { EnvironmentInput } from '../../../lib/config/environment-input';
import { ENVIRONMENTS } from '../../../lib/config/environments';
import { loadEnvironment } from '../../../lib/config/load-environment';
import { INTERFACE_ENDPOINTS } from '../../../lib/config/network/network-schema';
import { PRIVATE_REACH, missingEndpoints } from '../../../lib/config/network/required-endpoints';
import { type Patch, environmentWith, refusals } from '../../support/plan/plan-fixtures';

const CLUSTER = { enabled: true, peakNodeVcpus: 4 };
const IMAGE = `sha256:${'0123456789abcdef'.repeat(4)}`;
/** A cluster that runs these workloads. */
const running = (...names: ('backend' | 'frontend' | 'migration')[]) => ({
  ...CLUSTER,
  workloads: {
    images: Object.fromEntries(
      names.map((name) => [name, { image: IMAGE, architectures: ['amd64' as const] }]),
    ),
  },
});
const CERTIFICATE = 'arn:aws:acm:us-east-1:111122223333:certificate/0f1e2d3c';
const OFFICE = '203.0.113.0/24';
const PUBLIC = {
  network: { natGateways: 1 },
  platform: {
    ...CLUSTER,
    certificateArn: CERTIFICATE,
    loadBalancer: { internetFacing: true, allowedCidrs: [OFFICE] },
  },
};

/** Services that an environment without NAT gateways and endpoints is told to be missing. */
const told = (patch: Patch<EnvironmentInput>): string[] =>
  INTERFACE_ENDPOINTS.filter((service) => refusals(patch).join().includes(`${service} (`)).sort();

describe('an environment without NAT gateways', () => {
  it('needs no interface endpoint where nothing runs inside the VPC', () => {
    expect(refusals({ database: { enabled: true } })).toEqual([]);
  });

  it.each([
    [
      'the cluster',
      { platform: CLUSTER },
      ['ec2', 'ecr.api', 'ecr.dkr', 'eks', 'eks-auth', 'lambda', 'sagemaker.runtime', 'sts'],
    ],
    [
      'a cluster that calls no endpoint',
      { platform: CLUSTER, hosting: { modes: ['embedded' as const] } },
      ['ec2', 'ecr.api', 'ecr.dkr', 'eks', 'eks-auth', 'lambda', 'sts'],
    ],
    [
      'a database that no migration looks up',
      { platform: running('backend'), database: { enabled: true } },
      ['ec2', 'ecr.api', 'ecr.dkr', 'eks', 'eks-auth', 'lambda', 'logs', 'sagemaker.runtime', 'sts'],
    ],
    [
      'a migration without a database',
      { platform: running('backend', 'migration') },
      ['ec2', 'ecr.api', 'ecr.dkr', 'eks', 'eks-auth', 'lambda', 'logs', 'sagemaker.runtime', 'sts'],
    ],
    [
      'a migration',
      { platform: running('backend', 'migration'), database: { enabled: true } },
      [
        'ec2',
        'ecr.api',
        'ecr.dkr',
        'eks',
        'eks-auth',
        'lambda',
        'logs',
        'rds',
        'sagemaker.runtime',
        'secretsmanager',
        'sts',
      ],
    ],
    ['the notebook', { workbench: { notebook: true } }, ['logs', 'sagemaker.api']],
    [
      'the training instance',
      {
        workbench: {
          trainer: true,
          trainerPackageIndex: 'https://pip.corp',
          trainerTorchIndex: 'https://pip.corp',
        },
      },
      ['ssm', 'ssmmessages'],
    ],
  ])('is refused with what %s cannot reach', (_name, patch, services) => {
    expect(told(patch)).toEqual(services.toSorted());
    expect(refusals(patch)).toHaveLength(1);
  });

  it('is told who needs a service, what is given, and that public registries are out of reach', () => {
    const [line] = refusals({ platform: CLUSTER, network: { interfaceEndpoints: ['kms'] } });

    expect(line).toMatch(
      /network\.interfaceEndpoints: given \["kms"\]; allowed is without NAT gateways a list that also has/,
    );
    expect(line).toContain('eks-auth (pods: credentials of EKS Pod Identity)');
    expect(line).toMatch(/nothing leads to public registries; or set network\.natGateways$/);
  });

  it('is told of each service once, with everybody who calls it', () => {
    const [idle = ''] = refusals({ platform: CLUSTER });
    const [line = ''] = refusals({ platform: running('backend') });

    expect(idle).not.toContain('manifests');
    expect(line).toContain('eks (EKS nodes: the cluster; what applies manifests: the cluster)');
    expect(line).toMatch(/ sts \(EKS nodes: [^;()]*; what applies manifests: [^;()]*\)/);
    expect(line).toMatch(/ lambda \(what applies manifests: [^;()]*; backend: [^;()]*\)/);
    expect(line.split(' lambda (')).toHaveLength(2);
  });

  it('is taken with all of them, and with one NAT gateway in their place', () => {
    const parts = {
      platform: running('backend', 'frontend', 'migration'),
      database: { enabled: true },
      workbench: { notebook: true },
    };
    const interfaceEndpoints = [...new Set(PRIVATE_REACH.map(({ service }) => service))];

    expect(refusals({ ...parts, network: { interfaceEndpoints } })).toEqual([]);
    expect(refusals({ ...parts, network: { natGateways: 1 } })).toEqual([]);
  });

  it.each(PRIVATE_REACH.map(({ service }, index) => [service, index] as const))(
    'misses %s when that alone is left out (row %d)',
    (service) => {
      const interfaceEndpoints = INTERFACE_ENDPOINTS.filter((other) => other !== service);
      const everything = environmentWith({
        platform: running('backend', 'frontend', 'migration'),
        database: { enabled: true },
        workbench: { notebook: true, trainer: true },
        network: { natGateways: 1, interfaceEndpoints },
      });
      const isolated = { ...everything, network: { ...everything.network, natGateways: 0 } };

      expect(new Set(missingEndpoints(isolated).map((reach) => reach.service))).toEqual(new Set([service]));
    },
  );

  it('cannot train from PyPI, and is told which indexes would do', () => {
    const interfaceEndpoints = ['ssm', 'ssmmessages'] as const;
    const network = { interfaceEndpoints: [...interfaceEndpoints] };
    const [line] = refusals({ workbench: { trainer: true, trainerTorchIndex: 'https://pip.corp' }, network });

    expect(line).toMatch(/workbench\.trainer: given true; allowed is false where network\.natGateways is 0/);
    expect(line).toMatch(
      /PyPI and pytorch\.org.*an index inside the network in workbench\.trainerPackageIndex$/,
    );
  });
});

describe('images where there is no NAT gateway', () => {
  const interfaceEndpoints = [...new Set(PRIVATE_REACH.map(({ service }) => service))];
  const withImage = (image: string, natGateways = 0): string[] =>
    refusals({
      platform: { ...CLUSTER, workloads: { images: { backend: { image, architectures: ['amd64'] } } } },
      network: { natGateways, interfaceEndpoints },
    });

  it.each([IMAGE, `111122223333.dkr.ecr.us-east-1.amazonaws.com/mini-xdr/backend@${IMAGE}`])(
    'come from ECR: %s',
    (image) => {
      expect(withImage(image)).toEqual([]);
    },
  );

  it.each([`docker.io/library/nginx@${IMAGE}`, `public.ecr.aws/nginx/nginx@${IMAGE}`])(
    'never come from a public registry: %s',
    (image) => {
      expect(withImage(image)).toEqual([
        expect.stringMatching(
          /images\.backend\.image: given .*; allowed is an image of .* ECR, where network\.nat/,
        ),
      ]);
      expect(withImage(image, 1)).toEqual([]);
    },
  );
});

describe('the addresses of the cluster', () => {
  const clusterOf = (cidr: string, peakNodeVcpus: number, zones = ['a', 'b']) => ({
    platform: { ...CLUSTER, peakNodeVcpus },
    network: { natGateways: 1, cidr, zones },
  });

  it('are three nodes of 130, the control plane and the endpoints, for 4 vCPUs', () => {
    const environment = environmentWith(clusterOf('10.0.0.0/16', 4));
    const withEndpoints = environmentWith({
      ...clusterOf('10.0.0.0/16', 4),
      network: { ...clusterOf('10.0.0.0/16', 4).network, interfaceEndpoints: ['kms', 'logs'] },
    });

    expect(clusterAddresses(environment)).toBe(3 * 130 + 16 + 5);
    expect(clusterAddresses(withEndpoints)).toBe(clusterAddresses(environment) + 2);
  });

  it('suffice in every environment that ships, several times over', () => {
    for (const name of Object.keys(ENVIRONMENTS)) {
      const environment = loadEnvironment(name);
      expect(2 ** (32 - (clusterMask(environment.network.cidr) ?? 32))).toBeGreaterThan(
        4 * clusterAddresses(environment),
      );
    }
  });

  it.each([
    ['10.0.0.0/22', 4, ['a', 'b'], 128, 411, 21],
    ['10.0.0.0/22', 2, ['a', 'b', 'c'], 128, 281, 21],
    ['10.0.0.0/20', 64, ['a', 'b', 'c'], 1024, 4311, 17],
  ])('refuse %s for %d vCPUs in zones %j', (cidr, vcpus, zones, available, needed, sufficientMask) => {
    const [line] = refusals(clusterOf(cidr, vcpus, zones));

    expect(line).toContain(
      `network.cidr: given "${cidr}"; allowed is a block of /${sufficientMask} or larger`,
    );
    expect(line).toContain(`has ${available} addresses`);
    expect(line).toContain(`of ${vcpus} vCPUs with what else it holds take ${needed}`);
    expect(refusals(clusterOf(`10.0.0.0/${sufficientMask}`, vcpus, zones))).toEqual([]);
  });

  it('do not count where there is no cluster', () => {
    expect(refusals({ network: { cidr: '10.0.0.0/22', zones: ['a', 'b', 'c'] } })).toEqual([]);
  });

  it('ask for fewer vCPUs where no block holds them', () => {
    const shortage = addressShortage({
      ...environmentWith(PUBLIC),
      platform: { ...environmentWith(PUBLIC).platform, peakNodeVcpus: 1000 },
    });

    expect(shortage).toMatchObject({ available: 16384 });
    expect(shortage).not.toHaveProperty('sufficientMask');
    expect(refusals(clusterOf('10.0.0.0/16', 1000))[0]).toContain('no block: lower platform.peakNodeVcpus');
  });
});

describe('the load balancer', () => {
  it('is internal unless the configuration says otherwise', () => {
    for (const name of Object.keys(ENVIRONMENTS)) {
      expect(loadEnvironment(name).platform.loadBalancer).toEqual({
        internetFacing: false,
        allowedCidrs: [],
      });
    }
  });

  it('may face the internet with a certificate and a list of who may come', () => {
    expect(refusals(PUBLIC)).toEqual([]);
    expect(
      refusals({
        ...PUBLIC,
        platform: { ...PUBLIC.platform, loadBalancer: { internetFacing: true, allowedCidrs: ['0.0.0.0/0'] } },
      }),
    ).toEqual([]);
  });

  it.each([
    [
      'without a certificate',
      { certificateArn: undefined },
      /platform\.certificateArn: given nothing; allowed is an ACM/,
    ],
    [
      'for nobody',
      { loadBalancer: { internetFacing: true } },
      /platform\.loadBalancer\.allowedCidrs: given \[\]; allowed is at least one block .*everybody is 0\.0\.0\.0\/0/,
    ],
    [
      'for what is no block',
      { loadBalancer: { internetFacing: true, allowedCidrs: ['office'] } },
      /platform\.loadBalancer\.allowedCidrs\[0\]: given "office"; allowed is an IPv4 block/,
    ],
    [
      'with a limit that WAF does not know',
      { loadBalancer: { ...PUBLIC.platform.loadBalancer, rateLimitPer5Minutes: 3e9 } },
      /rateLimitPer5Minutes: given 3000000000; allowed is a number of at most 2000000000/,
    ],
    [
      'with a limit that blocks the traffic it is planned for',
      { loadBalancer: { ...PUBLIC.platform.loadBalancer, rateLimitPer5Minutes: 2399 } },
      /rateLimitPer5Minutes: given 2399; allowed is at least 2400, or nothing: at peak there are 8 requests a second/,
    ],
    [
      'where it is internal, with a list that would mean nothing',
      { loadBalancer: { allowedCidrs: [OFFICE] } },
      /allowedCidrs: given \["203\.0\.113\.0\/24"\]; allowed is an empty list, unless/,
    ],
    [
      'without a platform',
      { enabled: false },
      /internetFacing: given true; allowed is false, unless platform\.enabled/,
    ],
  ])('is refused %s', (_name, platform, expected) => {
    expect(refusals({ ...PUBLIC, platform: { ...PUBLIC.platform, ...platform } })).toEqual([
      expect.stringMatching(expected),
    ]);
  });
});
