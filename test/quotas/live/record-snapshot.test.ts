import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadEnvironment } from '../../../lib/config/load-environment';
import { planDeployment } from '../../../lib/plan/plan';
import { UserError } from '../../../lib/util/user-error';
import { QUOTA, quotaKey } from '../../../lib/quotas/quota-catalogue';
import { driftBetween } from '../../../lib/account/plan-drift';
import { recordSnapshot, snapshotText } from '../../../lib/quotas/live/record-snapshot';
import type { RecordedQuota, Snapshot } from '../../../lib/quotas/snapshot-schema';
import { loadSnapshot } from '../../../lib/quotas/snapshot';
import { PRICES } from '../../support/aws/collect';

const recorded = loadSnapshot('mini-xdr-2025-11');

function changed(key: string, change: Partial<RecordedQuota>): Snapshot {
  return {
    ...recorded,
    quotas: recorded.quotas.map((quota) => (quotaKey(quota) === key ? { ...quota, ...change } : quota)),
  };
}

describe('a recorded snapshot', () => {
  it('reads back as what was written', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'snapshot-')), 'account.json');
    recordSnapshot(file, recorded);
    expect(existsSync(file)).toBe(true);
    const again = loadSnapshot(file);
    expect(new Map(again.quotas.map((quota) => [quotaKey(quota), quota]))).toEqual(
      new Map(recorded.quotas.map((quota) => [quotaKey(quota), quota])),
    );
    expect(readFileSync(file, 'utf8')).toBe(snapshotText(recorded));
  });

  it('is the same text whatever the order it was read in', () => {
    const shuffled = { ...recorded, quotas: recorded.quotas.toReversed() };
    expect(snapshotText(shuffled)).toBe(snapshotText(recorded));
  });

  it('changes in one line where one quota changes', () => {
    const before = snapshotText(recorded).split('\n');
    const after = snapshotText(changed(QUOTA.vpcs, { value: 6 })).split('\n');
    expect(after.filter((line, index) => line !== before[index])).toEqual([
      expect.stringContaining('"VPCs per Region","value":6'),
    ]);
  });

  it('that cannot be written says where and why', () => {
    expect(() => recordSnapshot('/does/not/exist/a.json', recorded)).toThrow(UserError);
    expect(() => recordSnapshot('/does/not/exist/a.json', recorded)).toThrow(/ENOENT/);
  });
});

describe('a live reading against the recorded one', () => {
  const environment = loadEnvironment('dev');
  const target = { region: 'us-east-1' };
  const plan = (snapshot: Snapshot) => planDeployment({ environment, target, snapshot, prices: PRICES });
  const then = plan(recorded);

  it('is no drift where only headroom differs', () => {
    expect(driftBetween(plan(changed(QUOTA.vpcs, { value: 50 })), then)).toEqual([]);
  });

  it('is drift where the verdict changes', () => {
    expect(driftBetween(plan(changed(QUOTA.vpcs, { value: 0 })), then)).toEqual([
      'the verdict was fits, is now blocked',
    ]);
  });

  it('is drift where the plan changes, endpoint by endpoint, with what it costs', () => {
    const now = plan(changed(QUOTA.serverlessConcurrency, { value: 4 }));
    expect(driftBetween(now, then)).toContainEqual(
      expect.stringMatching(/^endpoint mini-xdr-dev-general-serverless: maxConcurrency was 2, is now 1$/),
    );
    const { topology, cost } = then;
    const [, ...fewer] = topology.endpoints;
    const dearer = { ...cost, total: { ...cost.total, expected: cost.total.expected + 1 } };
    const differences = driftBetween(
      {
        verdict: then.verdict,
        topology: { ...topology, endpoints: fewer, embedded: ['general'] },
        cost: dearer,
      },
      then,
    );
    expect(differences).toEqual([
      'endpoint mini-xdr-dev-general-serverless is no longer planned',
      'served inside the Lambda was none, is now general',
      expect.stringMatching(/^expected cost a month was [\d.]+ USD, is now [\d.]+ USD$/),
    ]);
  });
});
