import type { ModelContract } from '../contract/model-contract';

/** The answer for one row. */
export interface Prediction {
  /** Name of the most probable class. */
  readonly label: string;
  /** Its position among the model's classes, from 0. */
  readonly class: number;
  /** Its probability, 0 to 1. */
  readonly confidence: number;
  /** Probability of every class by name; they add up to 1. */
  readonly probabilities: Readonly<Record<string, number>>;
  /** Whether every feature of the row is near what the training flows held; null: the contract does not say what they held. */
  readonly inDistribution: boolean | null;
}

/** Which model answered. */
export interface AnsweringModel {
  readonly name: string;
  readonly version: string;
  /** True for a model that this project trained on public data, false for a team's own. */
  readonly reference: boolean;
}

/** The answer to a request: one prediction a row, in the order of the rows. */
export interface PredictionResponse {
  readonly model: AnsweringModel;
  readonly predictions: readonly Prediction[];
}

/** Position of the largest value; the first of several. */
export function indexOfLargest(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) {
    if ((values[i] ?? Number.NEGATIVE_INFINITY) > (values[best] ?? Number.NEGATIVE_INFINITY)) best = i;
  }
  return best;
}

function predictionOf(
  classes: readonly string[],
  probabilities: Float32Array,
  inDistribution: boolean | null,
): Prediction {
  const best = indexOfLargest(probabilities);
  return {
    label: classes[best] ?? '',
    class: best,
    confidence: probabilities[best] ?? Number.NaN,
    probabilities: Object.fromEntries(classes.map((name, i) => [name, probabilities[i] ?? Number.NaN])),
    inDistribution,
  };
}

/**
 * Names what a graph gave.
 *
 * @param probabilities the classes of row after row
 * @param inDistribution says of a row, by its number, whether it is near the training flows
 */
export function respond(
  model: ModelContract,
  probabilities: Float32Array,
  inDistribution: (row: number) => boolean | null,
): PredictionResponse {
  const { name, version, reference } = model;
  const width = model.classes.length;
  const predictions: Prediction[] = [];
  for (let from = 0; from < probabilities.length; from += width) {
    const row = probabilities.subarray(from, from + width);
    predictions.push(predictionOf(model.classes, row, inDistribution(predictions.length)));
  }
  return { model: { name, version, reference }, predictions };
}
