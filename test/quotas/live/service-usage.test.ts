import { loadEnvironment } from '../../../lib/config/load-environment';
import {
  type HostingType,
  HOSTING_TYPES,
  QUOTA,
  endpointQuotaKey,
} from '../../../lib/quotas/quota-catalogue';
import { type StandInAccount, type StandInEndpoint, newAccount } from '../../support/aws/account';
import { collected } from '../../support/aws/collect';

const M6G = endpointQuotaKey(HOSTING_TYPES.get('ml.m6g.large') as HostingType);
const arnOf = (name: string) => `arn:aws:sagemaker:us-east-1:123456789012:endpoint/${name}`;
const onInstances = (current?: number, desired?: number) => ({
  instanceType: 'ml.m6g.large',
  current,
  desired,
});

function accountWith(changes: Partial<StandInAccount>): StandInAccount {
  return { ...newAccount(), ...changes };
}

async function endpointUse(...endpoints: StandInEndpoint[]) {
  const { row } = await collected({ account: accountWith({ endpoints }) });
  return {
    total: row(QUOTA.endpointInstances).usage.value,
    type: row(M6G).usage.value,
    concurrency: row(QUOTA.serverlessConcurrency).usage.value,
    serverless: row(QUOTA.serverlessEndpoints).usage.value,
  };
}

describe('what an endpoint holds', () => {
  const cases: [string, StandInEndpoint, { instances: number }][] = [
    [
      'in service, is what runs',
      { name: 'a', status: 'InService', variants: [onInstances(2)] },
      { instances: 2 },
    ],
    [
      'while it is created, is what its configuration asks for',
      { name: 'a', status: 'Creating', variants: [onInstances(undefined, 3)] },
      { instances: 3 },
    ],
    [
      'while it scales out, is what it is asked to have',
      { name: 'a', status: 'Updating', variants: [onInstances(1, 4)] },
      { instances: 4 },
    ],
    [
      'while it scales in, is what it still has',
      { name: 'a', status: 'Updating', variants: [onInstances(4, 1)] },
      { instances: 4 },
    ],
    [
      'while it is updated, is both fleets',
      {
        name: 'a',
        status: 'Updating',
        variants: [onInstances(2)],
        pending: [onInstances(0, 2)],
      },
      { instances: 4 },
    ],
    [
      'while the system updates it, is what runs',
      { name: 'a', status: 'SystemUpdating', variants: [onInstances(2)] },
      { instances: 2 },
    ],
    [
      'while it rolls back, is both fleets',
      {
        name: 'a',
        status: 'RollingBack',
        variants: [onInstances(1)],
        pending: [onInstances(1, 1)],
      },
      { instances: 2 },
    ],
    [
      'while it is deleted, is still all of it',
      { name: 'a', status: 'Deleting', variants: [onInstances(2)] },
      { instances: 2 },
    ],
    [
      'that failed to be created, is nothing',
      { name: 'a', status: 'Failed', variants: [onInstances(2)] },
      { instances: 0 },
    ],
  ];

  it.each(cases)('%s', async (_name, endpoint, { instances }) => {
    expect(await endpointUse(endpoint)).toEqual({
      total: instances,
      type: instances,
      concurrency: 0,
      serverless: 0,
    });
  });

  it('is added up over every page of endpoints, and over serverless variants', async () => {
    const serverless = ['a', 'b', 'c'].map((name) => ({
      name,
      status: name === 'c' ? 'Creating' : 'InService',
      variants: [{ maxConcurrency: 3 }],
    }));
    const use = await endpointUse(...serverless, {
      name: 'd',
      status: 'InService',
      variants: [{ instanceType: 'ml.c5.xlarge', current: 1 }],
    });
    expect(use).toEqual({ total: 1, type: 0, concurrency: 9, serverless: 3 });
  });

  it('of serverless concurrency while it is updated, is the greater of both', async () => {
    const updated = {
      name: 'a',
      status: 'Updating',
      variants: [{ maxConcurrency: 2 }],
      pending: [{ maxConcurrency: 5 }],
    };
    expect(await endpointUse(updated)).toMatchObject({ concurrency: 5, serverless: 1 });
  });
});

