import { loadPriceBook } from '../../lib/pricing/price-book';
import { loadSnapshot } from '../../lib/quotas/snapshot';
import { hostingCostOf, sourceCosts } from '../support/plan/legacy-hosting-cost';
import { planFor, typeQuota } from '../support/plan/plan-fixtures';

const prices = loadPriceBook('us-east-1');

describe('the hosting of the source system', () => {
  it('costs by the price list what its instances cost for the whole month, beside what its table claims', () => {
    const figures = sourceCosts(prices).map(({ what, monthlyUsd, claimedUsd, models }) => ({
      what,
      monthlyUsd,
      claimedUsd,
      models,
    }));
    expect(figures).toEqual([
      { what: '2 × ml.t2.medium', monthlyUsd: 81.76, claimedUsd: undefined, models: 2 },
      { what: '1 × ml.t2.medium', monthlyUsd: 40.88, claimedUsd: 36, models: undefined },
      { what: '2 × ml.c5.xlarge', monthlyUsd: 297.84, claimedUsd: 504, models: undefined },
    ]);
  });

  it('is what the recorded account had in use', () => {
    const { service, code } = { service: 'sagemaker', code: typeQuota('ml.t2.medium').split('/')[1] };
    const recorded = loadSnapshot('mini-xdr-2025-11').quotas.find(
      (quota) => quota.service === service && quota.code === code,
    );
    expect(recorded?.usage.value).toBe(2);
  });

  it('says nothing of what has no price, rather than that it costs nothing', () => {
    const { 'sagemaker.hosting.ml.c5.xlarge': _gone, ...others } = prices.prices;
    expect(sourceCosts({ ...prices, prices: others }).map(({ what }) => what)).toEqual([
      '2 × ml.t2.medium',
      '1 × ml.t2.medium',
    ]);
  });
});

describe('hosting in a plan beside it', () => {
  it('is the endpoints alone, and with the function that answers for them', () => {
    const plan = planFor({ environment: { hosting: { modes: ['serverless'] } } });
    const sumOf = (start: RegExp) =>
      plan.cost.lines.filter(({ item }) => start.test(item)).reduce((sum, { expected }) => sum + expected, 0);
    const { hosted, endpoints, withInference } = hostingCostOf(plan);
    expect(hosted).toBe(4);
    expect(endpoints.expected).toBeCloseTo(sumOf(/^Endpoint /), 9);
    expect(withInference.expected).toBeCloseTo(sumOf(/^(Endpoint|Lambda|Metrics)/), 9);
    expect(withInference.expected).toBeGreaterThan(endpoints.expected);
  });

  it('has no endpoint where the function holds all models', () => {
    const cost = hostingCostOf(planFor({ environment: { hosting: { modes: ['embedded'] } } }));
    expect(cost).toMatchObject({ hosted: 0, endpoints: { expected: 0, idle: 0, max: 0 } });
    expect(cost.withInference.expected).toBeGreaterThan(0);
  });
});
