import { loadEnvironment } from '../../lib/config/load-environment';
import { collectSnapshot } from '../../lib/quotas/live/collect-snapshot';
import { QUOTA } from '../../lib/quotas/quota-catalogue';
import { OPERATIONS } from '../../lib/aws/quota-actions';
import { collectorPolicy } from '../../lib/aws/policy';
import { newAccount, withQuota } from '../support/aws/account';
import { against, optionsFor } from '../support/aws/collect';

/** An account in which the collector has to ask for everything that it can ask for. */
function account() {
  const [service, code] = QUOTA.kmsKeys.split('/') as [string, string];
  return {
    ...withQuota(newAccount(), service, code, { applied: undefined }),
    endpoints: [{ name: 'a', status: 'InService', variants: [{ instanceType: 'ml.m6g.large', current: 1 }] }],
    stacks: [{ name: 'mini-xdr-dev-Data', resources: [['AWS::RDS::DBInstance', 'db'] as const] }],
    databases: [{ id: 'db', storageGb: 20 }],
    ec2: {
      ...newAccount().ec2,
      natGateways: [{ natGatewayId: 'nat', subnetId: 'subnet' }],
      subnets: [{ subnetId: 'subnet', availabilityZone: 'us-east-1a' }],
    },
  };
}

describe('the policy of the check', () => {
  it('allows exactly the actions that the check calls', async () => {
    const called = await against({ account: account() }, async ({ actions }) => {
      await collectSnapshot(optionsFor(loadEnvironment('dev')));
      return new Set(actions);
    });
    const allowed = collectorPolicy().Statement.flatMap(({ Action }) => Action);
    // AWS asks for no permission to learn one's own identity.
    called.delete('sts:GetCallerIdentity');
    expect(allowed.toSorted()).toEqual([...called].sort());
    expect(new Set(allowed).size).toBe(allowed.length);
  });

  it('only reads', () => {
    for (const { Effect, Action } of collectorPolicy().Statement) {
      expect(Effect).toBe('Allow');
      for (const action of Action) expect(action).toMatch(/:(Get|List|Describe)[A-Za-z]+$/);
    }
  });

  it('reaches into the stacks of its environment only, where its account and region are known', () => {
    const environment = { ...loadEnvironment('dev'), account: '123456789012' };
    const resources = new Map(
      collectorPolicy({ environment }).Statement.flatMap(({ Action, Resource }) =>
        Action.map((action) => [action, Resource] as const),
      ),
    );
    expect(resources.get('cloudformation:ListStackResources')).toBe(
      'arn:aws:cloudformation:us-east-1:123456789012:stack/mini-xdr-dev-*',
    );
    expect(resources.get('sagemaker:DescribeEndpoint')).toBe(
      'arn:aws:sagemaker:us-east-1:123456789012:endpoint/*',
    );
    expect(resources.get('ec2:DescribeVpcs')).toBe('*');
  });

  it('names every service of the collector', () => {
    const prefixes = new Set(
      collectorPolicy().Statement.flatMap(({ Action }) => Action.map((action) => action.split(':')[0])),
    );
    const services = Object.values(OPERATIONS).map(({ iam }) => iam);
    expect(services.filter((iam) => iam !== 'sts' && !prefixes.has(iam))).toEqual([]);
  });
});
