import { GetProductsCommand, PricingClient } from '@aws-sdk/client-pricing';
import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import { EXIT, UserError } from '../../util/user-error';
import { ReadFailure, failureOf, worthRetrying } from '../../aws/read-failure';
import { RateLimiter, retrying } from '../../aws/pacing';
import { type Product, parseProduct } from './product';
import { type ProductRequest, describeRequest } from './price-query';

/**
 * Region whose endpoint answers for every region. (AWS Price List API: us-east-1, eu-central-1 and ap-south-1 have
 * one.)
 */
const ENDPOINT_REGION = 'us-east-1';
/** The only permission that reading takes; it cannot be narrowed to resources. */
const ACTION = 'pricing:GetProducts';
/** The most that GetProducts gives at once. */
const PAGE = 100;
/** Calls a second; AWS publishes no rate, and throttled calls are tried again anyway. */
const PER_SECOND = 10;

export interface PriceListOptions {
  /** Profile of the shared AWS configuration. @default - the SDK's own choice */
  readonly profile?: string;
  /** Aborts when the deadline passes. */
  readonly signal: AbortSignal;
  /** Uniform in [0, 1), for the jitter of retries. */
  readonly random: () => number;
  /** Calls a second. @default 10 */
  readonly perSecond?: number;
}

/** The Price List API on the standard credential chain; its endpoint is the SDK's own affair (`AWS_ENDPOINT_URL`). */
export interface PriceList {
  /**
   * Every product of a region that a request means, page after page.
   *
   * @throws UserError when they cannot all be had: half of an answer would look like fewer prices
   */
  readonly products: (request: ProductRequest, region: string) => Promise<Product[]>;
  /** Requests sent so far, repeated ones included. */
  readonly calls: () => number;
  /** Closes the connections, whatever is still under way on them. */
  readonly close: () => void;
}

const REASONS: Readonly<Record<ReadFailure['reason'], string>> = {
  denied: `${ACTION} is denied to these credentials: allow it (it reads public prices, and takes "Resource": "*")`,
  throttled: 'AWS throttled until the deadline: try again later, or give more time with --deadline',
  deadline: 'the deadline passed: check the network, or give more time with --deadline',
  absent: 'AWS does not know what was asked for',
  failed: 'the call failed: check the network and try again',
};

function notReadable({ reason, missing }: ReadFailure): UserError {
  const detail = reason === 'failed' ? ` (${missing.replace(/^failed: /, '')})` : '';
  return new UserError(
    `the Price List cannot be read, so nothing is written: ${REASONS[reason]}${detail}`,
    EXIT.unknown,
  );
}

function commandFor({ service, filters }: ProductRequest, region: string, token: string | undefined) {
  const values = Object.entries({ ...filters, regionCode: region });
  return new GetProductsCommand({
    ServiceCode: service,
    FormatVersion: 'aws_v1',
    Filters: values.map(([Field, Value]) => ({ Type: 'TERM_MATCH', Field, Value })),
    MaxResults: PAGE,
    ...(token === undefined ? {} : { NextToken: token }),
  });
}

/** Connects to the Price List API; every call keeps to the rate and is tried again on throttling until the deadline. */
export function connectPriceList({ profile, signal, random, perSecond }: PriceListOptions): PriceList {
  const client = new PricingClient({
    region: ENDPOINT_REGION,
    credentials: fromNodeProviderChain({ profile, clientConfig: { region: ENDPOINT_REGION } }),
    // One attempt each: every attempt waits for its turn.
    maxAttempts: 1,
  });
  const limiter = new RateLimiter(perSecond ?? PER_SECOND);
  let calls = 0;
  const send = async (command: GetProductsCommand) => {
    const attempt = async () => {
      await limiter.turn(signal);
      calls += 1;
      return client.send(command, { abortSignal: signal });
    };
    try {
      return await retrying(attempt, { signal, random, again: worthRetrying });
    } catch (error) {
      const failure = failureOf(error, ACTION, signal.aborted, profile);
      throw failure instanceof ReadFailure ? notReadable(failure) : failure;
    }
  };
  return {
    calls: () => calls,
    close: () => client.destroy(),
    products: async (request, region) => {
      const products: Product[] = [];
      const tokens = new Set<string>();
      let token: string | undefined;
      do {
        const { PriceList = [], NextToken } = await send(commandFor(request, region, token));
        products.push(...[...PriceList].map((entry) => parseProduct(String(entry))));
        token = NextToken === '' ? undefined : NextToken;
        if (token !== undefined && tokens.has(token)) {
          throw new UserError(
            `the Price List gives the same page twice (${describeRequest(request)}), so nothing is written`,
            EXIT.unknown,
          );
        }
        if (token !== undefined) tokens.add(token);
      } while (token !== undefined);
      return products;
    },
  };
}
