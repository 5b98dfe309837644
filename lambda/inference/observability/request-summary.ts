import type { Answer } from '../api/api-schema';
import type { ModelResult } from '../specialists/model-result';
import type { AskedSummary, RequestSummary } from './observer';
import { isFlagged, isUnsure } from '../verdict/verdict';

/** What the log says of an answer. */
export function summaryOf({
  predictions,
  model,
  servedBy,
  degraded,
  variant,
}: Answer): Pick<RequestSummary, 'status' | 'rows' | 'servedBy' | 'degraded' | 'variant' | 'version'> {
  return { status: 200, rows: predictions.length, servedBy, degraded, variant, version: model.version };
}

/**
 * What the metrics say of a specialist's answer.
 *
 * @param confirming whether general had flagged every one of these rows
 */
export function askedSummary(asked: ModelResult, ms: number, confirming: boolean): AskedSummary {
  const { known } = asked;
  const { predictions } = asked.response;
  const attacks = predictions.filter((prediction) => isFlagged(prediction, known)).length;
  return {
    asked,
    ms,
    attacks,
    lowConfidence: predictions.filter((prediction) => isUnsure(prediction, known)).length,
    outOfDistribution: predictions.filter(({ inDistribution }) => inDistribution === false).length,
    disputed: confirming ? predictions.length - attacks : 0,
  };
}
