import type { AskEmbedded } from '../../../lambda/inference/specialists/model-result';
import type { InferenceConfiguration } from '../../../lambda/inference/inference-configuration';
import type { Contracts, ModelMetadata } from '../../../lambda/inference/model-metadata';
import type {
  AskedSummary,
  Observer,
  RequestSummary,
} from '../../../lambda/inference/observability/observer';
import {
  type Handler,
  type InvocationContext,
  type ServiceParts,
  createInference,
} from '../../../lambda/inference/inference-service';
import type { Specialist } from '../../../models/catalogue';
import type { Prediction, PredictionResponse } from '../../../models/runtime/prediction-response';

/** Lambda's context, with that much time left. */
export function context(remainingMs = 10_000): InvocationContext {
  return { awsRequestId: 'lambda-request', getRemainingTimeInMillis: () => remainingMs };
}

/** A Function URL or HTTP API event (payload 2.0). */
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

const DECISION = { attackAt: 0.4, confidentAt: 0.7 };

/** Models of two features; general knows three kinds of attack. */
export const KNOWN: Readonly<Record<Specialist, ModelMetadata>> = {
  general: {
    version: '1.0.0',
    features: ['a', 'b'],
    classes: ['Normal', 'DDoS/DoS', 'Brute Force', 'Malware/Botnet'],
    decision: DECISION,
  },
  ddos: { version: '1.0.0', features: ['a', 'b'], classes: ['Normal', 'Attack'], decision: DECISION },
  // In another order, as a team's own checkpoint may have it.
  bruteforce: { version: '3.0.0', features: ['b', 'a'], classes: ['Normal', 'Attack'] },
  webattacks: { version: '1.0.0', features: ['a', 'b'], classes: ['Normal', 'Attack'], decision: DECISION },
};

/** A prediction with these probabilities, in the order of a specialist's classes. */
export function prediction(
  specialist: Specialist,
  probabilities: readonly number[],
  inDistribution: boolean | null = true,
): Prediction {
  const confidence = Math.max(...probabilities);
  const at = probabilities.indexOf(confidence);
  const { classes } = KNOWN[specialist];
  return {
    label: classes[at] ?? '',
    class: at,
    confidence,
    probabilities: Object.fromEntries(classes.map((name, index) => [name, probabilities[index] ?? 0])),
    inDistribution,
  };
}

/** A model's answer. */
export function answering(
  name: Specialist,
  predictions: readonly Prediction[],
  version = KNOWN[name].version,
): PredictionResponse {
  return { model: { name, version, reference: true }, predictions };
}

/** A function as it was set up, and what its observer saw. */
export interface Setup {
  readonly handler: Handler;
  readonly requests: RequestSummary[];
  readonly answered: AskedSummary[];
  readonly shadows: [Specialist, number | undefined][];
}

/** What of a function a test sets. */
export interface SetupOptions extends Partial<Omit<ServiceParts, 'observer' | 'configuration'>> {
  readonly configuration?: Partial<InferenceConfiguration>;
}

const route = (endpointName: string) => ({ endpointName, maxPayloadBytes: 4096, patienceMs: 1000 });

/** Every specialist at an endpoint of its own, no fallback, nothing on trial. */
export const CONFIGURATION: InferenceConfiguration = {
  environment: 'test',
  routes: {
    general: route('test-general'),
    ddos: route('test-ddos'),
    bruteforce: route('test-bruteforce'),
    webattacks: route('test-webattacks'),
  },
  fallback: false,
  challengers: {},
};

const unasked = () => Promise.reject(new Error('must not be asked'));

/** Sets a function up; endpoints and embedded models reject unless they are given. */
export function setUp({ configuration = {}, ...parts }: SetupOptions): Setup {
  const requests: RequestSummary[] = [];
  const answered: AskedSummary[] = [];
  const shadows: [Specialist, number | undefined][] = [];
  const observer: Observer = {
    request: (summary) => requests.push(summary),
    answered: (summary) => answered.push(summary),
    shadow: (specialist, differing) => shadows.push([specialist, differing]),
    captureFailed: () => undefined,
  };
  const contracts: Contracts = { champion: KNOWN, challenger: {} };
  const handler = createInference({
    configuration: { ...CONFIGURATION, ...configuration },
    contracts,
    invoke: unasked,
    random: () => 0,
    ...parts,
    observer,
  });
  return { handler, requests, answered, shadows };
}

/** An embedded model that answers every row the same. */
export function embeddedAs(make: (specialist: Specialist) => readonly number[]): AskEmbedded {
  return (specialist, variant, { rows }) =>
    Promise.resolve(
      answering(
        specialist,
        rows.map(() => prediction(specialist, make(specialist))),
        variant === 'challenger' ? '9.0.0' : undefined,
      ),
    );
}
