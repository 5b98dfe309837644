/** A flow by position, or by feature name. */
export type Flow = readonly unknown[] | Readonly<Record<string, unknown>>;

/** Flows that are to be classified, as a request carries them. */
export interface Flows {
  /** `instances`: every flow is an array by position; `records`: every flow is an object by feature name. */
  readonly by: 'instances' | 'records';
  readonly rows: readonly Flow[];
  /** What each flow is known to be, row by row; undefined where nobody says. Never sent. */
  readonly labels: readonly (string | undefined)[];
}

/** Rows of one request. The Lambda's answer is limited as its request is, and a row of it is the longer one. */
export const MOST_ROWS = 5_000;

/** Bytes of one request; an endpoint in serverless mode takes 4 MiB, and the Lambda itself 6 MB. */
export const MOST_BYTES = 4_000_000;

/** The envelope of a request: its keys, the specialist's name, brackets. */
const ENVELOPE_BYTES = 200;

/** A part of the flows that fits one request. */
export interface Part {
  /** Place of its first row among all, from 0. */
  readonly from: number;
  readonly rows: readonly Flow[];
}

/**
 * Splits flows into requests, in order. A row that is larger than a request stands alone: the service says why it
 * refuses it.
 */
export function partsOf({ rows }: Flows): Part[] {
  const parts: Part[] = [];
  let [from, bytes] = [0, ENVELOPE_BYTES];
  rows.forEach((row, at) => {
    const size = Buffer.byteLength(JSON.stringify(row)) + 1;
    if (at > from && (at - from >= MOST_ROWS || bytes + size > MOST_BYTES)) {
      parts.push({ from, rows: rows.slice(from, at) });
      [from, bytes] = [at, ENVELOPE_BYTES];
    }
    bytes += size;
  });
  if (from < rows.length) parts.push({ from, rows: rows.slice(from) });
  return parts;
}
