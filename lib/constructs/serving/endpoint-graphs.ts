import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { EndpointPlan } from '../../plan/hosting/endpoint-plan';
import { endpointMetric, vcpusOf } from './endpoint-metrics';
import type { ModelEndpoint } from './model-endpoint';

/** Columns of a dashboard. */
const COLUMNS = 24;

type Graph = Omit<cloudwatch.GraphWidgetProps, 'width'>;

function requestGraphs(endpoint: ModelEndpoint): Graph[] {
  return [
    {
      title: 'Requests and errors',
      left: [endpoint.metricInvocations({ label: 'requests' })],
      right: [
        endpoint.metricServerErrors({ label: 'server errors (5xx)' }),
        endpoint.metricClientErrors({ label: 'refused (4xx)' }),
      ],
    },
    { title: 'p95 model latency (µs)', left: [endpoint.metricModelLatency()] },
  ];
}

/** CPU as a share of all vCPUs, so that the three lines have one scale. */
function instanceGraph(endpoint: ModelEndpoint, instanceType: string): Graph {
  const cpu = new cloudwatch.MathExpression({
    label: 'CPU',
    expression: `cpu / ${vcpusOf(instanceType)}`,
    usingMetrics: { cpu: endpointMetric(endpoint, 'CPUUtilization') },
    period: Duration.minutes(5),
  });
  return {
    title: 'Instances (%)',
    left: [
      cpu,
      endpointMetric(endpoint, 'MemoryUtilization', { label: 'memory' }),
      endpointMetric(endpoint, 'DiskUtilization', { label: 'disk' }),
    ],
    leftYAxis: { min: 0, max: 100 },
  };
}

function loadingGraph(endpoint: ModelEndpoint): Graph {
  return {
    title: 'Models',
    left: [endpointMetric(endpoint, 'ModelLoadingWaitTime', { label: 'wait for a model (µs)' })],
    right: [endpointMetric(endpoint, 'LoadedModelCount', { label: 'models loaded' })],
  };
}

function graphsOf(endpoint: ModelEndpoint, plan: EndpointPlan): Graph[] {
  if (plan.mode === 'serverless') return requestGraphs(endpoint);
  return [
    ...requestGraphs(endpoint),
    instanceGraph(endpoint, plan.instanceType),
    ...(plan.mode === 'shared' ? [loadingGraph(endpoint)] : []),
  ];
}

/** The row of an endpoint on a dashboard: requests, latency, and for one on instances how busy these are. */
export function endpointGraphs(endpoint: ModelEndpoint): cloudwatch.IWidget[] {
  const graphs = graphsOf(endpoint, endpoint.plan);
  return graphs.map(
    (graph) => new cloudwatch.GraphWidget({ ...graph, width: COLUMNS / graphs.length, liveData: true }),
  );
}
