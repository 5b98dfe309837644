import { CsvError as ParserError, parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';

/** Text that is no CSV; the message says why, without a value of the text, as in `opens a quote …`. */
export class CsvError extends Error {
  override readonly name = 'CsvError';
}

// The parser's own messages quote the text.
const MEANING: Readonly<Partial<Record<string, string>>> = {
  CSV_QUOTE_NOT_CLOSED: 'opens a quote that never ends',
  INVALID_OPENING_QUOTE: 'has a quote inside a value',
  CSV_INVALID_CLOSING_QUOTE: 'has text after a quote, or a line that does not end in LF or CR LF',
  CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE:
    'has text after a quote, or a line that does not end in LF or CR LF',
};

/**
 * Reads the rows of a CSV text (RFC 4180: comma, optional quotes doubled inside, LF or CR LF, the last of which
 * may be missing). Blanks around a value count only inside quotes. Rows may differ in length.
 *
 * @param take gets row after row
 * @throws CsvError about the row that would have come next
 */
export function readCsv(text: string, take: (cells: string[]) => void): void {
  try {
    parse(text, {
      record_delimiter: ['\r\n', '\n'],
      trim: true,
      relax_column_count: true,
      on_record: (cells: string[]) => {
        take(cells);
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof ParserError)) throw error;
    throw new CsvError(MEANING[error.code] ?? 'is not CSV');
  }
}

/** Rows as CSV, every line with its line break; {@link readCsv} reads the same cells from it. */
export function writeCsv(rows: readonly (readonly (string | number)[])[]): string {
  return stringify(
    rows.map((cells) => [...cells]),
    // Blanks at an edge, and the CR that may be half of a line break, survive only in quotes.
    { quoted_match: /^\s|\s$|\r/ },
  );
}
