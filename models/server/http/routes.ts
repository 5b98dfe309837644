import type { IncomingMessage } from 'node:http';
import type { RunningModel } from '../../runtime/running-model';
import type { AnsweringModel } from '../../runtime/prediction-response';
import { answerFormat } from './answer-format';
import type { Caller, AdmissionQueue } from '../admission-queue';
import { type Content, HttpError, jsonContent, readText } from './http-error';
import type { RefCounted } from '../ref-counted';
import { requestFormat } from './request-format';
import type { ModelRegistry } from '../model-registry';

/** What a request led to: status, body, headers, and the rows that were answered. */
export interface Answer {
  readonly status: number;
  readonly content?: Content;
  readonly headers?: Readonly<Record<string, string>>;
  readonly rows?: number;
}

/** Answers a request of a caller for a path. */
export type Handle = (request: IncomingMessage, path: readonly string[], caller: Caller) => Promise<Answer>;

/** How requests for predictions are taken. */
export interface Invocations {
  readonly gate: AdmissionQueue;
  readonly maxPayloadBytes: number;
}

/** Does something with a model while it is certain to be loaded. */
type UseModel = (use: (model: RunningModel) => Promise<Answer>) => Promise<Answer>;

// A name and a path.
const MAX_LOAD_REQUEST_BYTES = 64 * 1024;

export function notFound(): HttpError {
  return new HttpError(404, 'not_found', 'no such path');
}

function notAllowed(allowed: string): HttpError {
  const message = `this path takes ${allowed}`;
  return new HttpError(405, 'method_not_allowed', message, [], { allow: allowed.replace(' and ', ', ') });
}

/**
 * Says in headers which model answered, for the forms of an answer that hold predictions alone. SageMaker passes the
 * custom attributes on to the caller, and no other header but the content type.
 */
function labelsOf({ name, version, reference }: AnsweringModel): Record<string, string> {
  return {
    'x-mini-xdr-model-reference': String(reference),
    'x-amzn-sagemaker-custom-attributes': `model=${name};version=${version};reference=${reference}`,
  };
}

/** Bytes of a body at most, as far as its headers say; a longer one is refused when it is read. */
function bytesOf({ headers }: IncomingMessage, most: number): number {
  const announced = Number(headers['content-length'] ?? most);
  return Math.min(announced, most);
}

/** Answers a request for predictions. What its headers alone rule out is refused before it waits and is read. */
async function invoke(
  request: IncomingMessage,
  caller: Caller,
  { gate, maxPayloadBytes }: Invocations,
  useModel: UseModel,
): Promise<Answer> {
  if (request.method !== 'POST') throw notAllowed('POST');
  const decode = requestFormat(request.headers['content-type']);
  const format = answerFormat(request.headers.accept);
  const work = async (): Promise<Answer> => {
    const body = decode(await readText(request, maxPayloadBytes));
    return useModel(async (model) => {
      const response = await model.predict(body);
      const content = { type: format.contentType, text: format.encode(response, model.contract.classes) };
      const { model: label, predictions } = response;
      return { status: 200, content, headers: labelsOf(label), rows: predictions.length };
    });
  };
  return gate.run(work, bytesOf(request, maxPayloadBytes), caller);
}

/** The paths of a container that serves one model: `POST /invocations`. */
export function singleModel(model: RefCounted<RunningModel>, invocations: Invocations): Handle {
  return async (request, path, caller) => {
    if (path.length !== 1 || path[0] !== 'invocations') throw notFound();
    return invoke(request, caller, invocations, (use) => model.use(use));
  };
}

async function load(shelf: ModelRegistry, request: IncomingMessage): Promise<Answer> {
  const decode = requestFormat(request.headers['content-type'], ['application/json']);
  const loaded = await shelf.load(decode(await readText(request, MAX_LOAD_REQUEST_BYTES)));
  return { status: 200, content: jsonContent(loaded) };
}

/**
 * The paths of a container that serves several models. Loading and unloading do not wait behind predictions:
 * SageMaker unloads to make room when the container is busiest.
 */
export function multiModel(shelf: ModelRegistry, invocations: Invocations): Handle {
  return async (request, path, caller) => {
    const [root, name, verb, ...rest] = path;
    if (root !== 'models' || rest.length > 0) throw notFound();
    if (name === undefined) {
      if (request.method === 'GET') return { status: 200, content: jsonContent({ models: shelf.list() }) };
      if (request.method !== 'POST') throw notAllowed('GET and POST');
      return load(shelf, request);
    }
    if (verb === undefined) {
      if (request.method === 'GET') return { status: 200, content: jsonContent(shelf.describe(name)) };
      if (request.method !== 'DELETE') throw notAllowed('GET and DELETE');
      await shelf.unload(name);
      return { status: 200 };
    }
    if (verb !== 'invoke') throw notFound();
    shelf.describe(name);
    return invoke(request, caller, invocations, (use) => shelf.use(name, use));
  };
}
