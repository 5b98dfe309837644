import { InvalidRequestError } from '../../contract/model-errors';
import { Problems } from '../../runtime/problems';
import { CsvError, readCsv } from './csv-rows';
import { HttpError } from './http-error';
import { parseMediaType } from './media-type';

/** Turns the text of a body into `{ instances }` or `{ records }`, as the runtime takes them. */
export type Decode = (text: string) => unknown;

/** Content types that a model can be asked in. */
export const REQUEST_TYPES = ['application/json', 'application/jsonlines', 'text/csv'] as const;

function decodeJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new HttpError(400, 'invalid_json', 'the body is not JSON');
  }
}

function decodeJsonLines(text: string): unknown {
  const lines = text.split('\n');
  if (lines.at(-1)?.trim() === '') lines.pop();
  const rows = lines.map((line, row): unknown => {
    try {
      return JSON.parse(line) as unknown;
    } catch {
      throw new HttpError(400, 'invalid_json', `row ${row} is not JSON`, [{ row, message: 'is not JSON' }]);
    }
  });
  const [first] = rows;
  const byName = typeof first === 'object' && first !== null && !Array.isArray(first);
  return byName ? { records: rows } : { instances: rows };
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const NOT_FINITE = /^[+-]?(nan|inf|infinity)$/i;

/** What a cell stands for; text that is no number stays text, for the runtime to refuse by row and feature. */
function valueOf(cell: string): unknown {
  if (NUMBER.test(cell)) return Number(cell);
  if (NOT_FINITE.test(cell)) return Number.NaN;
  return cell === '' ? undefined : cell;
}

function recordsOf(header: readonly string[], rows: readonly string[][]): unknown {
  const twice = header.findIndex((name, at) => header.indexOf(name) !== at);
  if (twice >= 0) {
    throw new InvalidRequestError('the header names a feature twice', [
      { feature: (header[twice] ?? '').slice(0, 100), message: 'is named twice' },
    ]);
  }
  const problems = new Problems();
  const records = rows.map((cells, row) => {
    if (cells.length !== header.length) {
      problems.add({ row, message: `must have ${header.length} values, but has ${cells.length}` });
    }
    return Object.fromEntries(header.map((name, at) => [name, valueOf(cells[at] ?? '')]));
  });
  problems.refuse('records');
  return { records };
}

function isHeader(cells: readonly string[], said: string | undefined): boolean {
  if (said === 'present' || said === 'absent') return said === 'present';
  return cells.every((cell) => typeof valueOf(cell) === 'string');
}

/**
 * Decodes CSV. A first line without any number is a header and makes the rows records by feature name; the
 * parameter `header` of the content type (RFC 4180), `present` or `absent`, says so outright.
 *
 * @throws InvalidRequestError for text that is no CSV, naming the row
 */
export function decodeCsv(text: string, header?: string): unknown {
  const rows: string[][] = [];
  let names: string[] | undefined;
  try {
    readCsv(text, (cells) => {
      if (names === undefined && rows.length === 0 && isHeader(cells, header)) names = cells;
      else rows.push(cells);
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const problem = { row: rows.length, message: error.message };
    throw new InvalidRequestError('the body is not CSV', [problem]);
  }
  return names === undefined
    ? { instances: rows.map((cells) => cells.map(valueOf)) }
    : recordsOf(names, rows);
}

/**
 * How a request's body is to be read.
 *
 * @param contentType the header; letter case does not matter, the charset may be UTF-8 or ASCII
 * @param allowed the content types of this path
 * @throws HttpError 415 that names what is allowed, in the message and in an Accept header
 */
export function requestFormat(
  contentType: string | undefined,
  allowed: readonly string[] = REQUEST_TYPES,
): Decode {
  const type = parseMediaType(contentType ?? '');
  const charset = type?.parameters.get('charset')?.toLowerCase() ?? 'utf-8';
  const header = type?.parameters.get('header')?.toLowerCase();
  if (type !== undefined && allowed.includes(type.name) && ['utf-8', 'utf8', 'us-ascii'].includes(charset)) {
    if (type.name === 'application/json') return decodeJson;
    if (type.name === 'application/jsonlines') return decodeJsonLines;
    return (text) => decodeCsv(text, header);
  }
  const message = `content-type must be ${allowed.join(', ').replace(/, ([^,]*)$/, ' or $1')}, in UTF-8`;
  throw new HttpError(415, 'unsupported_media_type', message, [], { accept: allowed.join(', ') });
}
