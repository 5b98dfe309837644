import { z } from 'zod';
import { EXIT, UserError } from '../../util/user-error';

const dimensionSchema = z.object({
  unit: z.string(),
  /** Amount from which on the price holds; of tiers the first starts at 0. */
  beginRange: z.string().optional(),
  /** Prices by currency, as decimal numbers in text. */
  pricePerUnit: z.record(z.string(), z.string()),
});

const termSchema = z.object({
  effectiveDate: z.string(),
  priceDimensions: z.record(z.string(), dimensionSchema),
});

const productSchema = z.object({
  product: z.object({
    sku: z.string(),
    productFamily: z.string().optional(),
    attributes: z.record(z.string(), z.string()),
  }),
  /** Version of the offer file that the product stands in. */
  version: z.string().optional(),
  publicationDate: z.string().optional(),
  terms: z.object({ OnDemand: z.record(z.string(), termSchema).optional() }).optional(),
});

/**
 * One product as GetProducts lists it, with its prices on demand; what else stands in it is left out. (AWS Price List
 * API reference, GetProducts, format aws_v1; AWS Billing user guide, reading a service price list file.)
 */
export type Product = z.infer<typeof productSchema>;
export type PriceDimension = z.infer<typeof dimensionSchema>;

/**
 * Reads an entry of `PriceList`, which is JSON inside of a JSON text.
 *
 * @throws UserError for anything that is no product
 */
export function parseProduct(text: string): Product {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw new UserError(
      'the Price List answered with an entry that is no JSON; nothing is written',
      EXIT.unknown,
    );
  }
  const parsed = productSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  const paths = parsed.error.issues.map(({ path }) => path.join('.'));
  throw new UserError(
    `the Price List answered with a product of another shape than this project knows (${paths.join(', ')}); nothing is written`,
    EXIT.unknown,
  );
}
