import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Handler } from '../../lambda/inference/inference-service';
import { type Ask, readAnswer } from './prediction-answer';

/** What the function answers a Function URL. */
const responseSchema = z.object({ statusCode: z.int(), body: z.string() });

/** Time that a request has here, in ms; as much as the function's timeout gives it. */
const TIME_MS = 65_000;

/** There is no log to look into here. */
const REMEDY = 'xdr models verify says what is wrong with the models here';

/** A request as a Function URL passes it on. (AWS Lambda, "Function URLs", payload format 2.0.) */
function eventOf(body: string, requestId: string): unknown {
  return {
    version: '2.0',
    rawPath: '/',
    headers: { 'content-type': 'application/json' },
    requestContext: { requestId, http: { method: 'POST', path: '/' } },
    body,
    isBase64Encoded: false,
  };
}

/** Asks the function's own handler in this process, with what a Function URL would pass on to it. */
export function askHandler(handler: Handler): Ask {
  return async ({ body, rows }) => {
    const requestId = randomUUID();
    const end = performance.now() + TIME_MS;
    const context = {
      awsRequestId: requestId,
      getRemainingTimeInMillis: () => Math.max(0, end - performance.now()),
    };
    const { statusCode, body: text } = responseSchema.parse(await handler(eventOf(body, requestId), context));
    const asked = readAnswer(statusCode, text, rows);
    return asked.kind === 'unanswered' ? { ...asked, remedy: REMEDY } : asked;
  };
}
