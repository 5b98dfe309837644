import type * as z from 'zod';
import { type Answer, answerSchema, errorSchema } from '../../lambda/inference/api/api-schema';

export type { Answer } from '../../lambda/inference/api/api-schema';

/** The answer for one row. */
export type Prediction = Answer['predictions'][number];

/** Why the service refuses a request; rows are counted from 0, in that request. */
export type Refusal = z.infer<typeof errorSchema>['error'];

/** What became of a request. */
export type ModelResult =
  | { readonly kind: 'answered'; readonly answer: Answer }
  /** The service read the request and does not take it: asking again brings the same. */
  | { readonly kind: 'refused'; readonly status: number; readonly refusal: Refusal }
  /** No answer could be had; nothing is said about the request. */
  | { readonly kind: 'unanswered'; readonly reason: string; readonly remedy: string };

/** A request's body, as JSON, and how many rows it holds. */
export interface Request {
  readonly body: string;
  readonly rows: number;
}

/** Asks the service. Never rejects for what the service does. */
export type Ask = (request: Request) => Promise<ModelResult>;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function readRefusal(text: string): Refusal | undefined {
  return errorSchema.safeParse(parsed(text)).data?.error;
}

/**
 * Reads what the service said with a status that is not worth another attempt.
 *
 * @param rows of the request: an answer with another number of rows is none
 */
export function readAnswer(status: number, text: string, rows: number): ModelResult {
  if (status === 200) {
    const { data } = answerSchema.safeParse(parsed(text));
    if (data !== undefined && data.predictions.length === rows) return { kind: 'answered', answer: data };
    return {
      kind: 'unanswered',
      reason: 'the service answered 200 with something that is no answer to the request',
      remedy: 'see whether the deployed version is that of this tree',
    };
  }
  const refusal = readRefusal(text);
  if (refusal !== undefined && status >= 400 && status < 500 && status !== 429) {
    return { kind: 'refused', status, refusal };
  }
  return {
    kind: 'unanswered',
    reason: `the service answered ${status}${refusal === undefined ? '' : ` (${refusal.message})`}`,
    remedy: 'see its log and alarms, and try again',
  };
}
