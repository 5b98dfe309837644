import { loadEnvironment } from '../../../lib/config/load-environment';
import { QUOTA } from '../../../lib/quotas/quota-catalogue';
import { newAccount, withQuota } from '../../support/aws/account';
import { collected } from '../../support/aws/collect';

const POOL = QUOTA.serverlessConcurrency;
const [, POOL_CODE] = POOL.split('/') as [string, string];

describe('a live limit', () => {
  it('is the applied value, also where that is 0', async () => {
    const account = withQuota(newAccount(), 'sagemaker', POOL_CODE, { applied: 0, standard: 10 });
    const { row, resolved } = await collected({ account });
    expect(row(POOL)).toMatchObject({ value: 0, origin: 'applied' });
    expect(resolved(POOL).limit).toBe(0);
  });

  it('is the default, called so, where none is applied', async () => {
    const account = withQuota(newAccount(), 'sagemaker', POOL_CODE, { applied: undefined, standard: 10 });
    const { row } = await collected({ account });
    expect(row(POOL)).toMatchObject({ value: 10, origin: 'default' });
  });

  it('is the default of a quota that is missing in a list', async () => {
    const [service, code] = QUOTA.vpcs.split('/') as [string, string];
    const account = withQuota(newAccount(), service, code, { applied: undefined, standard: 5 });
    const { row } = await collected({ account });
    expect(row(QUOTA.vpcs)).toMatchObject({ value: 5, origin: 'default' });
    expect(row(QUOTA.internetGateways)).toMatchObject({ value: 5, origin: 'applied' });
  });

  it('comes from the service itself where that tells', async () => {
    const base = newAccount();
    const limits = {
      elasticIps: 6,
      stacks: 207,
      loadBalancers: 51,
      targetGroups: 301,
      dbInstances: 41,
      dbStorageGb: 101,
      concurrentExecutions: 10,
    };
    const { row, actions } = await collected(
      { account: { ...base, limits } },
      { ...loadEnvironment('prod'), hosting: { ...loadEnvironment('prod').hosting, modes: ['embedded'] } },
    );
    expect(
      [
        QUOTA.elasticIps,
        QUOTA.stacks,
        QUOTA.loadBalancers,
        QUOTA.targetGroups,
        QUOTA.dbInstances,
        QUOTA.dbStorageGb,
        QUOTA.lambdaConcurrency,
      ].map((key) => row(key).value),
    ).toEqual(Object.values(limits));
    expect(actions.filter((action) => action === 'rds:DescribeAccountAttributes')).toHaveLength(1);
  });

  describe('whose code is not found', () => {
    it('is found by its exact name through every page, and keeps the code that it was found under', async () => {
      const account = withQuota(newAccount(), 'sagemaker', POOL_CODE, { code: 'L-OTHER', applied: 7 });
      const { snapshot, resolved, actions } = await collected({ account });
      expect(resolved(POOL)).toMatchObject({ limit: 7, origin: 'applied' });
      expect(snapshot.quotas.map(({ code }) => code)).toContain('L-OTHER');
      expect(actions.filter((action) => action === 'servicequotas:ListServiceQuotas')).toHaveLength(21 + 1);
    });

    it('is unknown where no quota has that name either', async () => {
      const [service, code] = QUOTA.vpcs.split('/') as [string, string];
      const { row, resolved } = await collected({
        account: withQuota(newAccount(), service, code, undefined),
      });
      expect(row(QUOTA.vpcs)).toMatchObject({
        value: null,
        origin: 'unknown',
        missing: 'not in Service Quotas',
      });
      expect(resolved(QUOTA.vpcs)).toMatchObject({ limit: undefined, missing: 'not in Service Quotas' });
    });
  });

  it('is taken by name where the code belongs to another quota', async () => {
    const [service, code] = QUOTA.vpcs.split('/') as [string, string];
    const base = withQuota(newAccount(), service, code, { name: 'Something else', applied: 99 });
    const quotas = [
      ...(base.quotas[service] ?? []),
      { code: 'L-MOVED', name: 'VPCs per Region', applied: 8 },
    ];
    const { resolved } = await collected({
      account: { ...base, quotas: { ...base.quotas, [service]: quotas } },
    });
    expect(resolved(QUOTA.vpcs).limit).toBe(8);
  });

  it('keeps its code where AWS has renamed it', async () => {
    const [service, code] = QUOTA.vpcs.split('/') as [string, string];
    const account = withQuota(newAccount(), service, code, { name: 'Clouds per Region', applied: 9 });
    expect((await collected({ account })).resolved(QUOTA.vpcs).limit).toBe(9);
  });

  it('that AWS lists nowhere is left to configuration', async () => {
    const { snapshot, resolved } = await collected({});
    expect(snapshot.quotas.map(({ code }) => code)).not.toContain('serverless-memory-mb');
    expect(resolved(QUOTA.serverlessMemory)).toMatchObject({ limit: 3072, origin: 'configured' });
  });
});
