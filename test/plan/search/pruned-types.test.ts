import type { DeployedEndpoint } from '../../../lib/plan/replacement/existing-deployment';
import type { Limits } from '../../../lib/plan/search/objective';
import { TEST_PROFILES } from '../../support/plan/plan-profiles';
import { pruneTypes } from '../../../lib/plan/search/pruned-types';
import { loadPriceBook } from '../../../lib/pricing/price-book';
import { HOSTING_TYPES, type QuotaKey, quotaDefinition } from '../../../lib/quotas/quota-catalogue';
import { environmentWith, typeQuota } from '../../support/plan/plan-fixtures';

const context = {
  environment: environmentWith(),
  region: 'us-east-1',
  prices: loadPriceBook('us-east-1'),
  profiles: TEST_PROFILES,
};

/** Which of some types stay, where the account has a quota of zero for all but those given. */
function staying(
  names: readonly string[],
  quotas: Readonly<Record<string, number | undefined>> = {},
  running?: DeployedEndpoint,
): string[] {
  const limits = new Map<QuotaKey, number | undefined>(
    names.map((name) => [typeQuota(name), name in quotas ? quotas[name] : 0]),
  );
  const read: Limits['read'] = (key) => ({
    definition: quotaDefinition(key),
    limit: limits.get(key),
    origin: 'applied',
    usedByOthers: 0,
    usageOrigin: 'read',
    assumed: false,
  });
  const types = names.flatMap((name) => HOSTING_TYPES.get(name) ?? []);
  const kept = pruneTypes(
    types,
    context,
    { read, platform: new Map(), platformUsd: 0, budgetUsd: 1 },
    running,
  );
  return kept.map(({ instanceType }) => instanceType);
}

describe('a type without quota', () => {
  it('is left out where a cheaper one of the same size has none either', () => {
    expect(staying(['ml.m5.large', 'ml.m6g.large'])).toEqual(['ml.m6g.large']);
  });

  it('stays beside a cheaper one with less memory, or with fewer vCPUs', () => {
    expect(staying(['ml.c6g.large', 'ml.m6g.large'])).toHaveLength(2);
    expect(staying(['ml.r6g.large', 'ml.c6g.xlarge'])).toHaveLength(2);
  });

  it('stays where it has quota and the cheaper one has none', () => {
    expect(staying(['ml.m5.large', 'ml.m6g.large'], { 'ml.m5.large': 1 })).toHaveLength(2);
  });

  it('stays beside a cheaper one of which the quota is unknown, and is left out where both are', () => {
    expect(staying(['ml.m5.large', 'ml.m6g.large'], { 'ml.m6g.large': undefined })).toHaveLength(2);
    const unknown = { 'ml.m5.large': undefined, 'ml.m6g.large': undefined };
    expect(staying(['ml.m5.large', 'ml.m6g.large'], unknown)).toEqual(['ml.m6g.large']);
  });

  it('stays where something runs, as staying on it may be worth its price', () => {
    const running: DeployedEndpoint = {
      endpoints: new Set(['mini-xdr-test-ddos-dedicated-m5-large']),
      served: new Map(),
      hosted: new Set(['ddos']),
      held: new Map(),
      thresholdUsd: 10,
    };
    expect(staying(['ml.m5.large', 'ml.m6g.large'], {}, running)).toHaveLength(2);
  });

  it('stays where it can scale and the cheaper one, which is burstable, cannot', () => {
    expect(staying(['ml.t2.large', 'ml.m5.large'])).toHaveLength(2);
  });
});

describe('of types that are equal in everything', () => {
  it('the same one stays in whatever order they are listed', () => {
    const types = ['ml.c5.large', 'ml.c6i.large'];
    expect(staying(types.toReversed())).toEqual(staying(types));
    expect(staying(types)).toHaveLength(1);
  });
});
