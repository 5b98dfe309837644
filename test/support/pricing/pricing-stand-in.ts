import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AwsObject, AwsRefusal, readRequest, sendAnswer, sendRefusal } from '../aws/protocol';
import { type StandInProduct, productJson } from './product';

/** How the stand-in behaves, beside the products that it sells. */
export interface PricingBehaviour {
  readonly products: readonly StandInProduct[];
  /** Products on a page, whatever more is asked for. @default 100 */
  readonly pageSize?: number;
  /** How many calls are throttled before the first is answered. @default 0 */
  readonly throttled?: number;
  /** Error code that every call is refused with. @default - none is */
  readonly refuse?: string;
  /** Leaves every call without an answer. @default false */
  readonly silent?: boolean;
  /** Entries instead of products. @default - products */
  readonly entries?: readonly string[];
  /** Gives the same page over and over. @default false */
  readonly endless?: boolean;
}

/** A running stand-in for the Price List API. */
export interface PricingStandIn {
  readonly url: string;
  /** Every call, in order. */
  readonly calls: readonly { readonly service: string; readonly filters: Readonly<Record<string, string>> }[];
  readonly close: () => Promise<void>;
}

interface Query {
  readonly ServiceCode?: string;
  readonly FormatVersion?: string;
  readonly Filters?: readonly { readonly Type?: string; readonly Field?: string; readonly Value?: string }[];
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

function mustBeValid({ ServiceCode, Filters = [], MaxResults = 100, FormatVersion }: Query): void {
  const wrong =
    ServiceCode === undefined ||
    (FormatVersion !== undefined && FormatVersion !== 'aws_v1') ||
    !(MaxResults >= 1 && MaxResults <= 100) ||
    Filters.some(({ Type, Field, Value }) => Type !== 'TERM_MATCH' || !Field || Value === undefined);
  if (wrong)
    throw new AwsRefusal('InvalidParameterException', 'One or more parameters had an invalid value.');
}

const filtersOf = ({ Filters = [] }: Query): Record<string, string> =>
  Object.fromEntries(Filters.map(({ Field = '', Value = '' }) => [Field, Value]));

/** Filters match attributes exactly; the family and the region are among them. */
function isMeant({ service, family, region, attributes }: StandInProduct, query: Query): boolean {
  const all: Readonly<Record<string, string | undefined>> = {
    ...attributes,
    productFamily: family,
    regionCode: region,
  };
  return (
    service === query.ServiceCode &&
    Object.entries(filtersOf(query)).every(([field, value]) => all[field] === value)
  );
}

/** Starts a stand-in on a free port of this machine; it speaks AWS JSON 1.1 as the Price List API does. */
export async function startPricingStandIn(behaviour: PricingBehaviour): Promise<PricingStandIn> {
  const {
    products,
    pageSize = 100,
    throttled = 0,
    refuse,
    silent = false,
    entries,
    endless = false,
  } = behaviour;
  const calls: PricingStandIn['calls'][number][] = [];
  // A token holds for the query that it was given to.
  const tokens = new Map<string, { readonly query: string; readonly from: number }>();

  const answer = (query: Query): AwsObject => {
    mustBeValid(query);
    const { NextToken, MaxResults = 100, ...rest } = query;
    const asked = JSON.stringify(rest);
    const token = NextToken === undefined ? undefined : tokens.get(NextToken);
    if (NextToken !== undefined && token?.query !== asked) {
      throw new AwsRefusal('InvalidNextTokenException', 'The pagination token is invalid.');
    }
    const from = token?.from ?? 0;
    const until = from + Math.min(pageSize, MaxResults);
    const all = entries ?? products.filter((product) => isMeant(product, query)).map(productJson);
    const page = { FormatVersion: 'aws_v1', PriceList: all.slice(from, until) };
    if (endless) {
      tokens.set(asked, { query: asked, from: 0 });
      return { ...page, NextToken: asked };
    }
    if (until >= all.length) return page;
    const next = randomUUID();
    tokens.set(next, { query: asked, from: until });
    return { ...page, NextToken: next };
  };

  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { protocol, call } = await readRequest(request);
    const query = call.input as Query;
    calls.push({ service: query.ServiceCode ?? '', filters: filtersOf(query) });
    if (silent) return;
    try {
      if (
        request.headers['x-amz-target'] !== 'AWSPriceListService.GetProducts' ||
        call.service !== 'pricing'
      ) {
        throw new AwsRefusal('UnknownOperationException', String(request.headers['x-amz-target']));
      }
      if (refuse !== undefined) throw new AwsRefusal(refuse, 'Refused.');
      if (calls.length <= throttled) throw new AwsRefusal('ThrottlingException', 'Rate exceeded');
      sendAnswer(response, protocol, call.operation, answer(query));
    } catch (error) {
      if (!(error instanceof AwsRefusal)) throw error;
      sendRefusal(response, protocol, error);
    }
  };

  const server = createServer((request, response) => {
    respond(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
