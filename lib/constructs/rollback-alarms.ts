import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { acknowledge } from '../compliance/acknowledge';
import type { Environment } from '../config/schema';
import { findingsOf } from './finding-ids';
import type { ModelEndpoint } from './model-endpoint';

export interface RollbackAlarmsProps {
  readonly environment: Environment;
  readonly endpoint: ModelEndpoint;
}

const MICROSECONDS_PER_MS = 1000;

/** Alarms that take an update of an endpoint back while SageMaker watches the new fleet. */
export class RollbackAlarms extends Construct {
  /** Names for the endpoint's deployment configuration. */
  readonly names: readonly string[];

  constructor(scope: Construct, id: string, { environment, endpoint }: RollbackAlarmsProps) {
    super(scope, id);
    const watch = {
      evaluationPeriods: 2,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    };
    const errors = endpoint.metricServerErrors().createAlarm(this, 'ServerErrors', {
      ...watch,
      alarmDescription: `${endpoint.plan.name} answers with server errors; an update in progress is rolled back. Runbook: docs/runbook.md#endpoint-errors`,
      threshold: 0,
    });
    const latency = endpoint.metricModelLatency().createAlarm(this, 'Latency', {
      ...watch,
      alarmDescription: `${endpoint.plan.name} takes longer than the p95 target of ${environment.latency.p95Ms} ms; an update in progress is rolled back. Runbook: docs/runbook.md#endpoint-latency`,
      threshold: environment.latency.p95Ms * MICROSECONDS_PER_MS,
    });
    acknowledge(this, {
      id: findingsOf('CloudWatchAlarmAction', ['NIST.800.53.R5', 'HIPAA.Security']),
      reason:
        'SageMaker itself acts on these alarms: it rolls the update back. People are told by the alarms of the Operations stack on the same metrics.',
    });
    this.names = [errors.alarmName, latency.alarmName];
  }
}
