import { MetricUnit, Metrics } from '@aws-lambda-powertools/metrics';
import type { Specialist } from '../../models/catalogue';
import type { Assessment } from './assess-drift';
import { DRIFT_METRICS, DRIFT_NAMESPACE } from './drift-metrics';

/** Whose figures are published. */
export interface Subject {
  readonly environment: string;
  readonly specialist: Specialist;
}

/**
 * Figures of a day in CloudWatch's embedded metric format: one log line, which CloudWatch Logs turns into metrics, so
 * the function needs no permission on CloudWatch. What is unknown is left out, and never zero.
 *
 * @param unreadable captures that could not be read
 */
export function metricsLine(
  { environment, specialist }: Subject,
  { rows, population, classShift }: Assessment,
  unreadable: number,
): string {
  const metrics = new Metrics({ namespace: DRIFT_NAMESPACE });
  // Powertools adds a dimension of its own, and a metric under other dimensions is another metric.
  metrics.clearDefaultDimensions();
  metrics.addDimensions({ Environment: environment, Specialist: specialist });
  metrics.addMetric(DRIFT_METRICS.rows, MetricUnit.Count, rows);
  metrics.addMetric(DRIFT_METRICS.unreadable, MetricUnit.Count, unreadable);
  if (population !== undefined) {
    metrics.addMetric(DRIFT_METRICS.largestPsi, MetricUnit.NoUnit, population.largest);
    metrics.addMetric(DRIFT_METRICS.shiftedFeatures, MetricUnit.Count, population.shifted);
  }
  if (classShift !== undefined) metrics.addMetric(DRIFT_METRICS.classShift, MetricUnit.NoUnit, classShift);
  return JSON.stringify(metrics.serializeMetrics());
}
