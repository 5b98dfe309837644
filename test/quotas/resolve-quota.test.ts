import { QUOTA } from '../../lib/quotas/quota-catalogue';
import { configuredLimits, quotaReader } from '../../lib/quotas/resolve-quota';
import type { RecordedQuota, Snapshot } from '../../lib/quotas/snapshot-schema';
import { accountWith, environmentWith } from '../support/plan/plan-fixtures';

const CONCURRENCY = QUOTA.serverlessConcurrency;

function recorded(row: Partial<RecordedQuota>): Snapshot {
  const base: RecordedQuota = {
    service: 'sagemaker',
    code: 'L-96300102',
    name: 'Maximum total concurrency that can be allocated across all serverless endpoints',
    value: 10,
    origin: 'applied',
    usage: { value: 0, by: 'describe' },
    own: 0,
  };
  return { ...accountWith(), quotas: [{ ...base, ...row }] };
}

describe('a limit', () => {
  it('is the one recorded under its code', () => {
    expect(quotaReader(recorded({ name: 'renamed' }), {})(CONCURRENCY)).toMatchObject({
      limit: 10,
      origin: 'applied',
    });
  });

  it('is found by its name where the code differs', () => {
    expect(quotaReader(recorded({ code: 'L-OTHER' }), {})(CONCURRENCY)).toMatchObject({
      limit: 10,
      origin: 'applied',
    });
  });

  it('is taken by code rather than by name', () => {
    const { quotas } = recorded({ code: 'L-OTHER', value: 7 });
    const both = { ...recorded({ name: 'renamed' }) };
    expect(quotaReader({ ...both, quotas: [...both.quotas, ...quotas] }, {})(CONCURRENCY).limit).toBe(10);
    expect(quotaReader({ ...both, quotas: [...quotas, ...both.quotas] }, {})(CONCURRENCY).limit).toBe(10);
  });

  it('is not found by the name of another service', () => {
    const snapshot = recorded({ code: 'L-OTHER', service: 'sagemaker-edge' });
    expect(quotaReader(snapshot, {})(CONCURRENCY)).toMatchObject({ limit: undefined, origin: 'unknown' });
  });

  it('is the configured one before any that is recorded', () => {
    expect(quotaReader(recorded({}), { [CONCURRENCY]: { value: 3 } })(CONCURRENCY)).toMatchObject({
      limit: 3,
      origin: 'configured',
    });
  });

  it.each([
    ['not recorded', { ...recorded({}), quotas: [] }],
    ['recorded without a value', recorded({ value: null })],
    ['recorded as unknown, whatever its value', recorded({ origin: 'unknown', value: 0 })],
  ])('is unknown, not zero and not the default, when %s', (_name, snapshot) => {
    expect(quotaReader(snapshot, {})(CONCURRENCY)).toMatchObject({ limit: undefined, origin: 'unknown' });
  });

  it('is the documented 3072 MB for serverless memory, which no account lists', () => {
    expect(quotaReader({ ...recorded({}), quotas: [] }, {})(QUOTA.serverlessMemory)).toMatchObject({
      limit: 3072,
      origin: 'configured',
      usedByOthers: 0,
    });
  });

  it('is refused when configuration sets it for a quota that does not exist', () => {
    const limits = {
      'sagemaker/L-TYPO': { value: 1 },
      'ec2/L-NONE': { value: 1 },
      [CONCURRENCY]: { value: 1 },
    };
    expect(() => quotaReader(recorded({}), limits)).toThrow(
      /^limits: sagemaker\/L-TYPO, ec2\/L-NONE are not in the quota catalogue/,
    );
  });
});

