import { EXIT, UserError } from '../../util/user-error';
import type { Price, PriceBook } from '../price-book';
import { withKeys } from './key-order';
import type { Problem } from './price-problem';
import { queryOf } from './price-queries';
import { describeRequest } from './price-query';
import type { FoundPrice, Selection } from './select-prices';

/** A price doubles or halves by a filter that means another product, hardly ever by AWS's decision. */
const UNLIKELY_FACTOR = 2;

export interface MergeOptions {
  /** The region's book. @default - none yet */
  readonly book?: PriceBook;
  /** A book of another region, whose keys a new book starts from and an old one is completed with. */
  readonly reference: PriceBook;
  readonly region: string;
  /** What the Price List says. */
  readonly selection: Selection;
  /** Instance types that the project can host on; they are added where the region offers them. */
  readonly hostingTypes: Iterable<string>;
  /** Day of the reading, such as 2026-11-21. */
  readonly today: string;
  /** Keys whose price stays as it is, whatever the Price List says. */
  readonly keep: ReadonlySet<string>;
  /** Keys whose price may change by any factor. */
  readonly acceptChange: ReadonlySet<string>;
}

/** A price that is new or another one than before. */
export interface PriceChange {
  readonly key: string;
  readonly unit: string;
  /** USD before; null where the book had none. */
  readonly from: number | null;
  readonly to: number;
  readonly sku: string;
  readonly effective: string;
  /** Id of the source in the book. */
  readonly source: string;
}

/** A price that was not asked for, or not taken over. */
export interface KeptPrice {
  readonly key: string;
  readonly usd: number;
  readonly source: string;
  readonly reason: 'asked' | 'not-in-price-list';
}

/** A refreshed book, and how it differs from the one before. */
export interface Refreshed {
  readonly book: PriceBook;
  readonly changes: readonly PriceChange[];
  /** Prices that the Price List confirms. */
  readonly unchanged: number;
  readonly kept: readonly KeptPrice[];
  /** Keys of the reference that the region's book has no price for. */
  readonly missing: readonly string[];
}

/** The merge, or what stands in its way. */
export type Merged = { readonly refreshed: Refreshed } | { readonly problems: readonly Problem[] };

/** Id of a refresh's source in the book: one for each service and day, as others may still name an older one. */
function sourceId({ service }: FoundPrice, today: string): string {
  return `price-list-${service}-${today}`;
}

function sourceText({ service, version }: FoundPrice, region: string, today: string): string {
  const offer = version === undefined ? '' : `, offer version ${version}`;
  return `AWS Price List API, ${service} in ${region}${offer}, read ${today}`;
}

function asPrice(found: FoundPrice, today: string): Price {
  const { usd, unit, confidence, sku, effective } = found;
  return { usd, unit, source: sourceId(found, today), confidence, sku, effective };
}

function changeProblem(key: string, old: Price, { usd, unit, sku }: FoundPrice): Problem | undefined {
  const factor = Math.max(usd / old.usd, old.usd / usd);
  if (factor < UNLIKELY_FACTOR) return undefined;
  const percent = Math.round((usd / old.usd - 1) * 100);
  return {
    kind: 'change',
    key,
    text: `${old.usd} → ${usd} USD/${unit} (${percent > 0 ? '+' : ''}${percent} %, SKU ${sku})`,
  };
}

function missingProblem(key: string): Problem {
  const query = queryOf(key);
  const request = query === undefined ? '' : ` (${describeRequest(query)})`;
  return { kind: 'missing', key, text: `the Price List holds no price of it${request}` };
}

/** Names in options that no price has are typing mistakes. */
function mustBeKeys(option: string, names: Iterable<string>, keys: readonly string[]): void {
  for (const name of names) {
    if (!keys.includes(name)) {
      throw new UserError(
        `${option} names ${name}, which is no price of the book; its keys stand in lib/pricing/books`,
      );
    }
  }
}

/** Everything that stands in the way of taking over what was found, at once. */
function problemsOf(
  { book, selection: { found, problems }, keep, acceptChange }: MergeOptions,
  keys: readonly string[],
): Problem[] {
  const wanted = new Set(keys.filter((key) => !keep.has(key)));
  const own = problems.filter(({ key }) => wanted.has(key));
  const broken = new Set(own.map(({ key }) => key));
  const compared = Object.entries(book?.prices ?? {}).flatMap(([key, old]) => {
    if (!wanted.has(key) || broken.has(key) || queryOf(key) === undefined) return [];
    const price = found.get(key);
    if (price === undefined) return [missingProblem(key)];
    return acceptChange.has(key) ? [] : (changeProblem(key, old, price) ?? []);
  });
  return [...own, ...compared];
}

