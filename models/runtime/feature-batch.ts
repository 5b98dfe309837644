import { InvalidRequestError } from '../contract/model-errors';
import { Problems } from './problems';

/** Rows of raw features, row after row in the model's order. */
export interface Batch {
  readonly values: Float32Array;
  readonly rows: number;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : `a value of type ${typeof value}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Why a value cannot be a feature, or undefined where it can. */
function objection(value: unknown): string | undefined {
  if (value === undefined) return 'is missing';
  if (typeof value !== 'number') return `must be a number, but is ${kindOf(value)}`;
  if (!Number.isFinite(Math.fround(value))) return 'must be a finite number of single precision';
  return undefined;
}

function checkPosition(
  features: readonly string[] | undefined,
  row: unknown,
  at: number,
  problems: Problems,
): void {
  if (!Array.isArray(row)) {
    problems.add({ row: at, message: `must be an array of numbers, but is ${kindOf(row)}` });
    return;
  }
  if (features !== undefined && row.length !== features.length) {
    problems.add({ row: at, message: `must have ${features.length} values, but has ${row.length}` });
    return;
  }
  row.forEach((value: unknown, column) => {
    const message = objection(value);
    if (message !== undefined)
      problems.add({ row: at, feature: features?.[column] ?? String(column), message });
  });
}

function checkRecord(
  features: readonly string[] | undefined,
  row: unknown,
  at: number,
  problems: Problems,
): void {
  if (!isRecord(row)) {
    problems.add({ row: at, message: `must be an object of numbers, but is ${kindOf(row)}` });
    return;
  }
  const names = features ?? Object.keys(row);
  for (const feature of names) {
    const message = objection(Object.hasOwn(row, feature) ? row[feature] : undefined);
    if (message !== undefined) problems.add({ row: at, feature, message });
  }
  if (features === undefined) return;
  const known = new Set(features);
  for (const feature of Object.keys(row)) {
    if (!known.has(feature)) problems.add({ row: at, feature, message: 'is not a feature of this model' });
  }
}

/** The rows of a request, and whether they come by position or by name. */
interface Rows {
  readonly by: 'instances' | 'records';
  readonly rows: readonly unknown[];
}

function takeRows(body: unknown): Rows {
  if (!isRecord(body)) throw InvalidRequestError.of('the body must be a JSON object');
  const { instances, records } = body;
  if ((instances === undefined) === (records === undefined)) {
    throw InvalidRequestError.of('give exactly one of "instances" and "records"');
  }
  const by = instances === undefined ? 'records' : 'instances';
  const rows = instances ?? records;
  if (!Array.isArray(rows)) throw InvalidRequestError.of(`"${by}" must be an array, but is ${kindOf(rows)}`);
  if (rows.length === 0) throw InvalidRequestError.of(`"${by}" must hold at least one row`);
  return { by, rows };
}

/**
 * Checks the rows of a request: `instances` are arrays by position, `records` are objects by feature name.
 *
 * @param features the model's features in order; without them the shape and the numbers are checked, but
 *   neither lengths nor names
 * @returns how many rows there are
 * @throws InvalidRequestError that names rows (counted from 0) and features
 */
export function checkRows(body: unknown, features?: readonly string[]): number {
  const { by, rows } = takeRows(body);
  const problems = new Problems();
  const check = by === 'instances' ? checkPosition : checkRecord;
  rows.forEach((row, at) => check(features, row, at, problems));
  problems.refuse(by);
  return rows.length;
}

/**
 * Lays a request's rows out for the model.
 *
 * @param features the model's features in order
 * @throws InvalidRequestError that names rows (counted from 0) and features
 */
export function readBatch(body: unknown, features: readonly string[]): Batch {
  checkRows(body, features);
  const { by, rows } = takeRows(body);
  const values = new Float32Array(rows.length * features.length);
  rows.forEach((row, at) => {
    const value =
      by === 'instances'
        ? (column: number) => (row as number[])[column]
        : (column: number) => (row as Record<string, number>)[features[column] ?? ''];
    for (let column = 0; column < features.length; column++) {
      values[at * features.length + column] = value(column) ?? Number.NaN;
    }
  });
  return { values, rows: rows.length };
}

/**
 * A batch in parts, in the order of its rows. The parts share the memory of the whole.
 *
 * @param rows of every part but the last, which may have fewer
 */
export function* slices(batch: Batch, rows: number): Generator<Batch> {
  const width = batch.values.length / batch.rows;
  for (let from = 0; from < batch.rows; from += rows) {
    const to = Math.min(from + rows, batch.rows);
    yield { values: batch.values.subarray(from * width, to * width), rows: to - from };
  }
}
