import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { acknowledge } from '../../compliance/acknowledge';
import type { Environment } from '../../config/environment';
import { PRODUCTION_VARIANT } from '../../config/resource-names';
import { findingsOf } from '../common/finding-ids';
import type { ModelEndpoint } from './model-endpoint';

export interface RollbackAlarmsProps {
  readonly environment: Environment;
  readonly endpoint: ModelEndpoint;
  /** Name of the configuration that is deployed. */
  readonly configName: string;
}

const MICROSECONDS_PER_MS = 1000;

/** Share of requests that a new fleet may answer with a server error. A fleet that works answers none so. */
const TOLERATED_ERROR_RATE = 0.05;

/**
 * Two bad minutes out of three: one failed request in a quiet minute takes no update back, and a fleet that fails from
 * its first request is caught within the five minutes for which it is watched.
 */
const WATCH = {
  evaluationPeriods: 3,
  datapointsToAlarm: 2,
  comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
  treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
};

/** Names of the alarms of an endpoint: fixed, so that a role can name them before they exist. */
export function rollbackAlarmNames(endpointName: string): {
  readonly errors: string;
  readonly latency: string;
} {
  return { errors: `${endpointName}-rollback-errors`, latency: `${endpointName}-rollback-latency` };
}

/**
 * Alarms that take an update of an endpoint back while SageMaker watches the new fleet.
 *
 * They look at the new fleet alone, by the dimension EndpointConfigName: with the endpoint as a whole, errors of the old
 * fleet would take back the very update that mends them (SageMaker guide, "Auto-Rollback Configuration and
 * Monitoring"). Errors are counted as a rate: SageMaker sends 1 or 0 for each request, so the average is the share that
 * failed ("SageMaker Endpoint Invocation Metrics").
 */
export class RollbackAlarms extends Construct {
  /** Names for the endpoint's deployment configuration. */
  readonly names: readonly string[];

  constructor(scope: Construct, id: string, { environment, endpoint, configName }: RollbackAlarmsProps) {
    super(scope, id);
    const { name } = endpoint.plan;
    const { p95Ms } = environment.latency;
    const alarmNames = rollbackAlarmNames(name);
    const dimensionsMap = {
      EndpointName: name,
      VariantName: PRODUCTION_VARIANT,
      EndpointConfigName: configName,
    };
    const errorRate = endpoint.metricServerErrors({ dimensionsMap, statistic: cloudwatch.Stats.AVERAGE });
    const errors = errorRate.createAlarm(this, 'ServerErrors', {
      ...WATCH,
      alarmName: alarmNames.errors,
      alarmDescription: `More than ${TOLERATED_ERROR_RATE * 100} % of the answers of a new fleet of ${name} are server errors; its update is rolled back. Runbook: docs/runbook.md#endpoint-errors`,
      threshold: TOLERATED_ERROR_RATE,
    });
    const latency = endpoint.metricModelLatency({ dimensionsMap }).createAlarm(this, 'Latency', {
      ...WATCH,
      alarmName: alarmNames.latency,
      alarmDescription: `A new fleet of ${name} takes longer than the p95 target of ${p95Ms} ms; its update is rolled back. Runbook: docs/runbook.md#endpoint-latency`,
      threshold: p95Ms * MICROSECONDS_PER_MS,
    });
    acknowledge(this, {
      id: findingsOf('CloudWatchAlarmAction', ['NIST.800.53.R5', 'HIPAA.Security']),
      reason:
        'SageMaker itself acts on these alarms: it rolls the update back. People are told by the alarms of the Operations stack on the same metrics.',
    });
    this.names = [errors.alarmName, latency.alarmName];
  }
}
