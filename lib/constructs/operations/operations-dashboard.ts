import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { ALARMING_PSI } from '../../../lambda/drift/drift-metrics';
import {
  INFERENCE_METRICS,
  type InferenceMetric,
} from '../../../lambda/inference/observability/inference-metrics';
import { SPECIALISTS } from '../../../models/catalogue';
import type { Environment } from '../../config/environment';
import { SERVICES } from '../../config/workloads/workload-names';
import { environmentPrefix } from '../../config/resource-names';
import type { Database } from '../data/database';
import type { DriftFunction } from '../serving/drift-function';
import { endpointGraphs } from '../serving/endpoint-graphs';
import type { InferenceFunction } from '../serving/inference-function';
import { inferenceMetric } from '../serving/inference-metric';
import type { LoadBalancer } from '../platform/load-balancer';
import { hostMetric, loadBalancerMetric } from '../platform/load-balancer-metrics';
import type { ModelEndpoint } from '../serving/model-endpoint';

export interface OperationsDashboardProps {
  readonly environment: Environment;
  readonly endpoints: readonly ModelEndpoint[];
  readonly inference: InferenceFunction;
  /** @default - none, and no graph of drift */
  readonly drift?: DriftFunction;
  readonly database?: Database;
  /** @default - none, and no graphs of the platform */
  readonly loadBalancer?: LoadBalancer;
}

const COLUMNS = 24;
const HALF = 12;
const THIRD = 8;

/** Name of an environment's dashboard; alarms point to it. */
export function dashboardName(environment: Environment): string {
  return environmentPrefix(environment.name);
}

/** Names what the rows below it show; the graphs of a narrow row have no room for it in their titles. */
function heading(text: string): cloudwatch.TextWidget {
  return new cloudwatch.TextWidget({ markdown: `## ${text}`, width: COLUMNS, height: 1 });
}

function graph(
  title: string,
  left: cloudwatch.IMetric[],
  right: cloudwatch.IMetric[] = [],
): cloudwatch.GraphWidget {
  return new cloudwatch.GraphWidget({ title, left, right, width: HALF, liveData: true });
}

/** A metric of the inference function, a line for each specialist. */
function bySpecialist(
  title: string,
  environment: Environment,
  metric: InferenceMetric,
  statistic: string = cloudwatch.Stats.SUM,
): cloudwatch.GraphWidget {
  const left = SPECIALISTS.map((label) => inferenceMetric(environment, label, metric, { statistic, label }));
  return new cloudwatch.GraphWidget({ title, left, width: THIRD, liveData: true });
}

function outsideShare(environment: Environment): cloudwatch.GraphWidget {
  const left = SPECIALISTS.map(
    (label) =>
      new cloudwatch.MathExpression({
        label,
        expression: `100 * outside_${label} / rows_${label}`,
        usingMetrics: {
          [`outside_${label}`]: inferenceMetric(environment, label, INFERENCE_METRICS.outOfDistribution),
          [`rows_${label}`]: inferenceMetric(environment, label, INFERENCE_METRICS.rows),
        },
      }),
  );
  return new cloudwatch.GraphWidget({
    title: 'Rows far outside the training data (%)',
    left,
    leftYAxis: { min: 0, max: 100 },
    width: THIRD,
    liveData: true,
  });
}

function drifting(drift: DriftFunction): cloudwatch.GraphWidget {
  return new cloudwatch.GraphWidget({
    title: 'Drift: largest population stability index of a feature',
    left: SPECIALISTS.map((label) => drift.metricLargestPsi(label, { label })),
    leftAnnotations: [{ value: ALARMING_PSI, label: 'another population' }],
    width: THIRD,
  });
}

function specialistGraphs({ environment, drift }: OperationsDashboardProps): cloudwatch.IWidget[] {
  const p95 = cloudwatch.Stats.percentile(95);
  return [
    bySpecialist('Requests by specialist', environment, INFERENCE_METRICS.requests),
    bySpecialist('p95 time of an answer (ms)', environment, INFERENCE_METRICS.latency, p95),
    bySpecialist('Degraded answers', environment, INFERENCE_METRICS.degraded),
    bySpecialist('Rows flagged as attacks', environment, INFERENCE_METRICS.attacks),
    outsideShare(environment),
    ...(drift === undefined ? [] : [drifting(drift)]),
  ];
}

/**
 * Whether or not there is a certificate and an image yet: what CloudFormation exports for these graphs then stays the
 * same when either comes or goes. An export that this stack uses cannot be taken away.
 */
function platformGraphs(loadBalancer: LoadBalancer): cloudwatch.IWidget[] {
  const hosts = (metric: 'HealthyHostCount' | 'UnHealthyHostCount', label: string) =>
    SERVICES.map((service) => hostMetric(loadBalancer, service, metric, { label: `${service} ${label}` }));
  return [
    graph(
      'Load balancer: requests and server errors',
      [loadBalancerMetric(loadBalancer, 'RequestCount', { label: 'requests' })],
      [
        loadBalancerMetric(loadBalancer, 'HTTPCode_ELB_5XX_Count', { label: 'its own errors' }),
        loadBalancerMetric(loadBalancer, 'HTTPCode_Target_5XX_Count', { label: 'errors of pods' }),
      ],
    ),
    graph('Load balancer: healthy and unhealthy pods', [
      ...hosts('HealthyHostCount', 'healthy'),
      ...hosts('UnHealthyHostCount', 'unhealthy'),
    ]),
  ];
}

/** The environment at a glance: the door, what is asked of each specialist, each endpoint, platform and database. */
export class OperationsDashboard extends Construct {
  constructor(scope: Construct, id: string, props: OperationsDashboardProps) {
    super(scope, id);
    const { inference, endpoints, database, loadBalancer } = props;
    const dashboard = new cloudwatch.Dashboard(this, 'Dashboard', {
      dashboardName: dashboardName(props.environment),
    });
    dashboard.addWidgets(heading('Inference'));
    dashboard.addWidgets(
      graph('Calls and failures', [
        inference.function.metricInvocations(),
        inference.metricErrors(),
        inference.metricThrottles(),
      ]),
      graph('p95 duration (ms)', [inference.metricDuration({ statistic: cloudwatch.Stats.percentile(95) })]),
    );
    dashboard.addWidgets(...specialistGraphs(props));
    for (const endpoint of endpoints) {
      dashboard.addWidgets(heading(`Endpoint ${endpoint.plan.name}`));
      dashboard.addWidgets(...endpointGraphs(endpoint));
    }
    if (loadBalancer !== undefined) {
      dashboard.addWidgets(heading('Platform'));
      dashboard.addWidgets(...platformGraphs(loadBalancer));
    }
    if (database === undefined) return;
    dashboard.addWidgets(heading('Database'));
    dashboard.addWidgets(
      graph('CPU (%) and connections', [database.metricCpu()], [database.metricConnections()]),
      graph('Free storage (bytes)', [database.metricFreeStorage()]),
    );
  }
}
