import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { RunningModel } from '../runtime/model';
import type { PredictionResponse } from '../runtime/response';
import { HttpError, readJsonBody, sendJson, toErrorBody } from './http';
import type { Log } from './log';
import { Shelf } from './shelf';

/** How a model server runs. */
export interface ServerOptions {
  /** TCP port; 0 takes a free one. */
  readonly port: number;
  /** `single` serves the model of `folder`; `multi` serves what SageMaker loads from below `folder`. */
  readonly mode: 'single' | 'multi';
  readonly folder: string;
  /** Largest body taken, in bytes. */
  readonly maxPayloadBytes: number;
  readonly log: Log;
}

/** A model server that listens. */
export interface RunningServer {
  readonly port: number;
  /** Stops listening, lets open requests end, and frees the models. */
  close(): Promise<void>;
}

/** What a request led to: status, body, and the rows that were answered. */
interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly rows?: number;
}

type Handle = (request: IncomingMessage, path: readonly string[]) => Promise<Answer>;

// Longer than any connection that the platform in front keeps idle, so that it never reuses one that just closed.
const KEEP_ALIVE_MS = 75_000;

function predicted(response: PredictionResponse): Answer {
  return { status: 200, body: response, rows: response.predictions.length };
}

function notFound(): HttpError {
  return new HttpError(404, 'not_found', 'no such path');
}

function notAllowed(allowed: string): HttpError {
  return new HttpError(405, 'method_not_allowed', `this path takes ${allowed}`);
}

function singleModel(model: RunningModel, limit: number): Handle {
  return async (request, path) => {
    if (path.length !== 1 || path[0] !== 'invocations') throw notFound();
    if (request.method !== 'POST') throw notAllowed('POST');
    return predicted(await model.predict(await readJsonBody(request, limit)));
  };
}

function multiModel(shelf: Shelf, limit: number): Handle {
  return async (request, path) => {
    const [root, name, verb, ...rest] = path;
    if (root !== 'models' || rest.length > 0) throw notFound();
    if (name === undefined) {
      if (request.method === 'GET') return { status: 200, body: { models: shelf.list() } };
      if (request.method !== 'POST') throw notAllowed('GET and POST');
      return { status: 200, body: await shelf.load(await readJsonBody(request, limit)) };
    }
    if (verb === undefined) {
      if (request.method === 'GET') return { status: 200, body: shelf.describe(name) };
      if (request.method !== 'DELETE') throw notAllowed('GET and DELETE');
      await shelf.unload(name);
      return { status: 200 };
    }
    if (verb !== 'invoke') throw notFound();
    if (request.method !== 'POST') throw notAllowed('POST');
    const model = await shelf.get(name);
    return predicted(await model.predict(await readJsonBody(request, limit)));
  };
}

function pathOf(request: IncomingMessage): string[] {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  try {
    return pathname.split('/').slice(1).map(decodeURIComponent);
  } catch {
    throw notFound();
  }
}

async function answer(handle: Handle, request: IncomingMessage, response: ServerResponse, log: Log) {
  const start = performance.now();
  let status: number;
  let rows: number | undefined;
  let cause: string | undefined;
  try {
    const answered = await handle(request, pathOf(request));
    ({ status, rows } = answered);
    sendJson(response, status, answered.body);
  } catch (error) {
    const body = toErrorBody(error);
    ({ status } = body.error);
    cause = status >= 500 ? (error as Error).message : body.error.code;
    sendJson(response, status, body);
  }
  const ms = Math.round((performance.now() - start) * 10) / 10;
  log(status >= 500 ? 'error' : 'info', 'request', { method: request.method, status, ms, rows, cause });
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(port, () => {
      server.off('error', fail);
      done();
    });
  });
  return (server.address() as AddressInfo).port;
}

/**
 * Serves models over SageMaker's container contract. In mode `single` the model is loaded and has passed its
 * self-test before the port opens, so `GET /ping` cannot answer 200 for a model that does not work.
 *
 * @throws ContractError, GraphError or SelfTestError when the model of mode `single` is not fit to serve
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { mode, folder, maxPayloadBytes, log } = options;
  let handle: Handle;
  let free: () => Promise<void>;
  if (mode === 'single') {
    const model = await RunningModel.load(folder);
    const { name, version, reference } = model.contract;
    log('info', 'model ready', { name, version, reference });
    handle = singleModel(model, maxPayloadBytes);
    free = () => model.release();
  } else {
    const shelf = new Shelf(folder);
    handle = multiModel(shelf, maxPayloadBytes);
    free = () => shelf.close();
  }
  let closing = false;
  const server = createServer((request, response) => {
    // A connection that was busy when the server closed would otherwise be kept alive until its timeout.
    response.once('close', () => {
      if (closing) server.closeIdleConnections();
    });
    if (request.url === '/ping' && request.method === 'GET') sendJson(response, 200);
    else void answer(handle, request, response, log);
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  const port = await listen(server, options.port);
  log('info', 'listening', { port, mode });
  return {
    port,
    async close() {
      closing = true;
      await new Promise<void>((done) => {
        server.close(() => done());
      });
      await free();
    },
  };
}
