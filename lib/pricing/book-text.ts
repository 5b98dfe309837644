import type { PriceBook } from './price-book';

/** On one line, with a blank after colons and commas. */
function inline(fields: object): string {
  const parts = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  return `{${parts.join(', ')}}`;
}

function block(name: string, entries: readonly (readonly [string, string])[]): string {
  const lines = entries.map(([key, value]) => `    ${JSON.stringify(key)}: ${value}`);
  return `  ${JSON.stringify(name)}: {\n${lines.join(',\n')}\n  }`;
}

/** A price book as its file: in the book's own order, a source or a price a line, so that a change is a changed line. */
export function bookText(book: PriceBook): string {
  const { sources, prices, schemaVersion, region, currency, hoursPerMonth, asOf } = book;
  const head = Object.entries({ schemaVersion, region, currency, hoursPerMonth, asOf }).map(
    ([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`,
  );
  const sourceLines = Object.entries(sources).map(([id, text]) => [id, JSON.stringify(text)] as const);
  const priceLines = Object.entries(prices).map(([key, price]) => {
    const { usd, unit, source, confidence, sku, effective } = price;
    return [key, inline({ usd, unit, source, confidence, sku, effective })] as const;
  });
  return `{\n${[...head, block('sources', sourceLines), block('prices', priceLines)].join(',\n')}\n}\n`;
}
