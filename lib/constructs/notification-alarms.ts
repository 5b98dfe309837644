import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Environment } from '../config/schema';
import type { Database } from './database';
import type { InferenceFunction } from './inference-function';
import type { ModelEndpoint } from './model-endpoint';

/** One thing to watch, and what whoever is on call should know when it goes off. */
interface Watch {
  readonly id: string;
  readonly metric: cloudwatch.Metric;
  readonly threshold: number;
  readonly below?: boolean;
  readonly says: string;
  /** Section of the runbook. */
  readonly runbook: string;
}

export interface NotificationAlarmsProps {
  readonly environment: Environment;
  readonly topic: sns.ITopic;
  readonly endpoints: readonly ModelEndpoint[];
  readonly inference: InferenceFunction;
  readonly database?: Database;
  readonly dashboardName: string;
}

const MICROSECONDS_PER_MS = 1000;
const GIB = 1024 ** 3;

function endpointWatches(endpoint: ModelEndpoint, p95Ms: number): Watch[] {
  const { name } = endpoint.plan;
  return [
    {
      id: `Errors-${name}`,
      metric: endpoint.metricServerErrors(),
      threshold: 0,
      says: `${name} answers with server errors`,
      runbook: 'endpoint-errors',
    },
    {
      id: `Latency-${name}`,
      metric: endpoint.metricModelLatency(),
      threshold: p95Ms * MICROSECONDS_PER_MS,
      says: `${name} is slower than the p95 target of ${p95Ms} ms`,
      runbook: 'endpoint-latency',
    },
  ];
}

function inferenceWatches(inference: InferenceFunction): Watch[] {
  return [
    {
      id: 'InferenceErrors',
      metric: inference.metricErrors(),
      threshold: 0,
      says: 'The inference Lambda fails',
      runbook: 'inference-errors',
    },
    {
      id: 'InferenceThrottles',
      metric: inference.metricThrottles(),
      threshold: 0,
      says: 'The inference Lambda is throttled: the account has used up its Lambda concurrency',
      runbook: 'inference-throttles',
    },
  ];
}

function databaseWatches(database: Database, storageGb: number): Watch[] {
  return [
    {
      id: 'DatabaseCpu',
      metric: database.metricCpu(),
      threshold: 80,
      says: 'The database has used more than 80 % of its CPU for ten minutes',
      runbook: 'database-cpu',
    },
    {
      id: 'DatabaseStorage',
      metric: database.metricFreeStorage(),
      threshold: 0.1 * storageGb * GIB,
      below: true,
      says: 'The database has less than a tenth of its storage left',
      runbook: 'database-storage',
    },
  ];
}

/** Alarms that tell people, each with the dashboard to look at and the section of the runbook to follow. */
export class NotificationAlarms extends Construct {
  readonly alarms: readonly cloudwatch.Alarm[];

  constructor(scope: Construct, id: string, props: NotificationAlarmsProps) {
    super(scope, id);
    const { environment, database, topic } = props;
    const watches = [
      ...props.endpoints.flatMap((endpoint) => endpointWatches(endpoint, environment.latency.p95Ms)),
      ...inferenceWatches(props.inference),
      ...(database === undefined ? [] : databaseWatches(database, environment.database.storageGb)),
    ];
    const action = new SnsAction(topic);
    this.alarms = watches.map((watch) => {
      const alarm = new cloudwatch.Alarm(this, watch.id, {
        metric: watch.metric.with({ period: Duration.minutes(5) }),
        threshold: watch.threshold,
        evaluationPeriods: 2,
        comparisonOperator: watch.below
          ? cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD
          : cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
        treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
        alarmDescription: `${watch.says}. Dashboard: ${props.dashboardName}. Runbook: docs/runbook.md#${watch.runbook}`,
      });
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
      return alarm;
    });
  }
}
