import type { AskEmbedded } from '../../../lambda/inference/specialists/model-result';
import type { InferenceConfiguration, Routes } from '../../../lambda/inference/inference-configuration';
import { type Contracts, modelMetadata } from '../../../lambda/inference/model-metadata';
import { endpointInvoker, sageMakerClient } from '../../../lambda/inference/specialists/invoke-endpoint';
import type { RequestSummary } from '../../../lambda/inference/observability/observer';
import { type Handler, createInference } from '../../../lambda/inference/inference-service';
import { SPECIALISTS, type Specialist } from '../../../models/catalogue';
import { contractOf } from '../models/specialist';
import { answerFor } from '../aws/sagemaker-model';

/** Endpoint of a specialist that has one to itself. */
export const endpointOf = (specialist: Specialist) => `test-${specialist}`;

/** How the function under test is set up. */
export interface FunctionOptions {
  /** Where the SageMaker runtime is. */
  readonly url: string;
  /** Whether it may answer itself. @default true */
  readonly fallback?: boolean;
  /** How it answers itself. @default - as the model of the stand-in does */
  readonly embedded?: AskEmbedded;
  /** How long an endpoint may take, in ms. @default 10000 */
  readonly patienceMs?: number;
  /** Largest request to an endpoint. @default 4 MB */
  readonly maxPayloadBytes?: number;
  /** For the jitter between tries. @default - none: tries follow at once */
  readonly random?: () => number;
}

/** The real function behind the SDK's own client, all four specialists at endpoints of their own. */
export interface FunctionUnderTest {
  readonly handler: Handler;
  /** Specialists for which it answered itself, in order. */
  readonly answeredItself: readonly Specialist[];
  /** What it logged. */
  readonly log: RequestSummary[];
}

const contracts: Contracts = {
  champion: Object.fromEntries(SPECIALISTS.map((name) => [name, modelMetadata(contractOf(name))])),
  challenger: {},
};

/** Answers as the model of the stand-in does, so that an answer is right whoever gave it. */
export const answerInside: AskEmbedded = async (specialist, _variant, { rows }) =>
  answerFor(
    specialist,
    rows.map(([first]) => first ?? 0),
  );

function routesFor({ patienceMs = 10_000, maxPayloadBytes = 4 * 1024 * 1024 }: FunctionOptions): Routes {
  return Object.fromEntries(
    SPECIALISTS.map((name) => [name, { endpointName: endpointOf(name), maxPayloadBytes, patienceMs }]),
  );
}

/** Sets the function up with the client that it has in Lambda, led to another address by the SDK's own variables. */
export function inferenceFunction(options: FunctionOptions): FunctionUnderTest {
  const { url, fallback = true, embedded = answerInside, random = () => 0 } = options;
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'not-a-secret',
    AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: url,
  });
  const configuration: InferenceConfiguration = {
    environment: 'test',
    routes: routesFor(options),
    fallback,
    challengers: {},
  };
  const answeredItself: Specialist[] = [];
  const log: RequestSummary[] = [];
  const handler = createInference({
    configuration,
    contracts,
    invoke: endpointInvoker(sageMakerClient()),
    embedded: (specialist, variant, flows) => {
      answeredItself.push(specialist);
      return embedded(specialist, variant, flows);
    },
    observer: {
      request: (summary) => log.push(summary),
      answered: () => undefined,
      shadow: () => undefined,
      captureFailed: () => undefined,
    },
    random,
  });
  return { handler, answeredItself, log };
}
