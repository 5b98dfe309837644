import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Construct } from 'constructs';
import { ALARMING_PSI } from '../../../lambda/drift/drift-metrics';
import { INFERENCE_METRICS } from '../../../lambda/inference/observability/inference-metrics';
import { SPECIALISTS, type Specialist } from '../../../models/catalogue';
import type { Environment } from '../../config/environment';
import { clusterAlarms } from '../platform/cluster-alarms';
import type { Database } from '../data/database';
import { DatabaseEvents } from '../data/database-events';
import { databaseAlarms } from '../data/database-alarms';
import type { DriftFunction } from '../serving/drift-function';
import type { AlarmTopic } from './alarm-topic';
import { EndpointEvents } from '../serving/endpoint-events';
import { endpointEventAlarm, endpointAlarms } from '../serving/endpoint-alarms';
import type { InferenceFunction } from '../serving/inference-function';
import { inferenceMetric } from '../serving/inference-metric';
import type { LoadBalancer } from '../platform/load-balancer';
import type { ModelEndpoint } from '../serving/model-endpoint';
import { platformAlarms } from '../platform/platform-alarms';
import type { AlarmSpec } from '../common/alarm-spec';

export interface NotificationAlarmsProps {
  readonly environment: Environment;
  readonly topic: AlarmTopic;
  readonly endpoints: readonly ModelEndpoint[];
  readonly inference: InferenceFunction;
  /** @default - none: nothing is captured, and drift goes unseen */
  readonly drift?: DriftFunction;
  readonly database?: Database;
  /** The platform's front door. @default - there is no platform, and nothing of it to watch */
  readonly loadBalancer?: LoadBalancer;
  readonly dashboardName: string;
}

function inferenceWatches(inference: InferenceFunction): AlarmSpec[] {
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

/** For specialists that have an endpoint and a model in the function to fall back to. */
function degradedWatches({ environment, endpoints }: NotificationAlarmsProps): AlarmSpec[] {
  if (!environment.inference.fallback) return [];
  const hosted = endpoints.flatMap((endpoint): readonly Specialist[] => endpoint.plan.specialists);
  return hosted.map((specialist) => ({
    id: `Degraded-${specialist}`,
    metric: inferenceMetric(environment, specialist, INFERENCE_METRICS.degraded),
    threshold: 0,
    says: `The inference Lambda answers for ${specialist} itself, because its endpoint does not`,
    runbook: 'inference-degraded',
  }));
}

function driftWatches(drift: DriftFunction): AlarmSpec[] {
  return [
    ...SPECIALISTS.map((specialist) => ({
      id: `Drift-${specialist}`,
      metric: drift.metricLargestPsi(specialist),
      threshold: ALARMING_PSI,
      says: `Yesterday's flows for ${specialist} are far from those it was trained on (PSI above ${ALARMING_PSI})`,
      runbook: 'model-drift',
      daily: true,
    })),
    {
      id: 'DriftErrors',
      metric: drift.metricErrors(),
      threshold: 0,
      says: 'The drift Lambda fails, so nobody would see drift',
      runbook: 'drift-errors',
      daily: true,
    },
  ];
}

/**
 * Alarms that tell people, each with the dashboard to look at and the section of the runbook to follow, and the events of
 * endpoints and database on the same topic.
 */
export class NotificationAlarms extends Construct {
  readonly alarms: readonly cloudwatch.Alarm[];

  constructor(scope: Construct, id: string, props: NotificationAlarmsProps) {
    super(scope, id);
    const { environment, database, loadBalancer, topic } = props;
    const watches = [
      ...props.endpoints.flatMap((endpoint) => [
        ...endpointAlarms(endpoint, environment.latency.p95Ms),
        endpointEventAlarm(endpoint, this.announce(endpoint, props)),
      ]),
      ...inferenceWatches(props.inference),
      ...degradedWatches(props),
      ...(props.drift === undefined ? [] : driftWatches(props.drift)),
      ...(database === undefined ? [] : databaseAlarms(database, environment.database)),
      ...(loadBalancer === undefined ? [] : platformAlarms(loadBalancer, environment)),
      ...clusterAlarms(environment),
    ];
    if (database !== undefined) new DatabaseEvents(this, 'DatabaseEvents', { ...props, database });
    const action = new SnsAction(topic.topic);
    this.alarms = watches.map((watch) => {
      const alarm = new cloudwatch.Alarm(this, watch.id, {
        metric: watch.metric.with({
          period: watch.daily ? Duration.days(1) : (watch.window ?? Duration.minutes(5)),
        }),
        threshold: watch.threshold,
        evaluationPeriods: watch.evaluationPeriods ?? (watch.daily || watch.window ? 1 : 2),
        comparisonOperator: watch.below
          ? cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD
          : cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
        treatMissingData: watch.daily
          ? cloudwatch.TreatMissingData.IGNORE
          : cloudwatch.TreatMissingData.NOT_BREACHING,
        alarmDescription: `${watch.says}. Dashboard: ${props.dashboardName}. Runbook: docs/runbook.md#${watch.runbook}`,
      });
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
      return alarm;
    });
  }

  private announce(
    endpoint: ModelEndpoint,
    { topic, dashboardName }: NotificationAlarmsProps,
  ): EndpointEvents {
    return new EndpointEvents(this, `Events-${endpoint.plan.name}`, { endpoint, topic, dashboardName });
  }
}
