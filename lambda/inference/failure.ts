import type { Problem } from '../../models/runtime/errors';

/** What went wrong, as callers may rely on it. */
export type FailureCode =
  | 'invalid_request'
  | 'invalid_json'
  | 'method_not_allowed'
  | 'not_deployed'
  | 'payload_too_large'
  | 'unsupported_media_type'
  | 'throttled'
  | 'model_starting'
  | 'unavailable'
  | 'timed_out'
  | 'bad_model_answer'
  | 'internal';

const STATUS: Readonly<Record<FailureCode, number>> = {
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
  unavailable: 503,
  timed_out: 504,
};

/** Seconds after which a caller may try again, where trying again can help. */
const RETRY_AFTER: Partial<Record<FailureCode, number>> = {
  throttled: 1,
  model_starting: 5,
  unavailable: 5,
  timed_out: 5,
};

/** A request that gets no prediction. Message and details are safe to show; the cause is for the log alone. */
export class Failure extends Error {
  override readonly name = 'Failure';

  /** @param logged a name for the log, such as the SDK's error name; never a message, which may quote a payload */
  constructor(
    readonly code: FailureCode,
    message: string,
    readonly details: readonly Problem[] = [],
    readonly logged?: string,
  ) {
    super(message);
  }

  get status(): number {
    return STATUS[this.code];
  }

  get retryAfterSeconds(): number | undefined {
    return RETRY_AFTER[this.code];
  }
}
