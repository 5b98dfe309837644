import type { Problem } from './price-problem';
import type { PriceDimension, Product } from './product';
import { type PriceQuery, type ServiceCode, bareUsageType } from './price-query';

/** A price of the Price List in the unit of the book. */
export interface FoundPrice {
  readonly service: ServiceCode;
  readonly usd: number;
  readonly unit: string;
  readonly confidence: PriceQuery['confidence'];
  readonly sku: string;
  /** Date since when AWS asks it. */
  readonly effective: string;
  /** Version of the offer file it stands in. @default - AWS names none */
  readonly version?: string;
}

/** What the Price List says about keys of the book; a key that it says nothing about is in neither. */
export interface Selection {
  readonly found: ReadonlyMap<string, FoundPrice>;
  readonly problems: readonly Problem[];
}

type Defect = Omit<Problem, 'key'>;

const CURRENCY = 'USD';
/** Digits that a price keeps when its unit is scaled: more than AWS lists, fewer than binary noise. */
const DIGITS = 12;

/** Key of the book that a product prices; undefined for one that the query does not mean. */
function keyOf({ product: { attributes } }: Product, query: PriceQuery): string | undefined {
  const { key, usageType, where = {} } = query;
  if (usageType !== undefined && bareUsageType(attributes['usagetype'] ?? '') !== usageType) return undefined;
  if (!Object.entries(where).every(([name, values]) => values.includes(attributes[name] ?? '')))
    return undefined;
  if (typeof key === 'string') return key;
  const name = attributes[key.attribute];
  return name === undefined ? undefined : `${key.prefix}${name}`;
}

/** USD for one of AWS's units, or what is wrong with it. */
function amountOf({ unit, pricePerUnit }: PriceDimension, { units }: PriceQuery): number | Defect {
  if (!units.some((name) => name.toLowerCase() === unit.toLowerCase())) {
    return { kind: 'unit', text: `is priced per "${unit}", expected was "${units.join('" or "')}"` };
  }
  const text = pricePerUnit[CURRENCY];
  if (text === undefined) {
    return { kind: 'currency', text: `is priced in ${Object.keys(pricePerUnit).join(', ')}, not in USD` };
  }
  const amount = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(amount) && amount >= 0
    ? amount
    : { kind: 'amount', text: `has the price "${text}", which is no amount` };
}

/** The price of the first tier that costs anything, as free tiers are listed too; 0 where none does. */
function firstPaid(dimensions: readonly PriceDimension[], query: PriceQuery): number | Defect {
  let first: { readonly from: number; readonly usd: number } | undefined;
  for (const dimension of dimensions) {
    const usd = amountOf(dimension, query);
    if (typeof usd !== 'number') return usd;
    const from = Number(dimension.beginRange ?? 0);
    if (usd > 0 && (first === undefined || from < first.from)) first = { from, usd };
  }
  return first === undefined ? 0 : Number((first.usd * (query.per ?? 1)).toPrecision(DIGITS));
}

/** Prices on demand of a product, or what is wrong with one. */
function pricesOf({ product: { sku }, terms, version }: Product, query: PriceQuery): (FoundPrice | Defect)[] {
  const { service, unit, confidence } = query;
  return Object.values(terms?.OnDemand ?? {}).map(({ effectiveDate, priceDimensions }) => {
    const usd = firstPaid(Object.values(priceDimensions), query);
    if (typeof usd !== 'number') return { ...usd, text: `SKU ${sku} ${usd.text}` };
    const effective = effectiveDate.slice(0, 'yyyy-mm-dd'.length);
    return { service, usd, unit, confidence, sku, effective, ...(version === undefined ? {} : { version }) };
  });
}

/** The one price that all of them agree on; free products beside a paid one do not count. */
function agreed(prices: readonly FoundPrice[]): FoundPrice | Defect {
  const paid = prices.filter(({ usd }) => usd > 0).sort((a, b) => (a.sku < b.sku ? -1 : 1));
  const [first] = paid;
  if (first === undefined) {
    const skus = [...new Set(prices.map(({ sku }) => sku))].sort();
    return { kind: 'amount', text: `SKU ${skus.join(', ')} has the price 0` };
  }
  const other = paid.find(({ usd }) => usd !== first.usd);
  if (other === undefined) return first;
  return {
    kind: 'ambiguous',
    text: `SKU ${first.sku} says ${first.usd} and SKU ${other.sku} says ${other.usd} USD/${first.unit}, so the query means more than one product`,
  };
}

/** What the answer to one query says about the keys that it prices. */
export function selectPrices(query: PriceQuery, products: readonly Product[]): Selection {
  const byKey = new Map<string, (FoundPrice | Defect)[]>();
  for (const product of products) {
    const key = keyOf(product, query);
    if (key !== undefined) byKey.set(key, [...(byKey.get(key) ?? []), ...pricesOf(product, query)]);
  }
  const found = new Map<string, FoundPrice>();
  const problems: Problem[] = [];
  for (const [key, prices] of byKey) {
    const defect = prices.find((price) => 'kind' in price);
    const good = prices.filter((price) => 'usd' in price);
    if (prices.length === 0) continue;
    const result = defect ?? agreed(good);
    if ('kind' in result) problems.push({ ...result, key });
    else found.set(key, result);
  }
  return { found, problems };
}
