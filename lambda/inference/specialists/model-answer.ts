import * as z from 'zod';
import type { Specialist } from '../../../models/catalogue';
import type { Problem } from '../../../models/contract/model-errors';
import type { PredictionResponse } from '../../../models/runtime/prediction-response';
import { Failure } from '../api/failure';

const share = z.number().min(0).max(1);

const answerSchema = z.strictObject({
  // An endpoint is updated before the function: what a newer server says besides must not be held against it.
  model: z.object({ name: z.string(), version: z.string(), reference: z.boolean() }),
  predictions: z.array(
    z.object({
      label: z.string(),
      class: z.int().nonnegative(),
      confidence: share,
      probabilities: z.record(z.string(), share),
      inDistribution: z.boolean().nullable(),
    }),
  ),
});

const refusalSchema = z.object({
  error: z.object({
    message: z.string().max(500),
    details: z.array(
      z.object({ row: z.int().optional(), feature: z.string().optional(), message: z.string().max(200) }),
    ),
  }),
});

// Softmax in single precision does not add up to 1 exactly.
const SUM_TOLERANCE = 1e-3;

function parseJson(bytes: Uint8Array | string): unknown {
  try {
    return JSON.parse(typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

function isCoherent({ label, confidence, probabilities }: PredictionResponse['predictions'][number]) {
  const values = Object.values(probabilities);
  const sum = values.reduce((total, value) => total + value, 0);
  return (
    Math.abs(sum - 1) <= SUM_TOLERANCE &&
    probabilities[label] === confidence &&
    confidence === Math.max(...values)
  );
}

/**
 * Reads what a model answered, and believes it only if it is whole: from the specialist that was asked,
 * a prediction for every row, and probabilities that add up and carry the label.
 *
 * @throws Failure `bad_model_answer` otherwise
 */
export function readModelAnswer(
  bytes: Uint8Array | string,
  specialist: Specialist,
  rows: number,
): PredictionResponse {
  const parsed = answerSchema.safeParse(parseJson(bytes));
  const answer = parsed.data;
  if (
    answer === undefined ||
    answer.model.name !== specialist ||
    answer.predictions.length !== rows ||
    !answer.predictions.every(isCoherent)
  ) {
    throw new Failure('bad_model_answer', 'the model gave an answer that cannot be trusted');
  }
  return answer;
}

/**
 * Reads why a model refused a request. Only what the model server of this project says is taken: its
 * messages name rows and features and hold nothing internal.
 *
 * @returns undefined for any other body
 */
export function readModelRefusal(
  text: string | undefined,
): { message: string; details: readonly Problem[] } | undefined {
  return refusalSchema.safeParse(parseJson(text ?? '')).data?.error;
}
