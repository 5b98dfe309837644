import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { explainIssues } from '../util/schema-issues';
import { UserError } from '../util/user-error';
import { projectPath } from '../util/project-path';

const priceSchema = z.strictObject({
  usd: z.number().positive(),
  unit: z.string(),
  source: z.string(),
  confidence: z.enum(['sure', 'likely', 'unverified']),
  /** SKU of the Price List that the price was read from. */
  sku: z.string().optional(),
  /** Date since when AWS asks that price. */
  effective: z.string().optional(),
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

/** Where the project keeps its books, one file a region. */
export function booksFolder(): string {
  return projectPath('lib/pricing/books');
}

/** Regions that have a price book. */
export function pricedRegions(folder = booksFolder()): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort();
}

/** File of a region's book, whether it is there or not. */
export function bookFile(region: string, folder = booksFolder()): string {
  return join(folder, `${region}.json`);
}

/**
 * Checks a book's content.
 *
 * @throws UserError with every error at once
 */
function parseBook(region: string, text: string): PriceBook {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw new UserError(`the price book of ${region} cannot be read as JSON: ${(error as Error).message}`);
  }
  const parsed = bookSchema.safeParse(content, { reportInput: true });
  if (!parsed.success) {
    const lines = explainIssues(bookSchema, parsed.error).map((line) => `  - ${line}`);
    throw new UserError(`the price book of ${region} is not valid (schema version 1):\n${lines.join('\n')}`);
  }
  if (parsed.data.region !== region) {
    throw new UserError(`the price book of ${region} holds the prices of ${parsed.data.region}`);
  }
  return parsed.data;
}

/**
 * The price book of a region; only that one file is read.
 *
 * @param folder @default - the project's own books
 * @throws UserError when the project has none: a plan without prices could not keep a budget
 */
export function loadPriceBook(region: string, folder = booksFolder()): PriceBook {
  const regions = pricedRegions(folder);
  if (!regions.includes(region)) {
    throw new UserError(
      `there is no price book for region ${region}; there is one for ${regions.join(', ')}. ` +
        `Make one from the Price List API: xdr prices refresh --region ${region}`,
    );
  }
  return parseBook(region, readFileSync(bookFile(region, folder), 'utf8'));
}
