import { parseProduct } from '../../../lib/pricing/refresh/product';
import { queryOf } from '../../../lib/pricing/refresh/price-queries';
import type { PriceQuery } from '../../../lib/pricing/refresh/price-query';
import { selectPrices } from '../../../lib/pricing/refresh/select-prices';
import { type StandInProduct, productJson } from '../../support/pricing/product';

function query(key: string): PriceQuery {
  const found = queryOf(key);
  if (found === undefined) throw new Error(`${key} has no query`);
  return found;
}

const NAT: StandInProduct = {
  service: 'AmazonEC2',
  sku: 'NAT1',
  family: 'NAT Gateway',
  region: 'us-east-1',
  attributes: { usagetype: 'NatGateway-Hours' },
  unit: 'Hrs',
  tiers: [{ price: '0.0450000000' }],
};

/** What products, each NAT with changes, say about a key. */
function select(key: string, ...changes: Partial<StandInProduct>[]) {
  const products = changes.map((change) => parseProduct(productJson({ ...NAT, ...change })));
  return selectPrices(query(key), products);
}

describe('a price', () => {
  it('is that on demand, with its SKU, date and version, and never a reserved one', () => {
    expect(select('vpc.nat', {}).found.get('vpc.nat')).toEqual({
      service: 'AmazonEC2',
      usd: 0.045,
      unit: 'hour',
      confidence: 'sure',
      sku: 'NAT1',
      effective: '2026-12-01',
      version: '20261201093000',
    });
  });

  it('is that of the first tier which costs anything, in whatever order they stand', () => {
    const tiers = [
      { from: '1000', price: '0.03' },
      { from: '100', price: '0.04' },
      { from: '0', price: '0.0000' },
    ];
    expect(select('vpc.nat', { tiers }).found.get('vpc.nat')?.usd).toBe(0.04);
  });

  it('is scaled to the unit of the book without binary noise', () => {
    const requests = {
      attributes: { usagetype: 'Request' },
      unit: 'Requests',
      tiers: [{ price: '0.0000002000' }],
    };
    expect(select('lambda.requests', requests).found.get('lambda.requests')?.usd).toBe(0.2);
  });

  it('is not that of a free product beside it', () => {
    const { found, problems } = select('vpc.nat', { sku: 'FREE', tiers: [{ price: '0' }] }, {});
    expect(found.get('vpc.nat')?.sku).toBe('NAT1');
    expect(problems).toEqual([]);
  });

  it('may stand in the list twice, and is the same in every order', () => {
    const twice = [select('vpc.nat', {}, { sku: 'NAT0' }), select('vpc.nat', { sku: 'NAT0' }, {})];
    expect(twice.map(({ found }) => found.get('vpc.nat')?.sku)).toEqual(['NAT0', 'NAT0']);
  });

  it('of a family goes to the key that its attribute ends', () => {
    const attributes = { instanceName: 'ml.m5.large', instanceType: 'ml.m5.large-Hosting' };
    expect([...select('sagemaker.hosting.ml.m5.large', { attributes }).found.keys()]).toEqual([
      'sagemaker.hosting.ml.m5.large',
    ]);
  });

  it('is not there for a product that only looks alike, or that is not sold on demand', () => {
    expect(select('vpc.nat', { attributes: { usagetype: 'RegionalNatGateway-Hours' } }).found.size).toBe(0);
    const { terms: _none, ...reservedOnly } = parseProduct(productJson(NAT));
    expect(selectPrices(query('vpc.nat'), [reservedOnly])).toEqual({ found: new Map(), problems: [] });
  });

  it.each([
    ['unit', { unit: 'GB' }],
    ['currency', { currency: 'EUR' }],
    ['amount', { tiers: [{ price: '-1' }] }],
    ['amount', { tiers: [{ price: '0' }] }],
  ] as const)('with a wrong %s is a problem, even beside a good one', (kind, change) => {
    const beside = kind === 'amount' && change.tiers[0].price === '0' ? [] : [{ sku: 'GOOD' }];
    const { found, problems } = select('vpc.nat', change, ...beside);
    expect(problems.map((problem) => [problem.key, problem.kind])).toEqual([['vpc.nat', kind]]);
    expect(found.size).toBe(0);
  });
});
