import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { text as textOf } from 'node:stream/consumers';
import { UserError } from '../util/user-error';
import { isLabel, readCsv } from './csv-flows';
import type { Flow, Flows } from './flow-batches';

/** Name of standard input as a file. */
export const STANDARD_INPUT = '-';

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const SHAPES =
  'JSON lines (an array of numbers or an object by feature name a line), a JSON document with "instances" or "records", or CSV with a header';

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function readLines(file: string, text: string): unknown[] {
  return text.split(/\r?\n/).flatMap((line, at) => {
    if (line.trim() === '') return [];
    const row = parsed(line);
    if (row === undefined) throw new UserError(`${file}, line ${at + 1} is not JSON; it must be ${SHAPES}`);
    return [row];
  });
}

function readDocument(file: string, { instances, records, ...others }: Fields): unknown {
  const strangers = Object.keys(others);
  if (strangers.length > 0) {
    throw new UserError(
      `${file} has "${strangers.slice(0, 5).join('", "')}" beside its rows; it may hold "instances" or "records" alone, and --specialist or --threat-type says who is asked`,
    );
  }
  if (instances !== undefined && records !== undefined) {
    throw new UserError(`${file} has both "instances" and "records"; it must be one of them`);
  }
  return instances ?? records;
}

function rowsOf(file: string, text: string): unknown {
  const start = text.trimStart().charAt(0);
  if (start !== '{' && start !== '[') return readCsv(file, text);
  const whole = parsed(text);
  if (whole === undefined) return readLines(file, text);
  if (isFields(whole))
    return 'instances' in whole || 'records' in whole ? readDocument(file, whole) : [whole];
  // One line of JSON lines, or a document that is nothing but its rows.
  const rows = whole as unknown[];
  return rows.some((row) => typeof row === 'object') ? rows : [rows];
}

/** A record without its label, and the label. Names come with blanks around them in the published files. */
function withoutLabel(record: Fields): { row: Flow; label: string | undefined } {
  let label: string | undefined;
  const row: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(record)) {
    if (isLabel(name)) label = typeof value === 'string' ? value.trim() : JSON.stringify(value);
    else row[name.trim()] = value;
  }
  return { row, label: label === '' ? undefined : label };
}

async function readText(file: string): Promise<string> {
  try {
    // A descriptor: a pipe is read to its end, however slowly it is written.
    return file === STANDARD_INPUT
      ? await textOf(createReadStream('', { fd: 0, autoClose: false }))
      : await readFile(file, 'utf8');
  } catch (error) {
    const { code = 'unreadable' } = error as NodeJS.ErrnoException;
    throw new UserError(
      `--file ${file} cannot be read (${code}); give a file of flows, or - for standard input`,
    );
  }
}

/**
 * Reads flows: JSON lines, a JSON document, or CSV with a header. Whether their values and names fit a model is for
 * the service to say.
 *
 * @param file how the file is called in an error
 * @throws UserError for anything else
 */
export function parseFlows(file: string, text: string): Flows {
  const rows = rowsOf(file, text);
  if (!Array.isArray(rows) || rows.length === 0) {
    throw new UserError(`${file} holds no flows; it must be ${SHAPES}`);
  }
  if (rows.every((row): row is readonly unknown[] => Array.isArray(row))) {
    return { by: 'instances', rows, labels: rows.map(() => undefined) };
  }
  const stranger = rows.findIndex((row) => !isFields(row));
  if (stranger >= 0) {
    throw new UserError(
      `${file}, row ${stranger + 1} is not like the others: flows must all be arrays by position or all be objects by feature name`,
    );
  }
  const records = (rows as Fields[]).map(withoutLabel);
  return {
    by: 'records',
    rows: records.map(({ row }) => row),
    labels: records.map(({ label }) => label),
  };
}

/**
 * Reads flows of a file, or of standard input (`-`).
 *
 * @throws UserError as {@link parseFlows}, and for a file that cannot be read
 */
export async function readFlows(file: string): Promise<Flows> {
  return parseFlows(file === STANDARD_INPUT ? 'standard input' : file, await readText(file));
}
