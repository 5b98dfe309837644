import { observedOf } from '../../config/platform/platform-observability';
import type { Environment } from '../../config/environment';
import { runningServices } from '../../config/workloads/configured-workloads';
import { MIN_REPLICAS } from '../../config/workloads/pod-sizes';
import type { PlanningContext } from '../candidates/candidate';
import type { Amount } from './monthly-cost';
import { ALARMS, alarms, requests } from './cost-items';

/**
 * Metrics that Container Insights publishes each minute, of a pod, of a node and of the cluster with its control plane,
 * each counted once for every set of dimensions that it is published under, as CloudWatch counts observations. Counted
 * in the agent's declarations (aws/amazon-cloudwatch-agent, translator/translate/otel/exporter/awsemf/kubernetes.go):
 * 30 + 108 + 8 of a pod and 36 of its container; 24 and 3 of a node, twice each; about 500 of the control plane, most of
 * them by resource. Rather too many.
 */
const OBSERVATIONS = { pod: 182, node: 54, cluster: 500 } as const;

/** Pods beside those of the services: metrics-server twice and the operator of the agents; on each node two agents. */
const CLUSTER_PODS = 3;
const NODE_PODS = 2;

/** KB of a log line of a pod, with what Fluent Bit adds of the pod and its node. */
const LINE_KB = 1.2;

/**
 * Lines that a pod writes a second when nobody calls: one for each check of its health, by the kubelet every 5 and
 * every 15 seconds and by the load balancer's two nodes every 15 seconds.
 */
const IDLE_LINES_PER_SECOND = 1 / 5 + 3 / 15;

/** Lines for each request: one of the pod that answers it. */
const LINES_PER_REQUEST = 1;

/** GB a month that a node's own system writes: kubelet, container runtime and kernel. An estimate. */
const NODE_GB = 1.5;

const KB_PER_GB = 1024 * 1024;
const SECONDS_PER_HOUR = 3600;
const MINUTES_PER_HOUR = 60;

/** What sending logs and metrics of pods and nodes to CloudWatch takes, and the alarms on these metrics. */
export function clusterObservation(
  context: PlanningContext,
  nodes: { readonly idle: number; readonly peak: number },
): Amount[] {
  const { environment } = context;
  const { logs, metrics } = observedOf(environment);
  return [
    ...(logs ? [logAmount(context, nodes)] : []),
    ...(metrics
      ? [
          observationAmount(context, nodes),
          alarms(ALARMS.observedService * runningServices(environment).length),
        ]
      : []),
  ];
}

/** Pods of the services that always run, and when they are scaled out. */
function servicePods(environment: Environment): { readonly least: number; readonly most: number } {
  const services = runningServices(environment);
  const { maxReplicas } = environment.platform.workloads;
  return {
    least: MIN_REPLICAS * services.length,
    most: services.reduce((sum, service) => sum + maxReplicas[service], 0),
  };
}

function logAmount(
  context: PlanningContext,
  { idle, peak }: { readonly idle: number; readonly peak: number },
): Amount {
  const { least, most } = servicePods(context.environment);
  const seconds = context.prices.hoursPerMonth * SECONDS_PER_HOUR;
  const gb = (pods: number, nodes: number, calls: number) =>
    ((pods * IDLE_LINES_PER_SECOND * seconds + calls * LINES_PER_REQUEST) * LINE_KB) / KB_PER_GB +
    nodes * NODE_GB;
  return {
    price: 'logs.ingest',
    what: 'GB of logs of pods and nodes',
    expected: gb(least, peak, requests(context, 'averageRps')),
    idle: gb(least, idle, 0),
    max: gb(most, peak, requests(context, 'peakRps')),
  };
}

function observationAmount(
  context: PlanningContext,
  { idle, peak }: { readonly idle: number; readonly peak: number },
): Amount {
  const { least, most } = servicePods(context.environment);
  const minutes = context.prices.hoursPerMonth * MINUTES_PER_HOUR;
  const millions = (pods: number, nodes: number) =>
    ((OBSERVATIONS.cluster +
      OBSERVATIONS.node * nodes +
      OBSERVATIONS.pod * (pods + CLUSTER_PODS + NODE_PODS * nodes)) *
      minutes) /
    1e6;
  return {
    price: 'cloudwatch.observation',
    what: 'million observations of pods and nodes',
    expected: millions(least, peak),
    idle: millions(least, idle),
    max: millions(most, peak),
  };
}
