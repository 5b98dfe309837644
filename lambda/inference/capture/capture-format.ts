import type { Specialist } from '../../../models/catalogue';

/** Prefix of every capture in its bucket. */
export const CAPTURE_PREFIX = 'captures';

/**
 * Rows of one request that are kept at most; of a larger one, rows at even distances. A day of requests says how flows
 * are distributed, and one request of thousands of rows must not outweigh it.
 */
export const MOST_ROWS = 100;

/** One line of a capture: a row and what was said about it. */
export interface CapturedRow {
  /** When the request came, as ISO 8601 in UTC. */
  readonly at: string;
  readonly specialist: Specialist;
  readonly version: string;
  readonly variant: string;
  readonly label: string;
  readonly confidence: number;
  readonly row: readonly number[];
}

/** Prefix of one specialist's captures of one day, which begins and ends at midnight UTC. */
export function dayPrefix(specialist: Specialist, day: Date): string {
  const [yyyy, mm, dd] = day.toISOString().slice(0, 10).split('-');
  return `${[CAPTURE_PREFIX, specialist, yyyy, mm, dd].join('/')}/`;
}

/**
 * Key of one request's capture.
 *
 * @param requestId whatever a caller gave as its request's id; only letters, digits and dashes of it are kept
 */
export function captureKey(specialist: Specialist, at: Date, requestId: string): string {
  const time = at.toISOString().slice(11, 23).replaceAll(/[:.]/g, '');
  const name = requestId.replaceAll(/[^A-Za-z0-9-]/g, '').slice(0, 64);
  return `${dayPrefix(specialist, at)}${time}-${name}.jsonl`;
}