/** What becomes of one key. */
type Entry =
  | { readonly key: string; readonly price: Price; readonly found: FoundPrice }
  | { readonly key: string; readonly price: Price; readonly reason: KeptPrice['reason'] }
  | { readonly key: string; readonly price?: undefined };

function entryOf(key: string, { book, selection, keep, today }: MergeOptions): Entry {
  const asked = !keep.has(key) && queryOf(key) !== undefined;
  const found = asked ? selection.found.get(key) : undefined;
  if (found !== undefined) return { key, found, price: asPrice(found, today) };
  const price = book?.prices[key];
  return price === undefined
    ? { key }
    : { key, price, reason: keep.has(key) ? 'asked' : 'not-in-price-list' };
}

/** The sources that prices name, older ones first. */
function sourcesOf(
  { book, region, today }: MergeOptions,
  prices: Readonly<Record<string, Price>>,
  taken: Iterable<FoundPrice>,
): Record<string, string> {
  const all = new Map(Object.entries(book?.sources ?? {}));
  for (const found of taken) all.set(sourceId(found, today), sourceText(found, region, today));
  const named = new Set(Object.values(prices).map(({ source }) => source));
  return Object.fromEntries([...all].filter(([id]) => named.has(id)));
}

function refreshedFrom(entries: readonly Entry[], options: MergeOptions): Refreshed {
  const { book, reference, region, today } = options;
  const prices = Object.fromEntries(
    entries.flatMap(({ key, price }) => (price === undefined ? [] : [[key, price] as const])),
  );
  const taken = entries.flatMap((entry) => ('found' in entry ? [entry] : []));
  const changes = taken.flatMap(({ key, price, found }): PriceChange[] => {
    const { usd: to, unit, source } = price;
    const from = book?.prices[key]?.usd ?? null;
    return from === to ? [] : [{ key, unit, from, to, sku: found.sku, effective: found.effective, source }];
  });
  const kept = entries.flatMap((entry): KeptPrice[] => {
    if (!('reason' in entry)) return [];
    const { key, price, reason } = entry;
    return [{ key, usd: price.usd, source: price.source, reason }];
  });
  const { schemaVersion, currency, hoursPerMonth } = book ?? reference;
  const sources = sourcesOf(
    options,
    prices,
    taken.map(({ found }) => found),
  );
  return {
    book: { schemaVersion, region, currency, hoursPerMonth, asOf: today, sources, prices },
    changes,
    unchanged: taken.length - changes.length,
    kept,
    missing: entries.flatMap(({ key, price }) => (price === undefined ? [key] : [])),
  };
}

/**
 * Takes over what the Price List says. A key keeps its place; a price that the Price List is not asked about keeps its
 * figure, source and date; a hosting type that the region offers is added.
 *
 * A price that the book holds must be found again, at less than twice and more than half of it. A book of a new region
 * may hold fewer prices than the reference: nothing is lost by it, and a plan that needs one of them says so.
 *
 * @returns the book, or every reason why it may not be written
 * @throws UserError for a key in `keep` or `acceptChange` that is none, or a Price List that holds nothing of the region
 */
export function mergePrices(options: MergeOptions): Merged {
  const { book, reference, region, selection, hostingTypes, keep, acceptChange } = options;
  const { found, problems: unclear } = selection;
  const offered = [...hostingTypes]
    .map((type) => `sagemaker.hosting.${type}`)
    .filter((key) => found.has(key) || unclear.some((problem) => problem.key === key));
  const known = withKeys(Object.keys((book ?? reference).prices), Object.keys(reference.prices));
  const keys = withKeys(known, offered);
  mustBeKeys('--keep', keep, keys);
  mustBeKeys('--accept-change', acceptChange, keys);
  if (found.size === 0 && unclear.length === 0) {
    throw new UserError(
      `the Price List holds none of the prices in ${region}, so nothing is written: is that the name of a region?`,
      EXIT.blocked,
    );
  }
  const problems = problemsOf(options, keys);
  if (problems.length > 0) return { problems };
  return {
    refreshed: refreshedFrom(
      keys.map((key) => entryOf(key, options)),
      options,
    ),
  };
}
