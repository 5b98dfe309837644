import type { PriceBook } from '../pricing/price-book';
import type { MonthlyCost } from './serving-cost';

/** One item of the bill. */
export interface CostLine extends MonthlyCost {
  readonly item: string;
  /** Prices and amounts that the figure was made of, and where the prices come from. */
  readonly source: string;
  /** True when a price in it is not confirmed by a second source. */
  readonly unverified: boolean;
}

/** An amount of something that has a price. */
export interface Amount {
  readonly price: string;
  readonly expected: number;
  /** @default - as expected */
  readonly idle?: number;
  /** @default - as expected */
  readonly max?: number;
}

/** A bill line that could not be priced. */
export interface UnpricedLine {
  readonly item: string;
  readonly price: string;
}

/** An amount in USD, rounded to cents. */
export function cents(usd: number): number {
  return Math.round(usd * 100) / 100;
}

/** Figures rounded to cents, so that what a reader adds up is the total that stands below. */
export function roundToCents(cost: MonthlyCost): MonthlyCost {
  return { expected: cents(cost.expected), idle: cents(cost.idle), max: cents(cost.max) };
}

/** Sum of lines, free of binary rounding. */
export function total(lines: readonly MonthlyCost[]): MonthlyCost {
  return roundToCents({
    expected: lines.reduce((sum, line) => sum + line.expected, 0),
    idle: lines.reduce((sum, line) => sum + line.idle, 0),
    max: lines.reduce((sum, line) => sum + line.max, 0),
  });
}

const figure = (value: number): string => String(Number(value.toPrecision(6)));

/**
 * Prices an item made of amounts.
 *
 * @returns the line, or what has no price: never a zero in its place
 */
export function priceLine(
  item: string,
  amounts: readonly Amount[],
  book: PriceBook,
): CostLine | UnpricedLine {
  const sum = { expected: 0, idle: 0, max: 0 };
  const parts: string[] = [];
  const sources = new Set<string>();
  let unverified = false;
  for (const amount of amounts) {
    const price = book.prices[amount.price];
    if (price === undefined) return { item, price: amount.price };
    sum.expected += amount.expected * price.usd;
    sum.idle += (amount.idle ?? amount.expected) * price.usd;
    sum.max += (amount.max ?? amount.expected) * price.usd;
    unverified ||= price.confidence === 'unverified';
    sources.add(price.source);
    parts.push(`${figure(amount.expected)} × ${price.usd} USD/${price.unit}`);
  }
  return {
    item,
    ...roundToCents(sum),
    source: `${parts.join(' + ')} [${[...sources].join(', ')}]`,
    unverified,
  };
}