describe('usage by others', () => {
  it('leaves out what this environment holds itself', () => {
    const snapshot = recorded({ usage: { value: 6, by: 'describe' }, own: 4 });
    expect(quotaReader(snapshot, {})(CONCURRENCY).usedByOthers).toBe(2);
  });

  it('is never negative', () => {
    const snapshot = recorded({ usage: { value: 1, by: 'describe' }, own: 4 });
    expect(quotaReader(snapshot, {})(CONCURRENCY).usedByOthers).toBe(0);
  });

  it('grows by what configuration keeps free for others', () => {
    const snapshot = recorded({ usage: { value: 6, by: 'describe' }, own: 4 });
    expect(quotaReader(snapshot, { [CONCURRENCY]: { reserved: 3 } })(CONCURRENCY)).toMatchObject({
      limit: 10,
      usedByOthers: 5,
    });
  });

  it('is the configured one before any that is recorded, and where none is', () => {
    const limits = { [CONCURRENCY]: { usage: 3, reserved: 2 } };
    const unread = recorded({ usage: { value: null, by: 'unknown' }, own: 4 });
    for (const snapshot of [unread, recorded({ usage: { value: 6, by: 'describe' }, own: 4 })]) {
      expect(quotaReader(snapshot, limits)(CONCURRENCY)).toMatchObject({
        limit: 10,
        usedByOthers: 5,
        usageOrigin: 'configured',
      });
    }
    expect(quotaReader(recorded({}), {})(CONCURRENCY).usageOrigin).toBe('read');
    expect(quotaReader(unread, {})(CONCURRENCY).usageOrigin).toBe('unknown');
  });

  it.each([
    ['nobody could read it', recorded({ usage: { value: 0, by: 'unknown' } })],
    ['it has no value', recorded({ usage: { value: null, by: 'describe' } })],
    ['the quota is not recorded', { ...recorded({}), quotas: [] }],
  ])('is unknown, not zero, when %s', (_name, snapshot) => {
    const limits = { [CONCURRENCY]: { value: 10, reserved: 2 } };
    expect(quotaReader(snapshot, limits)(CONCURRENCY)).toMatchObject({ limit: 10, usedByOthers: undefined });
  });

  it.each([
    ['endpoint', QUOTA.instancesPerEndpoint],
    ['vpc', QUOTA.interfaceEndpointsPerVpc],
  ])('does not count against a limit on each single %s', (_scope, key) => {
    const snapshot = accountWith({ [key]: { limit: 4, used: 40 } });
    expect(quotaReader(snapshot, {})(key).usedByOthers).toBe(0);
    expect(quotaReader(accountWith({ [key]: { limit: 4 } }), {})(key).usedByOthers).toBe(0);
  });

  it('counts against a limit on each zone', () => {
    const key = QUOTA.natGatewaysPerZone;
    expect(quotaReader(accountWith({ [key]: { limit: 5, used: 2 } }), {})(key).usedByOthers).toBe(2);
  });
});

describe('a row that nobody read from the account', () => {
  it('is marked', () => {
    expect(quotaReader(recorded({ assumed: true }), {})(CONCURRENCY).assumed).toBe(true);
    expect(quotaReader(recorded({}), {})(CONCURRENCY).assumed).toBe(false);
  });
});

describe('the limit on provisioned concurrency', () => {
  it('is the one that configuration gives, all of it for this environment', () => {
    const environment = environmentWith({
      hosting: { serverless: { provisionedConcurrency: { accountLimit: 6, usdPerGbSecond: 1e-5 } } },
    });
    expect(
      quotaReader(accountWith(), configuredLimits(environment))(QUOTA.provisionedConcurrency),
    ).toMatchObject({
      limit: 6,
      origin: 'configured',
      usedByOthers: 0,
    });
  });

  it('is unknown where configuration gives none', () => {
    const read = quotaReader(accountWith(), configuredLimits(environmentWith()));
    expect(read(QUOTA.provisionedConcurrency)).toMatchObject({ limit: undefined, origin: 'unknown' });
  });

  it('keeps free what configuration reserves', () => {
    const environment = environmentWith({
      hosting: { serverless: { provisionedConcurrency: { accountLimit: 6, usdPerGbSecond: 1e-5 } } },
      limits: { [QUOTA.provisionedConcurrency]: { reserved: 2 } },
    });
    expect(
      quotaReader(accountWith(), configuredLimits(environment))(QUOTA.provisionedConcurrency),
    ).toMatchObject({
      limit: 6,
      usedByOthers: 2,
    });
  });
});