describe('what this environment holds itself', () => {
  const endpoints = ['mini-xdr-dev-all-shared', 'mini-xdr-prod-all-shared'].map((name) => ({
    name,
    status: 'InService',
    variants: [onInstances(2)],
  }));
  const stacks = ['dev', 'prod', 'dev-2'].map((env) => ({
    name: `mini-xdr-${env}-Serving`,
    resources: [
      ['AWS::SageMaker::Endpoint', arnOf(`mini-xdr-${env}-all-shared`)],
      ['AWS::KMS::Key', `key-${env}`],
    ] as const,
  }));

  it('is not counted twice, and the other environment of the account is', async () => {
    const { row, resolved } = await collected({
      account: accountWith({ endpoints, stacks, kmsKeys: ['aws-rds', 'key-dev', 'key-prod'] }),
    });
    expect(row(QUOTA.endpointInstances)).toMatchObject({ usage: { value: 4 }, own: 2 });
    expect(resolved(QUOTA.endpointInstances).usedByOthers).toBe(2);
    expect(row(QUOTA.kmsKeys)).toMatchObject({ usage: { value: 3 }, own: 1 });
    expect(row(QUOTA.stacks)).toMatchObject({ usage: { value: 3 }, own: 1 });
  });

  it('makes no difference to what is left, once deployed', async () => {
    const before = await collected({ account: newAccount() });
    const after = await collected({
      account: accountWith({ endpoints: endpoints.slice(0, 1), stacks: stacks.slice(0, 1) }),
    });
    const keys = [QUOTA.endpointInstances, M6G, QUOTA.stacks] as const;
    for (const key of keys) {
      expect(after.resolved(key).usedByOthers).toBe(before.resolved(key).usedByOthers);
      expect(after.row(key).own).toBeGreaterThan(0);
    }
  });

  it('leaves usage unknown where stacks may not be listed, with the action', async () => {
    const { row } = await collected({
      account: accountWith({ endpoints }),
      denied: ['cloudformation:ListStacks'],
    });
    expect(row(QUOTA.endpointInstances)).toMatchObject({
      usage: { value: null, by: 'unknown' },
      missing: 'cloudformation:ListStacks',
    });
    expect(row(QUOTA.stacks).missing).toBe('cloudformation:ListStacks');
  });
});

/** An environment with everything deployed in an account where others are at work too. */
function busyAccount(): StandInAccount {
  const own = { tagSet: { item: { key: 'aws:cloudformation:stack-name', value: 'mini-xdr-dev-Network' } } };
  const cpu = { cpuOptions: { coreCount: 2, threadsPerCore: 2 } };
  const node = { tagSet: { item: { key: 'eks:eks-cluster-name', value: 'mini-xdr-dev' } } };
  return accountWith({
    stacks: [
      { name: 'mini-xdr-dev-Network', resources: [['AWS::EC2::VPCEndpoint', 'vpce-own']] },
      {
        name: 'mini-xdr-dev-Platform',
        resources: [
          ['AWS::EKS::Cluster', 'mini-xdr-dev'],
          ['AWS::ElasticLoadBalancingV2::LoadBalancer', 'lb-own'],
          ['AWS::ElasticLoadBalancingV2::TargetGroup', 'tg-own'],
        ],
      },
      { name: 'mini-xdr-dev-Data', resources: [['AWS::RDS::DBInstance', 'db-own']] },
      {
        name: 'mini-xdr-dev-Serving',
        resources: [
          [
            'AWS::ApplicationAutoScaling::ScalableTarget',
            'endpoint/own/variant/A|sagemaker:variant:DesiredInstanceCount|sagemaker',
          ],
        ],
      },
      { name: 'gone', status: 'DELETE_COMPLETE', resources: [] },
    ],
    notebooks: [
      { name: 'a', type: 'ml.t3.medium', status: 'Stopped' },
      { name: 'b', type: 'ml.m5.large', status: 'InService' },
      { name: 'c', type: 'ml.t3.medium', status: 'Failed' },
    ],
    clusters: ['mini-xdr-dev', 'other'],
    databases: [
      { id: 'db-own', storageGb: 20 },
      { id: 'db-other', storageGb: 50 },
    ],
    loadBalancers: [
      { arn: 'lb-own', type: 'application' },
      { arn: 'lb-other', type: 'application' },
      { arn: 'lb-net', type: 'network' },
    ],
    targetGroups: ['tg-own', 'tg-1', 'tg-2'],
    scalableTargets: ['endpoint/own/variant/A', 'endpoint/other/variant/A'],
    reservedConcurrency: 100,
    ec2: {
      vpcs: [{ vpcId: 'vpc-default' }, { vpcId: 'vpc-own', ...own }],
      internetGateways: [{ internetGatewayId: 'igw-own', ...own }],
      addresses: [{ allocationId: 'eip-1' }, { allocationId: 'eip-own', publicIp: '192.0.2.1', ...own }],
      natGateways: [
        { natGatewayId: 'nat-own', subnetId: 'subnet-a', ...own },
        { natGatewayId: 'nat-1', subnetId: 'subnet-a' },
        { natGatewayId: 'nat-2', subnetId: 'subnet-b' },
      ],
      subnets: [
        { subnetId: 'subnet-a', availabilityZone: 'us-east-1a' },
        { subnetId: 'subnet-b', availabilityZone: 'us-east-1b' },
      ],
      vpcEndpoints: [
        { vpcEndpointId: 'vpce-own', vpcEndpointType: 'Gateway', vpcId: 'vpc-own', state: 'available' },
        { vpcEndpointId: 'vpce-1', vpcEndpointType: 'Gateway', vpcId: 'vpc-default', state: 'available' },
        { vpcEndpointId: 'vpce-2', vpcEndpointType: 'Gateway', vpcId: 'vpc-default', state: 'deleted' },
        { vpcEndpointId: 'vpce-3', vpcEndpointType: 'Interface', vpcId: 'vpc-default', state: 'available' },
        { vpcEndpointId: 'vpce-4', vpcEndpointType: 'Interface', vpcId: 'vpc-default', state: 'pending' },
      ],
      instances: [
        { instanceId: 'i-1', instanceType: 'm5.xlarge', ...cpu },
        { instanceId: 'i-node', instanceType: 'c6g.xlarge', ...cpu, ...node },
        { instanceId: 'i-gpu', instanceType: 'p3.2xlarge', ...cpu },
        { instanceId: 'i-spot', instanceType: 'm5.xlarge', instanceLifecycle: 'spot', ...cpu },
      ],
    },
  });
}

