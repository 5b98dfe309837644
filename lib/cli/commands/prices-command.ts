import { EXIT, type ExitCode, UserError } from '../../util/user-error';
import { bookFile, booksFolder, loadPriceBook, pricedRegions } from '../../pricing/price-book';
import { mergePrices } from '../../pricing/refresh/merge-prices';
import { readPrices } from '../../pricing/refresh/read-prices';
import { refusal } from '../../pricing/refresh/refuse';
import { refreshDocument, renderRefresh } from '../../pricing/refresh/render-refresh';
import { writeBook } from '../../pricing/refresh/write-book';
import { HOSTING_TYPES } from '../../quotas/quota-catalogue';
import type { Terminal } from '../terminal';
import type { PricesFormat } from './prices-formats';

export interface PricesRefreshOptions {
  /** Region whose book is refreshed, or made. */
  readonly region: string;
  readonly format: PricesFormat;
  /** Profile of the AWS configuration. @default - the SDK's own choice */
  readonly profile?: string;
  /** File to write the book to. @default - the project's own book of the region */
  readonly out?: string;
  /** Whether only to show what would change. */
  readonly dryRun: boolean;
  /** Keys whose price stays as it is. @default - none */
  readonly keep?: readonly string[];
  /** Keys whose price may change by any factor. @default - none */
  readonly acceptChange?: readonly string[];
  /** After so many seconds it is given up. */
  readonly deadline: number;
}

/** Hooks for what the command reaches outside the process. */
export interface PricesDependencies {
  /** @default - the project's own */
  readonly booksFolder?: string;
  /** Calls a second to the Price List. @default 10 */
  readonly perSecond?: number;
  /** Uniform in [0, 1), for the jitter of retries. @default Math.random */
  readonly random?: () => number;
}

/** Region whose book tells which prices a book of another region should hold: the one that this project ships. */
const REFERENCE_REGION = 'us-east-1';

function mustBeRegion(region: string): void {
  if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(region)) {
    throw new UserError(`"${region}" is no region; give one such as us-east-1 with --region`);
  }
}

/**
 * Refreshes the price book of a region from the AWS Price List API, or makes one for a new region. Shows what changes,
 * and writes the book whole or not at all.
 *
 * @returns 0: the book is written, or with `dryRun` would be
 * @throws UserError for input that cannot be used (64), prices that may not be taken over (1), or a Price List that
 *   cannot be read (3); nothing is written then
 */
export async function pricesRefresh(
  options: PricesRefreshOptions,
  io: Terminal,
  dependencies: PricesDependencies = {},
): Promise<ExitCode> {
  const { region, profile, dryRun, format, keep = [], acceptChange = [] } = options;
  mustBeRegion(region);
  const folder = dependencies.booksFolder ?? booksFolder();
  const file = options.out ?? bookFile(region, folder);
  const book = pricedRegions(folder).includes(region) ? loadPriceBook(region, folder) : undefined;
  const selection = await readPrices({
    region,
    profile,
    deadlineMs: options.deadline * 1000,
    progress: io.err,
    random: dependencies.random ?? Math.random,
    perSecond: dependencies.perSecond,
  });
  const merged = mergePrices({
    book,
    reference: loadPriceBook(REFERENCE_REGION, folder),
    region,
    selection,
    hostingTypes: HOSTING_TYPES.keys(),
    today: io.now().toISOString().slice(0, 'yyyy-mm-dd'.length),
    keep: new Set(keep),
    acceptChange: new Set(acceptChange),
  });
  if ('problems' in merged) throw refusal(merged.problems, file);
  if (!dryRun) writeBook(file, merged.refreshed.book);
  const document = refreshDocument(merged.refreshed, dryRun ? null : file);
  io.out(format === 'json' ? `${JSON.stringify(document, null, 2)}\n` : renderRefresh(document));
  return EXIT.fits;
}
