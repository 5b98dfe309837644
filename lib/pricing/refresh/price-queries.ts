import { PLATFORM_QUERIES } from './platform-queries';
import type { PriceQuery } from './price-query';
import { SAGEMAKER_QUERIES } from './sagemaker-queries';

/**
 * Where every price of the book stands in the Price List. Filters and usage types follow public tools that read it
 * (infracost, aws-samples, awslabs; 2026-09): AWS documents the shape of a product, but no list of its values. What
 * only one of them shows is `likely`.
 *
 * Not in it: provisioned concurrency of serverless endpoints, whose usage types those tools contradict one another on.
 * The environment's configuration gives its price.
 */
export const PRICE_QUERIES: readonly PriceQuery[] = [...SAGEMAKER_QUERIES, ...PLATFORM_QUERIES];

/** The query that prices a key; undefined for a key that the Price List is not asked about. */
export function queryOf(key: string): PriceQuery | undefined {
  return PRICE_QUERIES.find((query) =>
    typeof query.key === 'string' ? query.key === key : key.startsWith(query.key.prefix),
  );
}
