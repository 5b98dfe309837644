import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { Environment } from '../config/schema';
import { environmentPrefix } from '../plan/names';
import type { Database } from './database';
import type { InferenceFunction } from './inference-function';
import type { ModelEndpoint } from './model-endpoint';

export interface OperationsDashboardProps {
  readonly environment: Environment;
  readonly endpoints: readonly ModelEndpoint[];
  readonly inference: InferenceFunction;
  readonly database?: Database;
}

const HALF = 12;

/** Name of an environment's dashboard; alarms point to it. */
export function dashboardName(environment: Environment): string {
  return environmentPrefix(environment.name);
}

function graph(
  title: string,
  left: cloudwatch.IMetric[],
  right: cloudwatch.IMetric[] = [],
): cloudwatch.GraphWidget {
  return new cloudwatch.GraphWidget({ title, left, right, width: HALF, liveData: true });
}

/** The environment at a glance: the door, each endpoint, the database. */
export class OperationsDashboard extends Construct {
  constructor(scope: Construct, id: string, props: OperationsDashboardProps) {
    super(scope, id);
    const { inference, endpoints, database } = props;
    const dashboard = new cloudwatch.Dashboard(this, 'Dashboard', {
      dashboardName: dashboardName(props.environment),
    });
    dashboard.addWidgets(
      graph('Inference: calls and failures', [
        inference.function.metricInvocations(),
        inference.metricErrors(),
        inference.metricThrottles(),
      ]),
      graph('Inference: p95 duration (ms)', [
        inference.metricDuration({ statistic: cloudwatch.Stats.percentile(95) }),
      ]),
    );
    for (const endpoint of endpoints) {
      dashboard.addWidgets(
        graph(`${endpoint.plan.name}: requests and server errors`, [
          endpoint.metricInvocations(),
          endpoint.metricServerErrors(),
        ]),
        graph(`${endpoint.plan.name}: p95 model latency (µs)`, [endpoint.metricModelLatency()]),
      );
    }
    if (database === undefined) return;
    dashboard.addWidgets(
      graph('Database: CPU (%) and connections', [database.metricCpu()], [database.metricConnections()]),
      graph('Database: free storage (bytes)', [database.metricFreeStorage()]),
    );
  }
}
