import type { IncomingMessage, ServerResponse } from 'node:http';
import { InvalidRequestError, type Problem } from '../runtime/errors';

/** A request that cannot be answered as asked; the message is safe to show. */
export class HttpError extends Error {
  override readonly name = 'HttpError';

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details: readonly Problem[] = [],
  ) {
    super(message);
  }
}

/** Body of every answer that is no success. */
export interface ErrorBody {
  readonly error: {
    readonly status: number;
    readonly code: string;
    readonly message: string;
    readonly details: readonly Problem[];
  };
}

/** What a failure looks like to the caller; anything unforeseen is told as an internal error, without its message. */
export function toErrorBody(error: unknown): ErrorBody {
  if (error instanceof HttpError) {
    const { status, code, message, details } = error;
    return { error: { status, code, message, details } };
  }
  if (error instanceof InvalidRequestError) {
    const { message, problems } = error;
    return { error: { status: 400, code: 'invalid_request', message, details: problems } };
  }
  return {
    error: { status: 500, code: 'internal', message: 'the model failed on this request', details: [] },
  };
}

/** Sends JSON, or an empty body where there is nothing to say. */
export function sendJson(response: ServerResponse, status: number, body?: unknown): void {
  if (body === undefined) {
    response.writeHead(status, { 'content-length': 0 }).end();
    return;
  }
  const text = JSON.stringify(body);
  response
    .writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
    .end(text);
}

const JSON_TYPE = /^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i;

/**
 * Reads a JSON body.
 *
 * @param limit most bytes to keep
 * @throws HttpError 415 for another content type, 413 for too large a body, 400 for what is no JSON
 */
export async function readJsonBody(request: IncomingMessage, limit: number): Promise<unknown> {
  const type = request.headers['content-type'] ?? '';
  if (!JSON_TYPE.test(type)) {
    throw new HttpError(415, 'unsupported_media_type', 'content-type must be application/json');
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    // The rest is read and dropped: a connection that closes on an unread body loses the answer with it.
    if (size > limit) chunks.length = 0;
    else chunks.push(chunk);
  }
  if (size > limit) {
    throw new HttpError(413, 'payload_too_large', `the body may hold at most ${limit} bytes`);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
  } catch {
    throw new HttpError(400, 'invalid_json', 'the body is not JSON');
  }
}
