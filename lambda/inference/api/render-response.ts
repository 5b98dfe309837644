import type { Answer } from './api-schema';
import type { Call, Caller } from './event';
import { Failure } from './failure';

/** The body that Mini-XDR's backend read first: probabilities by position, and nothing else. */
export const LEGACY_TYPE = 'application/vnd.mini-xdr.v1+json';

/**
 * Largest answer that gets through, in bytes: 6 MB from Lambda, 1 MB from Lambda to an Application Load Balancer (AWS,
 * "Lambda quotas" and "Lambda functions as targets", 2026-11), the envelope's escaping left out.
 */
const MAX_ANSWER_BYTES: Readonly<Record<Caller, number>> = {
  http: 4_500_000,
  alb: 900_000,
  'alb-multi-value': 900_000,
  direct: 6_000_000,
};

function envelope(
  { caller }: Call,
  status: number,
  type: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): unknown {
  const all = { 'content-type': type, ...headers };
  const multi = Object.fromEntries(Object.entries(all).map(([name, value]) => [name, [value]]));
  return {
    statusCode: status,
    ...(caller === 'alb-multi-value' ? { multiValueHeaders: multi } : { headers: all }),
    body,
    isBase64Encoded: false,
  };
}

/** Headers that carry what the legacy body has no room for. */
function legacyHeaders({ model, servedBy, degraded, variant, requestId }: Answer): Record<string, string> {
  return {
    'x-mini-xdr-model': `${model.name} ${model.version}`,
    'x-mini-xdr-model-reference': String(model.reference),
    'x-mini-xdr-served-by': servedBy,
    'x-mini-xdr-degraded': String(degraded),
    'x-mini-xdr-variant': variant,
    'x-mini-xdr-request-id': requestId,
  };
}

/**
 * An answer in the shape that the caller's way in wants; a direct caller gets the body itself.
 *
 * @throws Failure `payload_too_large` when it would not get through
 */
export function renderAnswer(call: Call, answer: Answer): unknown {
  const isLegacy = call.accept.toLowerCase().includes(LEGACY_TYPE);
  const content = isLegacy
    ? { predictions: answer.predictions.map(({ probabilities }) => Object.values(probabilities)) }
    : answer;
  const body = JSON.stringify(content);
  const most = MAX_ANSWER_BYTES[call.caller];
  // An answer is ASCII but for the names of classes, which are few.
  if (body.length > most) {
    const { length } = answer.predictions;
    const fitting = Math.max(1, Math.floor((length * most * 0.9) / body.length));
    throw new Failure(
      'payload_too_large',
      `the answer to ${length} rows would be too large; send at most ${fitting} rows in a request`,
    );
  }
  if (call.caller === 'direct') return content;
  return isLegacy
    ? envelope(call, 200, LEGACY_TYPE, legacyHeaders(answer), body)
    : envelope(call, 200, 'application/json', {}, body);
}

/** A refusal or failure in the same shape. */
export function renderFailure(call: Call, failure: Failure, requestId: string): unknown {
  const { status, code, message, details, retryAfterSeconds } = failure;
  const content = {
    error: { status, code, message, details, ...(retryAfterSeconds && { retryAfterSeconds }), requestId },
  };
  if (call.caller === 'direct') return content;
  const headers: Record<string, string> = {};
  if (retryAfterSeconds !== undefined) headers['retry-after'] = String(retryAfterSeconds);
  if (status === 405) headers['allow'] = 'POST';
  return envelope(call, status, 'application/json', headers, JSON.stringify(content));
}
