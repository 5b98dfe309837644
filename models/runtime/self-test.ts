import type { Golden } from '../contract/model-contract';
import { SelfTestError } from '../contract/model-errors';
import { indexOfLargest } from './prediction-response';
import type { Scorer } from './scorer';

/**
 * Asks the model its golden vectors, in one batch, and compares class and every probability.
 *
 * This is what tells a model without its scaler, or with swapped classes or features, from a good one:
 * the shapes of all of them are right.
 *
 * @throws SelfTestError naming the first vector that fails, what was expected and what came
 */
export async function selfTest(golden: Golden, scorer: Scorer): Promise<void> {
  const { vectors, classes, tolerance } = golden;
  const values = Float32Array.from(vectors.flatMap((vector) => vector.row));
  const scores = await scorer.score({ values, rows: vectors.length });
  const failures = vectors.flatMap(({ id, expected }, at) => {
    const probabilities = [...scores.subarray(at * classes.length, (at + 1) * classes.length)];
    const label = classes[indexOfLargest(probabilities)] ?? '';
    const near = probabilities.every(
      (p, i) => Math.abs(p - (expected.probabilities[i] ?? Number.NaN)) <= tolerance,
    );
    return near && label === expected.class ? [] : [{ id, expected, got: { class: label, probabilities } }];
  });
  const [first] = failures;
  if (first !== undefined) {
    const { id, expected, got } = first;
    throw new SelfTestError(golden.model, id, expected, got, failures.length, vectors.length);
  }
}
