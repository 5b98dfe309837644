import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { RunningModel } from '../runtime/running-model';
import { answer } from './score-request';
import { AdmissionQueue, type AdmissionLimits } from './admission-queue';
import { Connections } from './http/connections';
import { send } from './http/http-error';
import { RefCounted } from './ref-counted';
import type { Log } from './json-log';
import { type Handle, multiModel, singleModel } from './http/routes';
import { ModelRegistry } from './model-registry';

/** How a model server runs. */
export interface ServerOptions {
  /** TCP port; 0 takes a free one. */
  readonly port: number;
  /** `single` serves the model of `folder`; `multi` serves what SageMaker loads from below `folder`. */
  readonly mode: 'single' | 'multi';
  readonly folder: string;
  /** Largest body taken, in bytes. */
  readonly maxPayloadBytes: number;
  /** Bytes that all models of mode `multi` may take together; a load beyond it is answered 507. */
  readonly modelMemoryBytes: number;
  /** Requests for predictions that are worked on and that wait; further ones are answered 503. */
  readonly requests: AdmissionLimits;
  readonly log: Log;
}

/** A model server that listens. */
export interface RunningServer {
  readonly port: number;
  /**
   * Takes no new request, answers those that are there, and frees the models.
   *
   * @param withinMs after that, connections that are still open are cut
   * @returns how many connections were cut
   */
  close(withinMs: number): Promise<number>;
}

// Longer than any connection that the platform in front keeps idle, so that it never reuses one that just closed.
const KEEP_ALIVE_MS = 75_000;

// SageMaker itself gives up after 60 seconds; a caller that sends more slowly must not hold its place for longer.
const REQUEST_TIMEOUT_MS = 60_000;

/** What answers requests, and what frees its memory when there are no more. */
interface Service {
  readonly handle: Handle;
  free(): Promise<void>;
}

async function openService(options: ServerOptions): Promise<Service> {
  const { mode, folder, maxPayloadBytes, modelMemoryBytes, requests, log } = options;
  const invocations = { gate: new AdmissionQueue(requests), maxPayloadBytes };
  if (mode === 'multi') {
    const shelf = new ModelRegistry(folder, modelMemoryBytes);
    return { handle: multiModel(shelf, invocations), free: () => shelf.close() };
  }
  const model = await RunningModel.load(folder);
  const { name, version, reference } = model.contract;
  log('info', 'model ready', { name, version, reference });
  const lease = new RefCounted(model);
  return { handle: singleModel(lease, invocations), free: () => lease.end() };
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
  const { mode, log } = options;
  const service = await openService(options);
  const server = createServer((request, response) => {
    if (request.url === '/ping' && request.method === 'GET') send(response, 200);
    else void answer(service.handle, request, response, log);
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  const connections = new Connections(server);
  const port = await listen(server, options.port);
  log('info', 'listening', { port, mode });
  return {
    port,
    async close(withinMs) {
      const cut = await connections.drain(withinMs);
      await service.free();
      return cut;
    },
  };
}
