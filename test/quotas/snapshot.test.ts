import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { QUOTA, catalogue, quotaKey } from '../../lib/quotas/quota-catalogue';
import { quotaReader } from '../../lib/quotas/resolve-quota';
import { loadSnapshot, parseSnapshot, snapshotNames } from '../../lib/quotas/snapshot';
import { accountWith, typeQuota } from '../support/plan/plan-fixtures';

describe('the recorded Mini-XDR account', () => {
  const read = quotaReader(loadSnapshot('mini-xdr-2025-11'), {});

  it.each([
    ['endpoint instances', QUOTA.endpointInstances, 2, 2],
    ['ml.t2.medium', typeQuota('ml.t2.medium'), 2, 2],
    ['ml.c5.xlarge', typeQuota('ml.c5.xlarge'), 0, 0],
    ['serverless concurrency', QUOTA.serverlessConcurrency, 10, 0],
    ['serverless memory', QUOTA.serverlessMemory, 3072, 0],
  ])('holds the figures that were seen there: %s', (_name, key, limit, usedByOthers) => {
    expect(read(key)).toMatchObject({ limit, usedByOthers, assumed: false });
  });

  it('marks as assumed whatever nobody saw', () => {
    expect(read(QUOTA.serverlessEndpoints)).toMatchObject({ limit: 5, origin: 'default', assumed: true });
  });
});

describe('the new account', () => {
  const snapshot = loadSnapshot('new-account');
  const read = quotaReader(snapshot, {});

  it('has the default of every quota that Service Quotas lists', () => {
    for (const definition of catalogue().filter(({ listed }) => listed)) {
      expect([definition.name, read(quotaKey(definition)).limit]).toEqual([
        definition.name,
        definition.default ?? undefined,
      ]);
    }
  });

  it('has no endpoint instance and no serverless concurrency in use', () => {
    expect(read(QUOTA.endpointInstances).usedByOthers).toBe(0);
    expect(read(QUOTA.serverlessConcurrency).usedByOthers).toBe(0);
  });
});

describe('a snapshot', () => {
  const valid = accountWith();

  it('is refused with every error at once', () => {
    const [first] = valid.quotas;
    const input = {
      ...valid,
      schemaVersion: 2,
      account: '12',
      quotas: [{ ...first, origin: 'guessed', own: -1, usage: { value: 'two', by: 'describe' } }],
    };
    let message = '';
    try {
      parseSnapshot('account.json', input);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message.split('\n')).toEqual([
      'snapshot account.json is not valid (schema version 1):',
      '  - schemaVersion: given 2; allowed is 1',
      '  - account: given "12"; allowed is 12 digits',
      '  - quotas[0].origin: given "guessed"; allowed is one of applied, default, configured, unknown',
      '  - quotas[0].usage.value: given "two"; allowed is a number or null',
      '  - quotas[0].own: given -1; allowed is a number of at least 0',
    ]);
  });

  it('holds each quota once', () => {
    const quotas = [...valid.quotas, ...valid.quotas.slice(0, 1)];
    expect(() => parseSnapshot('twice.json', { ...valid, quotas })).toThrow(
      'snapshot twice.json holds sagemaker/L-7A3DF611 twice; each quota stands once',
    );
  });

  it('counts a missing own part as nothing', () => {
    const quotas = valid.quotas.map(({ own: _own, ...row }) => row);
    expect(parseSnapshot('x', { ...valid, quotas }).quotas.every(({ own }) => own === 0)).toBe(true);
  });
});

describe('reading a snapshot', () => {
  const folder = mkdtempSync(join(tmpdir(), 'snapshot-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('takes a shipped one by name', () => {
    expect(snapshotNames()).toEqual(['mini-xdr-2025-11', 'new-account']);
    expect(loadSnapshot('new-account').region).toBe('us-east-1');
  });

  it('takes any file by path', () => {
    const file = join(folder, 'mine.json');
    writeFileSync(file, JSON.stringify(accountWith()));
    expect(loadSnapshot(file)).toEqual(accountWith());
  });

  it('names the shipped ones when there is no such thing', () => {
    expect(() => loadSnapshot('nowhere')).toThrow(
      'there is no snapshot "nowhere": give a file, or one of mini-xdr-2025-11, new-account',
    );
  });

  it('says what is wrong with a file that is no JSON, or no file', () => {
    const file = join(folder, 'broken.json');
    writeFileSync(file, '{"quotas": [');
    expect(() => loadSnapshot(file)).toThrow(/^snapshot .*broken\.json cannot be read as JSON: /);
    expect(() => loadSnapshot(folder)).toThrow(/cannot be read as JSON: /);
  });
});
