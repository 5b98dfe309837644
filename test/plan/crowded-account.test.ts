import { QUOTA } from '../../lib/quotas/quota-catalogue';
import { loadPriceBook } from '../../lib/pricing/price-book';
import { planFor, typeQuota } from '../support/plan/plan-fixtures';

const { prices } = loadPriceBook('us-east-1');
const usd = (type: string) => prices[`sagemaker.hosting.${type}`]?.usd ?? Number.NaN;

/** Types of two vCPUs and 8 GiB at least, so that each does for a specialist what any other does. */
const TYPES = [
  'ml.m6g.large',
  'ml.m5.large',
  'ml.m5d.large',
  'ml.m6gd.large',
  'ml.m5.xlarge',
  'ml.r5.xlarge',
] as const;
const byPrice = [...TYPES].sort((a, b) => usd(a) - usd(b));

/** Types of the plan that hosts each specialist alone, where every type has that many instances. */
function typesOf(each: number): string[] {
  const limits = Object.fromEntries(TYPES.map((type) => [typeQuota(type), { limit: each, used: 0 }]));
  const { verdict, topology } = planFor({
    environment: {
      hosting: { modes: ['dedicated'], instanceTypes: [...TYPES] },
      availability: { minInstances: 1, autoscaling: false },
    },
    account: { ...limits, [QUOTA.endpointInstances]: { limit: 20, used: 0 } },
  });
  expect(verdict).toBe('fits');
  return topology.endpoints
    .map((endpoint) => ('instanceType' in endpoint ? endpoint.instanceType : endpoint.mode))
    .sort((a, b) => usd(a) - usd(b));
}

describe('where every type has a few instances', () => {
  it('each endpoint is on a type of its own, the four cheapest, if a type has room for one and its update', () => {
    expect(typesOf(2)).toEqual(byPrice.slice(0, 4));
  });

  it('two share the cheapest type, and two the next, if a type has room for two and an update', () => {
    const [first, second] = byPrice;
    expect(typesOf(3)).toEqual([first, first, second, second]);
  });
});
