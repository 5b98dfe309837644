import type { Specialist } from '../../models/catalogue';
import { confirm } from './verdict/confirmation';
import type { AnsweredRow, Answer } from './api/api-schema';
import type { AskEmbedded, ModelResult } from './specialists/model-result';
import { SpecialistClient } from './specialists/specialist-client';
import type { CapturedRequest } from './capture/capture';
import type { InferenceConfiguration } from './inference-configuration';
import type { Contracts } from './model-metadata';
import { Deadline } from './specialists/deadline';
import type { InvokeEndpoint } from './specialists/invoke-endpoint';
import { EndpointClient } from './specialists/endpoint-client';
import { readEvent } from './api/event';
import { Failure } from './api/failure';
import { type Flows, readFlows } from './api/flows';
import type { Observer, RequestSummary } from './observability/observer';
import { renderAnswer, renderFailure } from './api/render-response';
import { type InferenceRequest, readRequest } from './api/request';
import { askedSummary, summaryOf } from './observability/request-summary';
import { isFlagged, isUnsure } from './verdict/verdict';

/** Keeps a sample of rows and answers; never rejects. */
export type Capturing = (captured: CapturedRequest) => Promise<void>;

/** What the service needs from outside. */
export interface ServiceParts {
  readonly configuration: InferenceConfiguration;
  readonly contracts: Contracts;
  readonly invoke: InvokeEndpoint;
  /** Absent in a bundle without models. */
  readonly embedded?: AskEmbedded | undefined;
  /** Absent where no samples are kept. */
  readonly capture?: Capturing | undefined;
  readonly observer: Observer;
  /** 0 to 1, for the jitter between tries. @default Math.random */
  readonly random?: () => number;
}

/** What the service uses of Lambda's context. */
export interface InvocationContext {
  readonly awsRequestId: string;
  /** Milliseconds left until Lambda ends the invocation. */
  getRemainingTimeInMillis(): number;
}

/** Handles one event; never rejects. */
export type Handler = (event: unknown, context: InvocationContext) => Promise<unknown>;

/** Kept for writing the answer and the log line. */
const RESERVE_MS = 500;

/** Who answers when nobody is asked for. */
const FIRST_ASKED = 'general';

function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  return new Failure('internal', 'the request failed', [], (error as Error).name);
}

/**
 * Checks that what is served, or fallen back on, inside the function is there.
 *
 * @throws Error naming the specialists that are not
 */
function checkBundle({ configuration, contracts, embedded }: ServiceParts): void {
  const { routes, challengers } = configuration;
  const inside = Object.entries(routes).flatMap(([name, route]) => ('embedded' in route ? [name] : []));
  const missing = [...inside, ...Object.keys(challengers)];
  if (missing.length > 0 && embedded === undefined) {
    throw new Error(`INFERENCE has the function answer for ${missing.join(', ')}, but it holds no model`);
  }
  const unknown = Object.keys(routes).filter((name) => !Object.hasOwn(contracts.champion, name));
  if (unknown.length > 0)
    throw new Error(`INFERENCE routes ${unknown.join(', ')}, whose contract is missing`);
}

/** An answer, and what made it a degraded one. */
interface Answered {
  readonly answer: Answer;
  readonly causes: readonly string[];
}

class Inference {
  readonly asker: SpecialistClient;

  constructor(private readonly parts: ServiceParts) {
    const { configuration, contracts, invoke, embedded, observer, random = Math.random } = parts;
    this.asker = new SpecialistClient({
      configuration,
      contracts,
      embedded,
      endpoints: new EndpointClient(invoke, random),
      onShadow: (specialist, differing) => observer.shadow(specialist, differing),
    });
  }

  /** Answers a request whose envelope is in order. */
  async answer(request: InferenceRequest, deadline: Deadline, requestId: string): Promise<Answered> {
    const first = request.specialist ?? FIRST_ASKED;
    const flows = readFlows(request.body, this.asker.known(first).features);
    const key = request.key ?? requestId;
    const asked = await this.watched(first, flows, deadline, key, false);
    const confirmed =
      request.specialist === undefined
        ? await confirm(
            asked,
            flows,
            deadline,
            (name) => this.parts.configuration.routes[name] !== undefined,
            (name, some, until) => this.watched(name, some, until, key, true),
          )
        : undefined;
    const predictions = asked.response.predictions.map((prediction, at): AnsweredRow => {
      const verdict = isFlagged(prediction, asked.known) ? 'attack' : 'normal';
      const lowConfidence = isUnsure(prediction, asked.known);
      return { ...prediction, lowConfidence, verdict, ...confirmed?.rows.get(at) };
    });
    await this.keep(asked, flows, requestId);
    const { model } = asked.response;
    const causes = [
      ...(asked.cause === undefined ? [] : [`${first}: ${asked.cause}`]),
      ...(confirmed?.causes ?? []),
    ];
    const answer: Answer = {
      model: { ...model, name: first },
      predictions,
      servedBy: asked.servedBy,
      degraded: causes.length > 0,
      variant: asked.variant,
      requestId,
    };
    return { answer, causes };
  }

  private async watched(
    specialist: Specialist,
    flows: Flows,
    deadline: Deadline,
    key: string,
    confirming: boolean,
  ): Promise<ModelResult> {
    const start = performance.now();
    const asked = await this.asker.ask(specialist, flows, deadline, key);
    this.parts.observer.answered(askedSummary(asked, performance.now() - start, confirming));
    return asked;
  }

  private async keep({ specialist, response, variant }: ModelResult, { rows }: Flows, requestId: string) {
    await this.parts.capture?.({
      requestId,
      at: new Date(),
      specialist,
      version: response.model.version,
      variant,
      rows,
      predictions: response.predictions,
    });
  }
}

/**
 * The inference service: checks a request, asks the specialist where it is served, has an attack confirmed by whoever
 * knows better, and answers in the shape that the caller's way in wants.
 *
 * @throws Error when the configuration asks for what the bundle does not hold
 */
export function createInference(parts: ServiceParts): Handler {
  checkBundle(parts);
  const inference = new Inference(parts);
  return async (event, context) => {
    const start = performance.now();
    const call = readEvent(event);
    const requestId = call.requestId ?? context.awsRequestId;
    const ids = { requestId, lambdaRequestId: context.awsRequestId, caller: call.caller };
    let request: InferenceRequest | undefined;
    const report = (outcome: Omit<RequestSummary, keyof typeof ids | 'ms' | 'specialist'>) => {
      const ms = Math.round(performance.now() - start);
      const specialist = request?.specialist;
      parts.observer.request({ ...ids, ms, ...(specialist && { specialist }), ...outcome });
    };
    try {
      request = readRequest(call.body());
      const leftMs = context.getRemainingTimeInMillis() - RESERVE_MS;
      const deadline = Deadline.in(Math.min(leftMs, request.timeoutMs ?? leftMs));
      const { answer, causes } = await inference.answer(request, deadline, requestId);
      const rendered = renderAnswer(call, answer);
      report({ ...summaryOf(answer), ...(causes.length > 0 && { cause: causes.join('; ') }) });
      return rendered;
    } catch (error) {
      const failure = asFailure(error);
      const { status, code, logged } = failure;
      report({ status, code, ...(logged !== undefined && { cause: logged }) });
      return renderFailure(call, failure, requestId);
    }
  };
}