describe('in a busy account', () => {
  it('every quota shows what others hold and what is own', async () => {
    const dev = loadEnvironment('dev');
    const network = { ...dev.network, interfaceEndpoints: ['logs' as const] };
    const { row } = await collected({ account: busyAccount() }, { ...dev, network });
    const use = Object.fromEntries(
      Object.entries(QUOTA)
        .filter(([name]) => !/^(serverless|provisioned|endpoint|instances)/.test(name))
        .map(([name, key]) => [name, [row(key).usage.value, row(key).own]]),
    );
    expect(use).toEqual({
      notebooks: [2, 0],
      scalableTargets: [2, 1],
      standardVcpus: [8, 4],
      elasticIps: [2, 1],
      vpcs: [2, 1],
      natGatewaysPerZone: [2, 1],
      internetGateways: [1, 1],
      interfaceEndpointsPerVpc: [2, 0],
      gatewayEndpoints: [2, 1],
      eksClusters: [2, 1],
      dbInstances: [2, 1],
      dbStorageGb: [70, 20],
      loadBalancers: [2, 1],
      targetGroups: [3, 1],
      lambdaConcurrency: [100, 0],
      kmsKeys: [3, 0],
      stacks: [4, 4],
    });
    expect(row('sagemaker/L-E17566B7').usage.value).toBe(1);
  });

  it('keys are counted over every page that lists them', async () => {
    const kmsKeys = Array.from({ length: 2_001 }, (_, index) => `key-${index}`);
    const { row, actions } = await collected({ account: accountWith({ kmsKeys }) });
    expect(row(QUOTA.kmsKeys)).toMatchObject({ usage: { value: 2_001 }, own: 0 });
    expect(actions.filter((action) => action === 'kms:ListKeys')).toHaveLength(3);
  });

  it('usage above the limit stays what it is', async () => {
    const base = accountWith({
      endpoints: [{ name: 'big', status: 'InService', variants: [onInstances(9)] }],
    });
    const { row, resolved } = await collected({ account: base });
    expect(row(QUOTA.endpointInstances)).toMatchObject({ value: 4, usage: { value: 9 }, own: 0 });
    expect(resolved(QUOTA.endpointInstances).usedByOthers).toBe(9);
  });
});
