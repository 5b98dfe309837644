import type { Price } from '../price-book';

/** Service codes of the Price List that the book draws on. */
export type ServiceCode =
  | 'AmazonCloudWatch'
  | 'AmazonEC2'
  | 'AmazonECR'
  | 'AmazonEKS'
  | 'AmazonRDS'
  | 'AmazonS3'
  | 'AmazonSageMaker'
  | 'AmazonVPC'
  | 'AWSELB'
  | 'AWSLambda'
  | 'AWSSecretsManager'
  | 'AWSXRay'
  | 'awskms'
  | 'awswaf';

/** What is asked of the Price List in one (paginated) call. */
export interface ProductRequest {
  readonly service: ServiceCode;
  /** Exact values by attribute (TERM_MATCH); the region is added to them. */
  readonly filters: Readonly<Record<string, string>>;
}

/** How one price of the book, or a family of prices, is found in the Price List. */
export interface PriceQuery extends ProductRequest {
  /** Key in the book; of a family, what its keys start with and the attribute that ends them. */
  readonly key: string | { readonly prefix: string; readonly attribute: string };
  /**
   * Usage type without the prefix of the region: `BoxUsage:m5.large` stands for `USE2-BoxUsage:m5.large` too.
   * @default - any
   */
  readonly usageType?: string;
  /** Values that attributes may have, where filters cannot say it. @default - any */
  readonly where?: Readonly<Record<string, readonly string[]>>;
  /** Names that AWS gives the unit; they differ between regions. Letter case does not count. */
  readonly units: readonly string[];
  /** Unit of the book. */
  readonly unit: string;
  /** How many of AWS's units make one of the book's. @default 1 */
  readonly per?: number;
  /** How well it is known that exactly this product is meant. */
  readonly confidence: Price['confidence'];
}

/** How a query reads in a message. */
export function describeRequest({ service, filters }: ProductRequest): string {
  return [service, ...Object.entries(filters).map(([field, value]) => `${field}=${value}`)].join(', ');
}

/**
 * Prefix of a region in usage types: three letters and a number (`USE2-`, `APN1-`), `EU-` in Ireland, the region's own
 * name with KMS, and nothing for most services in us-east-1. What belongs to a trust store (`TS-`), an outpost or a
 * local zone has another prefix or a second one, and is another product.
 */
const REGION_PREFIX = /^(?:[A-Z]{3}\d+-|EU-|[a-z]{2}(?:-[a-z]+)+-\d-)/;

/** A usage type without the prefix of its region. */
export function bareUsageType(usageType: string): string {
  return usageType.replace(REGION_PREFIX, '');
}
