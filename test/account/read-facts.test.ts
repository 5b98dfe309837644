import type { AccountNeeds } from '../../lib/account/account-facts';
import { readAccountFacts } from '../../lib/account/read-facts';
import { ACCOUNT_ACTIONS } from '../../lib/account/account-reading';
import { REPOSITORY, singleImage } from '../support/aws/container-registry';
import { type AccountSetup, accountStandIn } from '../support/aws/account-stand-in';

const NEEDS: AccountNeeds = {
  region: 'us-east-1',
  linkedRoles: [
    { service: 'eks.amazonaws.com', role: 'AWSServiceRoleForAmazonEKS', madeBy: 'eks:CreateCluster' },
    { service: 'rds.amazonaws.com', role: 'AWSServiceRoleForRDS', madeBy: 'rds:CreateDBInstance' },
  ],
  logGroups: [{ name: '/aws/eks/mini-xdr-dev/cluster', stack: 'mini-xdr-dev-Platform', importable: false }],
  zones: ['us-east-1a', 'us-east-1b'],
  instances: [{ instanceType: 'm5.xlarge', zone: 'us-east-1a' }],
  cluster: true,
  adminRole: { resource: 'role/administrator', name: 'administrator' },
  serverless: true,
  peakRps: 110,
};

const SETUP: AccountSetup = {
  bootstrap: '21',
  lambdaConcurrency: 10,
  roles: ['AWSServiceRoleForAmazonEKS', 'administrator'],
  zones: { 'us-east-1b': ['use1-az2', 'impaired'], 'us-east-1a': ['use1-az1', 'available'] },
  offerings: { 'm5.xlarge': ['us-east-1c', 'us-east-1a', 'us-east-1b'] },
};

async function read(changes: AccountSetup = {}, signal?: AbortSignal, needs: Partial<AccountNeeds> = {}) {
  const { clients, actions, close } = await accountStandIn({ ...SETUP, ...changes });
  try {
    return { facts: await readAccountFacts({ ...NEEDS, ...needs }, clients, { signal }), actions };
  } finally {
    await close();
  }
}

it('reads what an account is like, over all pages', async () => {
  const { facts } = await read();

  expect(facts).toEqual({
    bootstrapVersion: { known: true, value: 21 },
    lambdaConcurrency: { known: true, value: 10 },
    serviceLinkedRoles: {
      'eks.amazonaws.com': { known: true, value: true },
      'rds.amazonaws.com': { known: true, value: false },
    },
    zones: {
      known: true,
      value: [
        { name: 'us-east-1a', id: 'use1-az1', available: true },
        { name: 'us-east-1b', id: 'use1-az2', available: false },
      ],
    },
    zonesOffering: { 'm5.xlarge': { known: true, value: ['us-east-1a', 'us-east-1b', 'us-east-1c'] } },
    adminRole: { known: true, value: 'role/administrator' },
    orphanedLogGroups: { known: true, value: [] },
    accountPlan: 'unknown',
  });
});

it('takes an account that was never bootstrapped for one without, not for unknown', async () => {
  const { facts } = await read({ bootstrap: undefined });
  expect(facts.bootstrapVersion).toEqual({ known: true, value: null });
});

it('does not take a version that is no number for one', async () => {
  const { facts } = await read({ bootstrap: 'none' });
  expect(facts.bootstrapVersion).toMatchObject({ known: false, reason: 'failed' });
});

it.each([
  ['ssm:GetParameter', 'bootstrapVersion'],
  ['lambda:GetAccountSettings', 'lambdaConcurrency'],
  ['ec2:DescribeAvailabilityZones', 'zones'],
] as const)('says that %s was denied, and reads everything else', async (action, fact) => {
  const { facts } = await read({ denied: [action] });
  const { [fact]: unread, ...rest } = facts;

  expect(unread).toEqual({ known: false, action, reason: 'denied' });
  expect(JSON.stringify(rest)).not.toContain('"known":false');
});

it('says of roles and offerings which action was denied', async () => {
  const { facts } = await read({ denied: ['iam:GetRole', 'ec2:DescribeInstanceTypeOfferings'] });

  expect(facts.serviceLinkedRoles['rds.amazonaws.com']).toEqual({
    known: false,
    action: 'iam:GetRole',
    reason: 'denied',
  });
  expect(facts.zonesOffering['m5.xlarge']).toMatchObject({ action: 'ec2:DescribeInstanceTypeOfferings' });
  expect(facts.adminRole).toEqual({ known: false, action: 'iam:GetRole', reason: 'denied' });
});

