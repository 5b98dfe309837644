import { answerSchema, errorSchema } from '../../../lambda/inference/api/api-schema';
import type { Handler } from '../../../lambda/inference/inference-service';
import type { Specialist } from '../../../models/catalogue';
import { predictionFor, rowOf } from '../aws/sagemaker-model';

/** What became of a request, without its predictions. */
export interface Outcome {
  readonly status: number;
  readonly servedBy?: string;
  readonly degraded?: boolean;
  readonly code?: string;
  readonly retryAfterSeconds?: number;
}

/** How a right answer of the endpoint looks, and one that the function gave in its place. */
export const ANSWERED: Outcome = { status: 200, servedBy: 'endpoint', degraded: false };
export const INSTEAD: Outcome = { status: 200, servedBy: 'embedded', degraded: true };

/** How long Lambda gives a request, and which rows it is about. */
export interface Asking {
  /** @default 10000 */
  readonly remainingMs?: number;
  /** First features of the rows. @default three rows */
  readonly firsts?: readonly number[];
}

const THREE = [3, 4, 1206];

/**
 * Calls the handler directly.
 *
 * @throws Error when it answers with anything that is not documented, or with a prediction that is not the one that
 *   the model gives for that row
 */
export async function outcomeOf(
  handler: Handler,
  specialist: Specialist,
  { remainingMs = 10_000, firsts = THREE }: Asking = {},
): Promise<Outcome> {
  const ends = performance.now() + remainingMs;
  const said = await handler(
    { instances: firsts.map(rowOf), specialist },
    {
      awsRequestId: 'lambda-request',
      getRemainingTimeInMillis: () => Math.floor(ends - performance.now()),
    },
  );
  const failed = errorSchema.safeParse(said);
  if (failed.success) {
    const { status, code, retryAfterSeconds } = failed.data.error;
    return { status, code, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) };
  }
  const { model, predictions, servedBy, degraded } = answerSchema.parse(said);
  const given = [model.name, ...predictions.map(({ label, confidence }) => `${label} ${confidence}`)];
  const right = firsts.map((first) => predictionFor(specialist, first));
  const wanted = [specialist, ...right.map(({ label, confidence }) => `${label} ${confidence}`)];
  if (given.join() !== wanted.join()) throw new Error(`answered ${given.join()}, not ${wanted.join()}`);
  return { status: 200, servedBy, degraded };
}
