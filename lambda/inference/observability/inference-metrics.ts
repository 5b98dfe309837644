import type { Specialist } from '../../../models/catalogue';

/** CloudWatch namespace of what the inference function publishes. */
export const INFERENCE_NAMESPACE = 'MiniXdr/Inference';

/** What is published of each specialist, whatever its classes. */
export const INFERENCE_METRICS = {
  /** Requests that it was asked. */
  requests: 'Requests',
  /** Rows in them. */
  rows: 'Rows',
  /** Time of an answer, in ms. */
  latency: 'Latency',
  /** Requests that its own model answered in place of a failing endpoint. */
  degraded: 'Degraded',
  /** Requests that were answered inside the function, as planned or not. */
  embedded: 'Embedded',
  /** Rows that were flagged. */
  attacks: 'Attacks',
  /** Mean over a request's rows of the probability of the class that was answered, 0 to 1. */
  confidence: 'Confidence',
  /** Rows answered with a confidence below the contract's bound. */
  lowConfidence: 'LowConfidence',
  /** Rows far outside the training data. */
  outOfDistribution: 'OutOfDistribution',
  /** Rows that general flagged and it called normal. */
  disputed: 'Disputed',
  /** Requests that its challenger answered. */
  challengerRequests: 'ChallengerRequests',
  /** Rows on which its shadowing challenger said something else. */
  shadowDifferences: 'ShadowDifferences',
} as const;

/** A metric of every specialist. */
export type InferenceMetric = (typeof INFERENCE_METRICS)[keyof typeof INFERENCE_METRICS];

/** Name of the metric that counts the rows a specialist called `label`. */
export function classMetric(label: string): string {
  return `Class ${label}`;
}

/** Classes of each specialist, as their contracts have them: the figure that costs are planned with. */
export const CLASSES: Readonly<Record<Specialist, number>> = {
  general: 7,
  ddos: 2,
  bruteforce: 2,
  webattacks: 2,
};

/**
 * How many metrics the function publishes of a specialist: those of all, and one a class, answered or not.
 *
 * @param shadowed whether a second version is asked beside it; only then there is something to compare
 */
export function metricCount(specialist: Specialist, shadowed: boolean): number {
  const common = Object.keys(INFERENCE_METRICS).length - (shadowed ? 0 : 1);
  return common + CLASSES[specialist];
}
