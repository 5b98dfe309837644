import { setMaxListeners } from 'node:events';
import { type PriceListOptions, connectPriceList } from './price-list';
import type { Problem } from './price-problem';
import { PRICE_QUERIES } from './price-queries';
import { type PriceQuery, describeRequest } from './price-query';
import { type FoundPrice, type Selection, selectPrices } from './select-prices';

export interface ReadOptions extends Omit<PriceListOptions, 'signal'> {
  /** Region whose prices are read. */
  readonly region: string;
  /** After so many ms it is given up. */
  readonly deadlineMs: number;
  /** Told in short lines how far it is; meant for standard error. */
  readonly progress: (text: string) => void;
}

/** Queries by what they ask for, so that it is asked for once. */
function byRequest(queries: readonly PriceQuery[]): PriceQuery[][] {
  const groups = new Map<string, PriceQuery[]>();
  for (const query of queries) {
    const request = describeRequest(query);
    groups.set(request, [...(groups.get(request) ?? []), query]);
  }
  return [...groups.values()];
}

/**
 * Reads every price of the table from the Price List API.
 *
 * @throws UserError for credentials that AWS does not accept, a missing permission, or an answer that is not complete
 *   when the deadline passes
 */
export async function readPrices(options: ReadOptions): Promise<Selection> {
  const { region, deadlineMs, progress } = options;
  const deadline = new AbortController();
  // Every call under way listens to it, and Node takes more than ten for a leak.
  setMaxListeners(0, deadline.signal);
  const timer = setTimeout(() => deadline.abort(), deadlineMs);
  const list = connectPriceList({ ...options, signal: deadline.signal });
  const groups = byRequest(PRICE_QUERIES);
  progress(`asking the Price List API ${groups.length} questions about ${region}\n`);
  try {
    const selections = await Promise.all(
      groups.map(async (queries) => {
        const [request] = queries;
        const products = request === undefined ? [] : await list.products(request, region);
        return queries.map((query) => selectPrices(query, products));
      }),
    );
    progress(`${list.calls()} requests\n`);
    const found = new Map<string, FoundPrice>();
    const problems: Problem[] = [];
    for (const selection of selections.flat()) {
      for (const [key, price] of selection.found) found.set(key, price);
      problems.push(...selection.problems);
    }
    return { found, problems };
  } finally {
    clearTimeout(timer);
    // The first failure decides; what else is under way ends with it.
    deadline.abort();
    list.close();
  }
}
