import { about, said } from '../../support/deployed/verified';
import { steadyTime } from '../../support/jest/steady-time';
import { FULL, examined } from '../../support/deployed/verified-platform';

steadyTime(2);

/** What an instance that is otherwise is found to be. */
async function findingOf(properties: object, environment = FULL) {
  const { wrong } = await examined({
    environment,
    change: (account) => (account.database = { ...account.database, ...properties }),
  });
  expect(about(wrong).map(([kind]) => kind)).toEqual(['database']);
  const [{ outcome, remedy } = { outcome: undefined, remedy: null }] = wrong;
  return { text: said(wrong), outcome, remedy };
}

const group = (DBParameterGroupName: string, ParameterApplyStatus: string) => ({
  DBParameterGroups: { DBParameterGroup: { DBParameterGroupName, ParameterApplyStatus } },
});

describe('verifying the database', () => {
  it.each<[string, object]>([
    ['is stopped', { DBInstanceStatus: 'stopped' }],
    ['access from the internet is on, planned off', { PubliclyAccessible: true }],
    ['encryption is off, planned on', { StorageEncrypted: false }],
    ['IAM authentication is off, planned on', { IAMDatabaseAuthenticationEnabled: false }],
    ['deletion protection is off, planned on', { DeletionProtection: false }],
    ['backup retention in days is 1, planned 7', { BackupRetentionPeriod: 1 }],
    ['its version is 17.10, planned 17.9', { EngineVersion: '17.10' }],
    ['its parameter group is default.postgres17, planned own-group', group('default.postgres17', 'in-sync')],
    [
      'the state of its parameter group is failed-to-apply, planned in-sync',
      group('own-group', 'failed-to-apply'),
    ],
  ])('finds: %s', async (text, properties) => {
    const found = await findingOf(properties);
    expect(found).toMatchObject({ text, outcome: 'failed' });
    expect(found.remedy).toContain('docs/runbook.md#');
  });

  it('says how parameters that wait for a restart get it', async () => {
    const { outcome, remedy } = await findingOf(group('own-group', 'pending-reboot'));
    expect(outcome).toBe('failed');
    expect(remedy).toContain('aws rds reboot-db-instance');
  });

  it.each([{ DBInstanceStatus: 'backing-up' }, group('own-group', 'applying')])(
    'leaves open what passes by itself: %j',
    async (properties) => {
      expect((await findingOf(properties)).outcome).toBe('undetermined');
    },
  );

  it('names the changes that wait, and none of their values', async () => {
    const { text } = await findingOf({
      PendingModifiedValues: { DBInstanceClass: 'db.t4g.small', MasterUserPassword: 'hidden' },
    });
    expect(text).toBe('changes wait for the maintenance window: DBInstanceClass, MasterUserPassword');
  });

  it('misses an instance that was deleted beside its stack', async () => {
    const { wrong } = await examined({ change: (account) => (account.database = {}) });
    expect(said(wrong)).toBe('mini-xdr-dev-Data has no database that exists');
    expect(wrong[0]?.remedy).toContain('#database-differs');
  });
});

describe('verifying a platform that cannot be read', () => {
  it.each([
    ['eks:DescribeCluster', ['cluster']],
    ['eks:ListAccessEntries', ['cluster']],
    ['elasticloadbalancing:DescribeLoadBalancers', ['load-balancer']],
    ['elasticloadbalancing:DescribeListeners', ['load-balancer']],
    ['elasticloadbalancing:DescribeTargetHealth', ['workload', 'workload']],
    ['rds:DescribeDBInstances', ['database']],
    ['cloudformation:ListStackResources', ['cluster', 'load-balancer', 'workload', 'workload', 'database']],
  ])('leaves open what %s would tell, and names it', async (action, kinds) => {
    const { wrong, verdict } = await examined({ aws: { denied: [action] } });
    expect(verdict).toBe('undetermined');
    expect(wrong.map(({ kind }) => kind)).toEqual(kinds);
    for (const { details, remedy } of wrong) {
      expect(details).toEqual([`${action} was denied`]);
      expect(remedy).toBe(`allow ${action} (--print-policy shows the whole policy)`);
    }
  });

  it('still finds what is wrong beside what it may not read', async () => {
    const { wrong } = await examined({
      aws: { denied: ['eks:ListAccessEntries', 'elasticloadbalancing:DescribeLoadBalancers'] },
      change: (account) => {
        account.cluster = { ...account.cluster, version: '1.35' };
        account.listeners.pop();
      },
    });
    expect(about(wrong).map(([kind, , outcome]) => `${kind} ${outcome}`)).toEqual([
      'cluster failed',
      'load-balancer failed',
    ]);
    expect(said(wrong)).toContain('eks:ListAccessEntries was denied');
  });

  it('says of a stack that is not there that it is not', async () => {
    const { wrong } = await examined({
      change: (_account, stacks) => {
        delete stacks['mini-xdr-dev-Data'];
      },
    });
    expect(said(wrong)).toBe('stack mini-xdr-dev-Data does not exist');
  });

  it('gives up at the deadline on who does not answer, having asked everything at once', async () => {
    const { wrong, actions } = await examined({ aws: { silent: 'elasticloadbalancing' }, timeMs: 2_000 });

    expect(about(wrong).map(([kind, , outcome]) => `${kind} ${outcome}`)).toEqual([
      'load-balancer undetermined',
      'workload undetermined',
      'workload undetermined',
    ]);
    expect(said(wrong)).toContain('elasticloadbalancing:DescribeTargetHealth did not answer in time');
    expect(actions.filter((action) => action.startsWith('elasticloadbalancing:')).sort()).toEqual([
      'elasticloadbalancing:DescribeListeners',
      'elasticloadbalancing:DescribeLoadBalancers',
      'elasticloadbalancing:DescribeTargetHealth',
      'elasticloadbalancing:DescribeTargetHealth',
    ]);
  });

  it('reads through throttling', async () => {
    const throttledFirst = { 'eks:ListAccessEntries': 2, 'rds:DescribeDBInstances': 3 };
    expect((await examined({ aws: { throttledFirst } })).verdict).toBe('ok');
  });
});
