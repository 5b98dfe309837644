import type { Prediction } from '../../../models/runtime/prediction-response';
import type { ModelMetadata } from '../model-metadata';

/** The class that means "nothing of this kind". Every specialist has it. */
export const NORMAL = 'Normal';

/** Probability that a row is an attack of any kind. */
function attackShare({ label, probabilities }: Prediction): number {
  const normal = probabilities[NORMAL];
  if (normal === undefined) return label === NORMAL ? 0 : 1;
  return 1 - normal;
}

/**
 * Whether a model takes a row for an attack: it says so, or an attack is likely enough by the threshold of its
 * contract. The threshold only ever adds rows.
 */
export function isFlagged(prediction: Prediction, { decision }: ModelMetadata): boolean {
  return (
    prediction.label !== NORMAL || (decision !== undefined && attackShare(prediction) >= decision.attackAt)
  );
}

/** Whether a model is less sure of a row than its contract asks for. */
export function isUnsure({ confidence }: Prediction, { decision }: ModelMetadata): boolean {
  return decision !== undefined && confidence < decision.confidentAt;
}

/** The attack that a flagged row most likely is: the label, or the likeliest class beside Normal. */
export function suspected({ label, probabilities }: Prediction): string {
  if (label !== NORMAL) return label;
  const [likeliest] = Object.entries(probabilities)
    .filter(([name]) => name !== NORMAL)
    .sort(([, one], [, other]) => other - one);
  return likeliest?.[0] ?? NORMAL;
}
