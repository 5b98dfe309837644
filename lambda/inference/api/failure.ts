import type { Problem } from '../../../models/contract/model-errors';

/** One thing that is wrong: with a row, a feature, or a field of the request. */
export interface FailureDetail extends Problem {
  readonly field?: string;
}

/** What may go wrong. */
export const FAILURE_CODES = [
  'invalid_request',
  'invalid_json',
  'method_not_allowed',
  'not_deployed',
  'payload_too_large',
  'unsupported_media_type',
  'throttled',
  'overloaded',
  'model_starting',
  'unreachable',
  'unavailable',
  'timed_out',
  'out_of_time',
  'bad_model_answer',
  'internal',
] as const;

/** What went wrong, as callers may rely on it. */
export type FailureCode = (typeof FAILURE_CODES)[number];

/** HTTP status of each failure. */
export const STATUS: Readonly<Record<FailureCode, number>> = {
  invalid_request: 400,
  invalid_json: 400,
  not_deployed: 404,
  method_not_allowed: 405,
  payload_too_large: 413,
  unsupported_media_type: 415,
  throttled: 429,
  internal: 500,
  bad_model_answer: 502,
  model_starting: 503,
  overloaded: 503,
  unreachable: 503,
  unavailable: 503,
  timed_out: 504,
  out_of_time: 504,
};

/** Seconds after which a caller may try again, where trying again can help. */
export const RETRY_AFTER: Partial<Record<FailureCode, number>> = {
  throttled: 1,
  overloaded: 1,
  model_starting: 5,
  unreachable: 5,
  unavailable: 5,
  timed_out: 5,
  out_of_time: 1,
};

/** Trying again is safe, and may help: the model has not answered, or was not asked. */
const RETRYABLE: ReadonlySet<FailureCode> = new Set(['throttled', 'model_starting', 'unreachable']);

/**
 * The endpoint itself is out of order. Throttling, a cold start and a caller in a hurry are expected, and a wrong
 * request says nothing.
 */
const OUTAGE: ReadonlySet<FailureCode> = new Set([
  'unreachable',
  'unavailable',
  'timed_out',
  'bad_model_answer',
]);

/** The request is at fault: another model would refuse it as well. */
const REFUSED: ReadonlySet<FailureCode> = new Set(['invalid_request', 'payload_too_large']);

/** A request that gets no prediction. Message and details are safe to show; the cause is for the log alone. */
export class Failure extends Error {
  override readonly name = 'Failure';

  /** @param logged a name for the log, such as the SDK's error name; never a message, which may quote a payload */
  constructor(
    readonly code: FailureCode,
    message: string,
    readonly details: readonly FailureDetail[] = [],
    readonly logged?: string,
  ) {
    super(message);
  }

  get status(): number {
    return STATUS[this.code];
  }

  /** Whether the same call may be made again. */
  get isRetryable(): boolean {
    return RETRYABLE.has(this.code);
  }

  /** Whether it counts against the endpoint. */
  get isOutage(): boolean {
    return OUTAGE.has(this.code);
  }

  /** Whether the request itself is wrong. */
  get isRefusal(): boolean {
    return REFUSED.has(this.code);
  }

  /** Code and what is behind it, for the log. */
  get reason(): string {
    return this.logged === undefined ? this.code : `${this.code} (${this.logged})`;
  }

  get retryAfterSeconds(): number | undefined {
    return RETRY_AFTER[this.code];
  }
}
