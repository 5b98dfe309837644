import {
  InvokeEndpointCommand,
  ModelError,
  SageMakerRuntimeClient,
  SageMakerRuntimeServiceException,
} from '@aws-sdk/client-sagemaker-runtime';
import { SPECIALISTS, type Specialist } from '../../../models/catalogue';
import type { PredictionResponse } from '../../../models/runtime/prediction-response';
import { readModelAnswer, readModelRefusal } from './model-answer';
import type { EndpointRoute } from '../inference-configuration';
import { AT_A_TIME } from './resilience-policy';
import { Failure } from '../api/failure';
import type { Payload } from './payloads';

/** Asks the model behind an endpoint, once. Rejects with a {@link Failure} only. */
export type InvokeEndpoint = (
  route: EndpointRoute,
  specialist: Specialist,
  payload: Payload,
  signal: AbortSignal,
) => Promise<PredictionResponse>;

/**
 * A client that tries once, since what may be tried again is decided here, and gives up on a connection in a second. All
 * endpoints are at one address: there are connections for every one of them, or slow ones would take those of the rest.
 */
export function sageMakerClient(): SageMakerRuntimeClient {
  const agent = { keepAlive: true, maxSockets: SPECIALISTS.length * AT_A_TIME };
  return new SageMakerRuntimeClient({
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 1000, httpAgent: agent, httpsAgent: agent },
  });
}

function refusal(error: ModelError): Failure {
  const status = error.OriginalStatusCode ?? 0;
  const said = readModelRefusal(error.OriginalMessage);
  if (said !== undefined && status === 400) return new Failure('invalid_request', said.message, said.details);
  if (said !== undefined && status === 413) return new Failure('payload_too_large', said.message);
  if (said !== undefined && status === 503)
    return new Failure('throttled', 'too many requests', [], error.name);
  return new Failure('bad_model_answer', 'the model failed on this request', [], error.name);
}

/** What an error of the SDK means to the caller. Its own message stays here: it may name accounts and endpoints. */
function toFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const { name } = error as Error;
  if (error instanceof ModelError) return refusal(error);
  if (name === 'ModelNotReadyException') {
    return new Failure('model_starting', 'the model is starting', [], name);
  }
  // What never came, or broke off, says nothing about the request. The SDK calls a cut connection a timeout, too; what
  // took too long is known to whoever aborted it.
  if (!(error instanceof SageMakerRuntimeServiceException)) {
    return new Failure('unreachable', 'the model cannot be reached', [], name);
  }
  const status = error.$metadata.httpStatusCode ?? 0;
  if (name.startsWith('Throttling') || status === 429) {
    return new Failure('throttled', 'too many requests', [], name);
  }
  if (status >= 500) return new Failure('unreachable', 'the model is not available', [], name);
  // A missing endpoint comes as a validation error and a missing permission as 403: neither is the caller's doing.
  return new Failure('unavailable', 'the model is not available', [], name);
}

/** Asks models through SageMaker. */
export function endpointInvoker(client: SageMakerRuntimeClient): InvokeEndpoint {
  return async ({ endpointName, targetModel }, specialist, { body, rows }, signal) => {
    try {
      const { Body } = await client.send(
        new InvokeEndpointCommand({
          EndpointName: endpointName,
          ContentType: 'application/json',
          Accept: 'application/json',
          Body: body,
          TargetModel: targetModel,
        }),
        { abortSignal: signal },
      );
      return readModelAnswer(Body ?? '', specialist, rows);
    } catch (error) {
      throw toFailure(error);
    }
  };
}
