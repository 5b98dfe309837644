import {
  InvokeEndpointCommand,
  ModelError,
  SageMakerRuntimeClient,
  SageMakerRuntimeServiceException,
} from '@aws-sdk/client-sagemaker-runtime';
import type { PredictionResponse } from '../../models/runtime/response';
import { readModelAnswer, readModelRefusal } from './answer';
import { Failure } from './failure';
import type { InferenceRequest } from './request';

/** Where a specialist's endpoint is. */
export interface EndpointRoute {
  readonly endpointName: string;
  readonly targetModel?: string | undefined;
}

/** Asks the model behind an endpoint; it has `budgetMs` to answer, retries included. */
export type InvokeModel = (
  route: EndpointRoute,
  request: InferenceRequest,
  budgetMs: number,
) => Promise<PredictionResponse>;

/** A client that tries twice, as the SDK's standard mode does, and gives up on a connection within a second. */
export function sageMakerClient(): SageMakerRuntimeClient {
  return new SageMakerRuntimeClient({
    maxAttempts: 2,
    retryMode: 'standard',
    requestHandler: { connectionTimeout: 1000 },
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
  if (name === 'AbortError' || name === 'TimeoutError') {
    return new Failure('timed_out', 'the model did not answer in time', [], name);
  }
  if (name === 'ModelNotReadyException') {
    return new Failure('model_starting', 'the model is starting', [], name);
  }
  if (!(error instanceof SageMakerRuntimeServiceException)) {
    return new Failure('unavailable', 'the model cannot be reached', [], name);
  }
  const status = error.$metadata.httpStatusCode ?? 0;
  if (name.startsWith('Throttling') || status === 429) {
    return new Failure('throttled', 'too many requests', [], name);
  }
  // A missing endpoint comes as a validation error and a missing permission as 403: neither is the caller's doing.
  return new Failure('unavailable', 'the model is not available', [], name);
}

/** Asks models through SageMaker. Every failure that the returned function throws is a {@link Failure}. */
export function endpointInvoker(client: SageMakerRuntimeClient): InvokeModel {
  return async ({ endpointName, targetModel }, { specialist, rows, payload }, budgetMs) => {
    try {
      const { Body } = await client.send(
        new InvokeEndpointCommand({
          EndpointName: endpointName,
          ContentType: 'application/json',
          Accept: 'application/json',
          Body: JSON.stringify(payload),
          TargetModel: targetModel,
        }),
        { abortSignal: AbortSignal.timeout(budgetMs) },
      );
      return readModelAnswer(Body ?? '', specialist, rows);
    } catch (error) {
      throw toFailure(error);
    }
  };
}
