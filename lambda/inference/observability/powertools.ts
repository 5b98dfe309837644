import { Logger } from '@aws-lambda-powertools/logger';
import { MetricUnit, Metrics } from '@aws-lambda-powertools/metrics';
import { Tracer } from '@aws-lambda-powertools/tracer';
import type { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import type { Specialist } from '../../../models/catalogue';
import { INFERENCE_METRICS, INFERENCE_NAMESPACE, classMetric } from './inference-metrics';
import type { AskedSummary, Observer } from './observer';

const SERVICE = 'mini-xdr-inference';

/** An observer that writes to CloudWatch: a log line a request, and metrics in the log (EMF), which cost no call. */
export function powertoolsObserver(environment: string): Observer {
  const logger = new Logger({ serviceName: SERVICE });
  const metrics = new Metrics({ namespace: INFERENCE_NAMESPACE });
  // Powertools adds a dimension for the service; every dimension more is another metric to pay for.
  metrics.clearDefaultDimensions();
  const publish = (specialist: Specialist, add: () => void): void => {
    // Adding and publishing is one step without waiting in between, so concurrent requests do not mix.
    metrics.addDimensions({ Environment: environment, Specialist: specialist });
    add();
    metrics.publishStoredMetrics();
  };
  const count = (name: string, value: number) => metrics.addMetric(name, MetricUnit.Count, value);

  const addAnswer = ({ asked, ms, ...counts }: AskedSummary): void => {
    const { predictions } = asked.response;
    count(INFERENCE_METRICS.requests, 1);
    count(INFERENCE_METRICS.rows, predictions.length);
    metrics.addMetric(INFERENCE_METRICS.latency, MetricUnit.Milliseconds, ms);
    count(INFERENCE_METRICS.degraded, asked.degraded ? 1 : 0);
    count(INFERENCE_METRICS.embedded, asked.servedBy === 'embedded' ? 1 : 0);
    count(INFERENCE_METRICS.attacks, counts.attacks);
    count(INFERENCE_METRICS.lowConfidence, counts.lowConfidence);
    count(INFERENCE_METRICS.outOfDistribution, counts.outOfDistribution);
    count(INFERENCE_METRICS.disputed, counts.disputed);
    count(INFERENCE_METRICS.challengerRequests, asked.variant === 'challenger' ? 1 : 0);
    const sum = predictions.reduce((total, { confidence }) => total + confidence, 0);
    metrics.addMetric(INFERENCE_METRICS.confidence, MetricUnit.NoUnit, sum / predictions.length);
    const classes = new Map<string, number>(asked.known.classes.map((label) => [label, 0]));
    for (const { label } of predictions) classes.set(label, (classes.get(label) ?? 0) + 1);
    for (const [label, rows] of classes) count(classMetric(label), rows);
  };

  return {
    request: (summary) => {
      const level = summary.status >= 500 ? 'error' : 'info';
      logger[level]('request', { ...summary });
    },
    answered: (summary) => publish(summary.asked.specialist, () => addAnswer(summary)),
    captureFailed: (cause) => logger.warn('capture', { outcome: 'not kept', cause }),
    shadow: (specialist, differing) => {
      if (differing === undefined) logger.warn('shadow', { specialist, outcome: 'no answer' });
      else publish(specialist, () => count(INFERENCE_METRICS.shadowDifferences, differing));
    },
  };
}

/** Has X-Ray show every call of a client as a segment of its own, with its endpoint and how it ended. */
export function traced(client: SageMakerRuntimeClient): SageMakerRuntimeClient {
  return new Tracer({ serviceName: SERVICE }).captureAWSv3Client(client);
}
