import type { Price, PriceBook } from '../../pricing/price-book';
import type { CostPart } from './cost-parts';

/** USD a month: under the configured traffic, with no request at all, and with everything scaled out all month. */
export interface MonthlyCost {
  readonly expected: number;
  readonly idle: number;
  readonly max: number;
}

/** A month's amount of something that has a price, in the unit of that price. */
export interface Amount {
  /** Key in the price book. */
  readonly price: string;
  /** What is counted, in a few words, such as `instance hours`. */
  readonly what: string;
  readonly expected: number;
  /** @default - as expected */
  readonly idle?: number;
  /** @default - as expected */
  readonly max?: number;
  /** A price that configuration states. @default - the book's */
  readonly stated?: Price;
}

/** An amount with its price: what a reader needs to work a figure out again. */
export interface CostInput extends MonthlyCost {
  /** Key in the price book, or of the configuration that states the price. */
  readonly price: string;
  readonly what: string;
  /** USD for one `unit`. */
  readonly usd: number;
  readonly unit: string;
  /** Where the price comes from, by its name in the price book. */
  readonly source: string;
  readonly confidence: Price['confidence'];
}

/** One item of the bill: the sum of its inputs' amounts times prices, rounded to cents at the very end. */
export interface CostLine extends MonthlyCost {
  /** What of the environment it is for. */
  readonly part: CostPart;
  readonly item: string;
  /** Amounts and prices behind the expected figure in one sentence, and where the prices come from. */
  readonly source: string;
  /** True when a price in it is not confirmed by a second source. */
  readonly unverified: boolean;
  readonly inputs: readonly CostInput[];
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
function roundToCents(cost: MonthlyCost): MonthlyCost {
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

const priceOf = (amount: Amount, book: PriceBook): Price | undefined =>
  amount.stated ?? book.prices[amount.price];

/**
 * Expected cost of amounts in whole cents: the same figure as on the line that {@link priceLine} makes of them.
 *
 * @returns undefined when one of them has no price
 */
export function expectedUsd(amounts: readonly Amount[], book: PriceBook): number | undefined {
  let sum = 0;
  for (const amount of amounts) {
    const price = priceOf(amount, book);
    if (price === undefined) return undefined;
    sum += amount.expected * price.usd;
  }
  return cents(sum);
}

function inputOf(amount: Amount, { usd, unit, source, confidence }: Price): CostInput {
  const { price, what, expected, idle = expected, max = expected } = amount;
  return { price, what, usd, unit, expected, idle, max, source, confidence };
}

/**
 * Prices an item made of amounts.
 *
 * @param part of the environment that it is for
 * @returns the line, or what has no price: never a zero in its place
 */
export function priceLine(
  part: CostPart,
  item: string,
  amounts: readonly Amount[],
  book: PriceBook,
): CostLine | UnpricedLine {
  const inputs: CostInput[] = [];
  for (const amount of amounts) {
    const price = priceOf(amount, book);
    if (price === undefined) return { item, price: amount.price };
    inputs.push(inputOf(amount, price));
  }
  const sum = (of: keyof MonthlyCost) => inputs.reduce((usd, input) => usd + input[of] * input.usd, 0);
  const parts = inputs.map(
    ({ what, expected, usd, unit }) => `${figure(expected)} ${what} × ${usd} USD/${unit}`,
  );
  const sources = new Set(inputs.map(({ source }) => source));
  return {
    part,
    item,
    ...roundToCents({ expected: sum('expected'), idle: sum('idle'), max: sum('max') }),
    source: `${parts.join(' + ')} [${[...sources].join(', ')}]`,
    unverified: inputs.some(({ confidence }) => confidence === 'unverified'),
    inputs,
  };
}
