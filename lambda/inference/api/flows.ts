import { checkRows } from '../../../models/runtime/feature-batch';
import { InvalidRequestError } from '../../../models/contract/model-errors';
import { Failure } from './failure';

/** Rows of raw features in a known order. */
export interface Flows {
  readonly features: readonly string[];
  readonly rows: readonly (readonly number[])[];
}

/**
 * Reads the rows of a request by position (`instances`) or by name (`records`).
 *
 * @param features of the model that is asked first, in order
 * @throws Failure `invalid_request` that names rows and features
 */
export function readFlows(body: Readonly<Record<string, unknown>>, features: readonly string[]): Flows {
  const { instances, records } = body;
  try {
    checkRows({ instances, records }, features);
  } catch (error) {
    if (!(error instanceof InvalidRequestError)) throw error;
    throw new Failure('invalid_request', error.message, error.problems);
  }
  if (instances !== undefined) return { features, rows: instances as number[][] };
  const named = records as Record<string, number>[];
  return { features, rows: named.map((record) => features.map((name) => record[name] ?? Number.NaN)) };
}

/** The rows at some positions, in the order of those. */
export function rowsAt({ features, rows }: Flows, positions: readonly number[]): Flows {
  return { features, rows: positions.map((at) => rows[at] ?? []) };
}

/**
 * The same rows in the order that another model takes.
 *
 * @returns undefined when the rows lack a feature of that model
 */
export function orderedFor({ features, rows }: Flows, wanted: readonly string[]): Flows | undefined {
  if (wanted.length === features.length && wanted.every((name, at) => name === features[at])) {
    return { features: wanted, rows };
  }
  const from = wanted.map((name) => features.indexOf(name));
  if (from.includes(-1)) return undefined;
  return { features: wanted, rows: rows.map((row) => from.map((at) => row[at] ?? Number.NaN)) };
}
