import type { IncomingMessage, ServerResponse } from 'node:http';
import { TextDecoder } from 'node:util';
import { InvalidRequestError, type Problem } from '../../contract/model-errors';

/** A request that cannot be answered as asked; the message is safe to show. */
export class HttpError extends Error {
  override readonly name = 'HttpError';

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details: readonly Problem[] = [],
    /** Headers that the answer carries, such as `allow`. */
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/** Nobody will read the answer; the status is for the log, as other servers have it. */
export function callerGone(): HttpError {
  return new HttpError(499, 'caller_gone', 'the caller closed the connection');
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

/** A body as it is sent. */
export interface Content {
  readonly type: string;
  readonly text: string;
}

/** A value as JSON. */
export function jsonContent(value: unknown): Content {
  return { type: 'application/json', text: JSON.stringify(value) };
}

/** Sends an answer; without content its body is empty. */
export function send(
  response: ServerResponse,
  status: number,
  content?: Content,
  headers: Readonly<Record<string, string>> = {},
): void {
  const { type, text } = content ?? { type: undefined, text: '' };
  response
    .writeHead(status, {
      ...headers,
      ...(type === undefined ? {} : { 'content-type': type }),
      'content-length': Buffer.byteLength(text),
    })
    .end(text);
}

// One for all: each holds memory outside the heap, which the collector frees late and slowly.
const UTF_8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads the text of a body.
 *
 * @param limit most bytes to keep
 * @throws HttpError 413 for too large a body, 400 for one that is not UTF-8, 499 when the caller goes meanwhile
 */
export async function readText(request: IncomingMessage, limit: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  // By events: an asynchronous iterator costs a single row more than its prediction does.
  await new Promise<void>((done, fail) => {
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      // The rest is read and dropped: a connection that closes on an unread body loses the answer with it.
      if (size > limit) chunks.length = 0;
      else chunks.push(chunk);
    });
    request.once('end', done);
    const ended = (): void => {
      if (!request.complete) fail(callerGone());
    };
    request.once('error', ended);
    request.once('close', ended);
  });
  if (size > limit) {
    throw new HttpError(413, 'payload_too_large', `the body may hold at most ${limit} bytes`);
  }
  try {
    return UTF_8.decode(Buffer.concat(chunks));
  } catch {
    throw new HttpError(400, 'invalid_text', 'the body is not UTF-8');
  }
}
