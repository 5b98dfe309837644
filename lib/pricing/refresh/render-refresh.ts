import { drawColumns, wrap } from '../../util/text-layout';
import type { KeptPrice, PriceChange, Refreshed } from './merge-prices';

/** What a refresh found, and where it went. The version is that of the JSON. */
export interface RefreshDocument {
  readonly schemaVersion: 1;
  readonly region: string;
  /** Day of the reading. */
  readonly asOf: string;
  /** File that was written; null with `--dry-run`. */
  readonly written: string | null;
  readonly changes: readonly (PriceChange & {
    /** In percent of the price before; null where there was none. */
    readonly changePercent: number | null;
  })[];
  /** Prices that the Price List confirms. */
  readonly unchanged: number;
  readonly kept: readonly KeptPrice[];
  readonly missing: readonly string[];
  readonly sources: Readonly<Record<string, string>>;
}

/** Change in percent, to one decimal. */
function percentOf({ from, to }: PriceChange): number | null {
  return from === null ? null : Math.round((to / from - 1) * 1000) / 10;
}

export function refreshDocument(
  { book, changes, unchanged, kept, missing }: Refreshed,
  written: string | null,
): RefreshDocument {
  const { region, asOf, sources } = book;
  return {
    schemaVersion: 1,
    region,
    asOf,
    written,
    changes: changes.map((change) => ({ ...change, changePercent: percentOf(change) })),
    unchanged,
    kept,
    missing,
    sources,
  };
}

const COLUMNS = [
  { title: 'Price', width: 34 },
  { title: 'Old USD', width: 9, right: true },
  { title: 'New USD', width: 9, right: true },
  { title: 'Change', width: 7, right: true },
  { title: 'SKU', width: 16 },
] as const;

/** A price in the nine characters of its column; the JSON has all digits. */
function short(usd: number): string {
  const text = String(usd);
  return text.length <= 9 ? text : usd < 0.001 ? usd.toExponential(4) : String(Number(usd.toPrecision(7)));
}

function percentText(percent: number | null): string {
  if (percent === null) return 'new';
  return `${percent > 0 ? '+' : ''}${Math.abs(percent) < 1000 ? percent : Math.round(percent)}%`;
}

/** The changes that one source tells of, under its name. */
function changesBySource({ changes, sources }: RefreshDocument): string[] {
  const ids = [...new Set(changes.map(({ source }) => source))];
  return ids.map((id) => {
    const rows = changes
      .filter(({ source }) => source === id)
      .map(({ key, from, to, changePercent, sku }) => [
        key,
        from === null ? '' : short(from),
        short(to),
        percentText(changePercent),
        sku,
      ]);
    return `${wrap(sources[id] ?? id)}\n${drawColumns(COLUMNS, rows)}\n`;
  });
}

const REASON: Readonly<Record<KeptPrice['reason'], string>> = {
  asked: 'kept as asked',
  'not-in-price-list': 'kept: not in the Price List',
};

/** The differences as a table for a terminal, and what did not come from the Price List. */
export function renderRefresh(document: RefreshDocument): string {
  const { region, asOf, changes, unchanged, kept, missing, written } = document;
  const added = changes.filter(({ from }) => from === null).length;
  const head = `Prices of ${region}, ${asOf}: ${changes.length - added} changed, ${added} new, ${unchanged} confirmed, ${kept.length} kept, ${missing.length} missing`;
  const rest = [
    ...kept.map(({ key, usd, source, reason }) =>
      wrap(`${key}: ${REASON[reason]}, ${usd} USD [${source}]`, '  '),
    ),
    ...missing.map((key) => wrap(`${key}: missing; a plan that needs it is undecided (price-unknown)`, '  ')),
  ];
  return [
    `${wrap(head)}\n`,
    ...changesBySource(document),
    ...(rest.length === 0 ? [] : [`${rest.join('\n')}\n`]),
    `${written === null ? 'Nothing is written (--dry-run).' : `Wrote ${written}`}\n`,
  ].join('\n');
}
