import type { InvocationContext } from '../../../lambda/inference/service';

/** The body of an answer that carries a prediction for each row. */
export function modelAnswer(name: string, rows = 1) {
  return {
    model: { name, version: '1.0.0', reference: true },
    predictions: Array.from({ length: rows }, () => ({
      label: 'Attack',
      class: 1,
      confidence: 0.75,
      probabilities: { Normal: 0.25, Attack: 0.75 },
      inDistribution: true,
    })),
  };
}

/** Lambda's context, with that much time left. */
export function context(remainingMs = 10_000): InvocationContext {
  return { awsRequestId: 'lambda-request', getRemainingTimeInMillis: () => remainingMs };
}

/** A Function URL or API Gateway event (payload 2.0). */
export function httpEvent(body: unknown, overrides: Record<string, unknown> = {}) {
  return {
    version: '2.0',
    requestContext: { requestId: 'url-request', http: { method: 'POST' } },
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    isBase64Encoded: false,
    ...overrides,
  };
}

/** An answer of the HTTP kind. */
export interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly multiValueHeaders?: Record<string, string[]>;
  readonly body: string;
}

/** Status and parsed body of an HTTP answer. */
export function read(answer: unknown): {
  status: number;
  headers: Record<string, string>;
  json: Record<string, unknown>;
} {
  const { statusCode, headers, body } = answer as HttpAnswer;
  return { status: statusCode, headers, json: JSON.parse(body) as Record<string, unknown> };
}
