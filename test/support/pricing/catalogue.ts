import type { PriceBook } from '../../../lib/pricing/price-book';
import { computeRows, databaseRows, networkRows, serviceRows } from './platform-products';
import type { StandInProduct } from './product';
import type { Prefixes } from './price-row';
import { instanceRows, serverlessRows } from './sagemaker-products';

const PREFIXES: Readonly<Record<string, Prefixes>> = {
  'us-east-1': { old: '', other: 'USE1-' },
  'eu-west-1': { old: 'EU-', other: 'EU-' },
  'eu-central-1': { old: 'EUC1-', other: 'EUC1-' },
};

/** The tiers in which AWS sells some products: volume discounts, and what is free at first. */
function tiersOf(key: string | number, price: string): StandInProduct['tiers'] {
  if (key === 's3.standard') return [{ price }, { from: '51200', price: String(Number(price) * 0.95) }];
  if (key === 'logs.ingest') return [{ price: '0.0000000000' }, { from: '5', price }];
  return [{ price }];
}

/**
 * The Price List of a region, with the prices of a book and, beside each, what resembles it: other components, tenancies
 * and tiers, and free products.
 */
export function standInCatalogue(book: PriceBook, region: string): StandInProduct[] {
  const prefixes = PREFIXES[region];
  if (prefixes === undefined)
    throw new Error(`the stand-in does not know how ${region} begins its usage types`);
  const rows = [
    ...instanceRows(book, prefixes),
    ...serverlessRows(prefixes),
    ...computeRows(prefixes),
    ...databaseRows(prefixes),
    ...networkRows(prefixes),
    ...serviceRows(region, prefixes),
  ];
  return rows.map(({ price, per = 1, ...row }, index) => {
    const usd = typeof price === 'number' ? price : (book.prices[price]?.usd ?? Number.NaN) / per;
    const sku = `SKU${String(index + 1).padStart(5, '0')}${region.replaceAll('-', '').toUpperCase()}`.slice(
      0,
      16,
    );
    return { ...row, sku, region, tiers: tiersOf(price, usd.toFixed(12)) };
  });
}
