import type { PredictionResponse } from '../../models/runtime/response';
import type { InvokeModel } from './endpoint';
import { readEvent, renderAnswer } from './event';
import { Failure } from './failure';
import { type InferenceRequest, readRequest } from './request';
import type { Routes } from './routes';

/** Answers a request inside the function. */
export type AskEmbedded = (request: InferenceRequest) => Promise<PredictionResponse>;

/** What the service needs from outside. */
export interface ServiceParts {
  readonly routes: Routes;
  readonly invoke: InvokeModel;
  /** Absent in a bundle without embedded models. */
  readonly askEmbedded?: AskEmbedded;
  /** Takes one line. */
  readonly log: (line: string) => void;
}

/** What the service uses of Lambda's context. */
export interface InvocationContext {
  readonly awsRequestId: string;
  /** Milliseconds left until Lambda ends the invocation. */
  getRemainingTimeInMillis(): number;
}

/** Handles one event; never rejects. */
export type Handler = (event: unknown, context: InvocationContext) => Promise<unknown>;

// Kept for writing the answer and the log line.
const RESERVE_MS = 500;

type Served = PredictionResponse & { readonly servedBy: 'endpoint' | 'embedded' };

function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  return new Failure('internal', 'the request failed', [], (error as Error).name);
}

/**
 * Checks that every embedded route can be answered by this bundle.
 *
 * @throws Error naming the specialists that cannot
 */
function checkEmbedded({ routes, askEmbedded }: ServiceParts): void {
  const embedded = Object.entries(routes).filter(([, route]) => 'embedded' in route);
  if (embedded.length > 0 && askEmbedded === undefined) {
    const names = embedded.map(([name]) => name).join(', ');
    throw new Error(`ROUTES serves ${names} embedded, but this bundle holds no model`);
  }
}

/**
 * The inference service: checks a request, asks the specialist where it is served, and answers in the
 * shape that the caller's way in wants.
 *
 * @throws Error when the routes ask for what the bundle does not hold
 */
export function createInference(parts: ServiceParts): Handler {
  checkEmbedded(parts);
  const { routes, invoke, askEmbedded, log } = parts;

  const ask = async (request: InferenceRequest, budgetMs: number): Promise<Served> => {
    const route = routes[request.specialist];
    if (route === undefined) {
      throw new Failure('not_deployed', `the specialist ${request.specialist} is not deployed here`);
    }
    if ('endpointName' in route) {
      if (budgetMs <= 0) throw new Failure('timed_out', 'no time was left to ask the model');
      return { ...(await invoke(route, request, budgetMs)), servedBy: 'endpoint' };
    }
    if (askEmbedded === undefined) throw new Failure('internal', 'the request failed');
    return { ...(await askEmbedded(request)), servedBy: 'embedded' };
  };

  return async (event, context) => {
    const start = performance.now();
    const call = readEvent(event);
    const requestId = call.requestId ?? context.awsRequestId;
    let request: InferenceRequest | undefined;
    const report = (status: number, fields: Readonly<Record<string, string | undefined>>) => {
      const ms = Math.round(performance.now() - start);
      const { specialist, rows } = request ?? {};
      const about = { requestId, caller: call.caller, specialist, status, ms, rows };
      log(JSON.stringify({ event: 'inference', ...about, ...fields }));
    };
    try {
      request = readRequest(call.body());
      const served = await ask(request, context.getRemainingTimeInMillis() - RESERVE_MS);
      report(200, { servedBy: served.servedBy });
      return renderAnswer(call.caller, 200, {}, served);
    } catch (error) {
      const { status, code, message, details, retryAfterSeconds, logged } = asFailure(error);
      report(status, { code, cause: logged });
      const headers: Record<string, string> = {};
      if (retryAfterSeconds !== undefined) headers['retry-after'] = String(retryAfterSeconds);
      if (status === 405) headers['allow'] = 'POST';
      const body = { error: { status, code, message, details, retryAfterSeconds } };
      return renderAnswer(call.caller, status, headers, body);
    }
  };
}
