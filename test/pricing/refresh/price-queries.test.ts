import { loadPriceBook } from '../../../lib/pricing/price-book';
import { PRICE_QUERIES, queryOf } from '../../../lib/pricing/refresh/price-queries';
import { bareUsageType } from '../../../lib/pricing/refresh/price-query';

const { prices } = loadPriceBook('us-east-1');

describe('the table of queries', () => {
  it.each(Object.entries(prices))(
    'knows where the price of %s stands, in the unit of the book',
    (key, { unit }) => {
      expect(queryOf(key)?.unit).toBe(unit);
    },
  );

  it('holds each key once, and none that the book does not know', () => {
    const keys = PRICE_QUERIES.flatMap(({ key }) => (typeof key === 'string' ? [key] : []));
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.filter((key) => prices[key] === undefined)).toEqual([]);
  });

  it('has no query for a key that it does not know', () => {
    expect(queryOf('sagemaker.serverless.provisioned')).toBeUndefined();
  });
});

describe('the prefix of a region in usage types', () => {
  it.each([
    ['NatGateway-Hours', 'NatGateway-Hours'],
    ['USE1-NatGateway-Hours', 'NatGateway-Hours'],
    ['EU-NatGateway-Hours', 'NatGateway-Hours'],
    ['APN1-BoxUsage:m5.large', 'BoxUsage:m5.large'],
    ['us-gov-west-1-KMS-Keys', 'KMS-Keys'],
    ['eu-west-1-KMS-Keys', 'KMS-Keys'],
  ])('is left out: %s', (usageType, bare) => {
    expect(bareUsageType(usageType)).toBe(bare);
  });

  it.each([
    'TS-LoadBalancerUsage',
    'Global-Request',
    'EBS:VolumeUsage.gp3',
    'CW:AlarmMonitorUsage',
    'RDS:GP3-Storage',
  ])('is not taken for the beginning of another product: %s', (usageType) => {
    expect(bareUsageType(usageType)).toBe(usageType);
  });

  it('is left out once, so that a local zone is another product', () => {
    expect(bareUsageType('USE1-BOS1-EBS:VolumeUsage.gp3')).toBe('BOS1-EBS:VolumeUsage.gp3');
  });
});
