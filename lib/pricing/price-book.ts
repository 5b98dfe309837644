import { z } from 'zod';
import { UserError } from '../errors';
import usEast1 from './books/us-east-1.json';

const priceSchema = z.strictObject({
  usd: z.number().positive(),
  unit: z.string(),
  source: z.string(),
  confidence: z.enum(['sure', 'likely', 'unverified']),
});

const bookSchema = z.strictObject({
  schemaVersion: z.literal(1),
  region: z.string(),
  currency: z.literal('USD'),
  hoursPerMonth: z.number().positive(),
  asOf: z.string(),
  sources: z.record(z.string(), z.string()),
  prices: z.record(z.string(), priceSchema),
});

/** Prices of one region with their sources and dates. Version 1. */
export type PriceBook = z.infer<typeof bookSchema>;

/** One price: USD per unit. */
export type Price = z.infer<typeof priceSchema>;

const BOOKS: Readonly<Record<string, unknown>> = { 'us-east-1': usEast1 };

/** Regions that have a price book. */
export function pricedRegions(): string[] {
  return Object.keys(BOOKS);
}

/**
 * The price book of a region.
 *
 * @throws UserError when the project has none: a plan without prices could not keep a budget
 */
export function loadPriceBook(region: string): PriceBook {
  const book = Object.hasOwn(BOOKS, region) ? BOOKS[region] : undefined;
  if (book === undefined) {
    throw new UserError(
      `there is no price book for region ${region}; there is one for ${pricedRegions().join(', ')}. ` +
        `Add lib/pricing/books/${region}.json from the Price List API`,
    );
  }
  return bookSchema.parse(book);
}
