import type { IncomingMessage, ServerResponse } from 'node:http';
import { HttpError, jsonContent, send, toErrorBody } from './http/http-error';
import type { Log } from './json-log';
import { type Answer, type Handle, notFound } from './http/routes';

// Names come from outside, and a log line should stay one that can be read.
const LONGEST_NAME = 200;

function pathOf(request: IncomingMessage): string[] {
  try {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    return pathname.split('/').slice(1).map(decodeURIComponent);
  } catch {
    throw notFound();
  }
}

/** Names of the path and of SageMaker's that tell requests apart in the log. */
function about(request: IncomingMessage, path: readonly string[]) {
  const target = request.headers['x-amzn-sagemaker-target-model'];
  return {
    model: path[0] === 'models' ? path[1]?.slice(0, LONGEST_NAME) : undefined,
    target: typeof target === 'string' ? target.slice(0, LONGEST_NAME) : undefined,
  };
}

/** Answers a request, whatever becomes of it, and logs one line about it that holds nothing of its body. */
export async function answer(
  handle: Handle,
  request: IncomingMessage,
  response: ServerResponse,
  log: Log,
): Promise<void> {
  const start = performance.now();
  let path: readonly string[] = [];
  let answered: Answer | undefined;
  let status: number;
  let cause: string | undefined;
  try {
    path = pathOf(request);
    answered = await handle(request, path, response);
    ({ status } = answered);
    send(response, status, answered.content, answered.headers);
  } catch (error) {
    const body = toErrorBody(error);
    ({ status } = body.error);
    cause = status >= 500 ? (error as Error).message : body.error.code;
    send(response, status, jsonContent(body), error instanceof HttpError ? error.headers : {});
  }
  const ms = Math.round((performance.now() - start) * 10) / 10;
  const { method } = request;
  const fields = { method, status, ms, rows: answered?.rows, cause };
  log(status >= 500 ? 'error' : 'info', 'request', { ...fields, ...about(request, path) });
}