it.each([
  ['is not there', [], null],
  ['is there under another path', ['operations/administrator'], 'role/operations/administrator'],
])('tells an administrator who %s from one who could not be looked up', async (_name, roles, value) => {
  const { facts } = await read({ roles });
  expect(facts.adminRole).toEqual({ known: true, value });
});

it.each([
  ['there is none', undefined],
  ['it is of another account', { ...NEEDS.adminRole, otherAccount: '999999999999' }],
])('looks up no administrator where %s', async (_name, adminRole) => {
  const { facts, actions } = await read({}, undefined, { adminRole: adminRole as AccountNeeds['adminRole'] });

  expect(facts).not.toHaveProperty('adminRole');
  expect(actions.filter((action) => action === 'iam:GetRole')).toHaveLength(NEEDS.linkedRoles.length);
});

it('takes no answer for no knowledge, never for absence', async () => {
  const { facts } = await read({ broken: true });
  expect(JSON.stringify(facts)).not.toContain('"known":true');
  expect(facts.bootstrapVersion).toMatchObject({ reason: 'failed' });
});

it('ends with what it has when its time is over', async () => {
  const { facts } = await read({}, AbortSignal.abort());
  expect(JSON.stringify(facts)).not.toContain('"known":true');
});

it('asks neither registry nor ACM where the environment has no images and no certificate', async () => {
  const { facts, actions } = await read();

  expect(facts).not.toHaveProperty('images');
  expect(facts).not.toHaveProperty('certificate');
  expect(actions.filter((action) => /^(ecr|acm):/.test(action))).toEqual([]);
});

describe('a log group that the stacks are to make', () => {
  const GROUPS = ['Platform', 'Data'].map((stack) => ({
    name: `/aws/${stack}`,
    stack: `mini-xdr-dev-${stack}`,
    importable: false,
  }));
  const [cluster, database] = ['/aws/Platform', '/aws/Data'] as const;
  const orphaned = async (setup: AccountSetup) =>
    (await read(setup, undefined, { logGroups: GROUPS })).facts.orphanedLogGroups;

  it.each<[string, AccountSetup, string[]]>([
    ['is not there', {}, []],
    ['is there under a longer name', { logGroups: [`${cluster}-2`, `/before${cluster}`] }, []],
    [
      'is left of stacks that are gone',
      { logGroups: [`${cluster}-2`, cluster, database] },
      [cluster, database],
    ],
    [
      'is there and its stack has another',
      {
        logGroups: [cluster],
        stacks: { 'mini-xdr-dev-Platform': [['another', 'CREATE_COMPLETE']] },
      },
      [cluster],
    ],
    [
      'was kept when its stack gave it up',
      {
        logGroups: [cluster],
        stacks: { 'mini-xdr-dev-Platform': [[cluster, 'DELETE_SKIPPED']] },
      },
      [cluster],
    ],
    [
      'is held by its stack, on a later page',
      {
        logGroups: [cluster],
        stacks: {
          'mini-xdr-dev-Platform': [
            ['another', 'CREATE_COMPLETE'],
            [cluster, 'UPDATE_COMPLETE'],
          ],
        },
      },
      [],
    ],
  ])('%s', async (_name, setup, expected) => {
    expect(await orphaned(setup)).toEqual({ known: true, value: expected });
  });

  it.each([
    ['logs:DescribeLogGroups', {}],
    ['cloudformation:ListStackResources', { logGroups: [cluster] }],
  ])('is not known where %s is denied', async (action, setup) => {
    expect(await orphaned({ ...setup, denied: [action] })).toEqual({
      known: false,
      action,
      reason: 'denied',
    });
  });
});

it('takes no action but those of its policy, and takes them all', async () => {
  const { setup, digest } = singleImage({ architecture: 'amd64', os: 'linux' });
  const image = {
    workload: 'backend',
    repository: REPOSITORY,
    digest,
    own: true,
    stated: ['amd64'],
  } as const;
  const logGroups = NEEDS.logGroups.map(({ name }) => name);
  const { actions } = await read({ ...setup, logGroups }, undefined, {
    images: { nodes: 'amd64', inRegistry: [image], elsewhere: [] },
    certificate: 'arn:aws:acm:us-east-1:111122223333:certificate/0f1e2d3c',
  });

  expect([...new Set(actions)].sort()).toEqual([...ACCOUNT_ACTIONS]);
});
