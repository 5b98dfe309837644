import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { observedOf } from '../../config/platform/platform-observability';
import type { Environment } from '../../config/environment';
import { runningServices, runsWorkloads } from '../../config/workloads/configured-workloads';
import { environmentPrefix } from '../../config/resource-names';
import { NAMESPACE, type ServiceName } from '../../config/workloads/workload-names';
import type { AlarmSpec } from '../common/alarm-spec';

/**
 * Sum over 5 minutes of the pods that find no node, of which EKS publishes the number each minute: with one pod that
 * waits all the time it is 5. A pod that waits for a node to start is gone from it after a minute or two.
 */
const WAITING_FOR_FIVE_MINUTES = 4;

/** Time in which restarts count together: Kubernetes waits up to 5 minutes before it restarts a container once more. */
const RESTARTS_WINDOW = Duration.minutes(15);
/** Restarts of a service's containers in that time which may happen: one of each pod that always runs. */
const USUAL_RESTARTS = 2;

/** Time for which an autoscaler may be at its maximum: a short peak is what it is for. */
const MAXIMUM_WINDOW = Duration.minutes(15);

/** What to watch of the pods themselves; nothing where none run. */
export function clusterAlarms(environment: Environment): AlarmSpec[] {
  if (!runsWorkloads(environment)) return [];
  return [
    pendingPods(environment),
    ...(observedOf(environment).metrics
      ? runningServices(environment).flatMap((service) => serviceWatches(service, environment))
      : []),
  ];
}

/** EKS publishes what its scheduler counts itself, without an agent and free of charge (EKS user guide, "Basic metrics"). */
function pendingPods(environment: Environment): AlarmSpec {
  return {
    id: 'PendingPods',
    metric: new cloudwatch.Metric({
      namespace: 'AWS/EKS',
      metricName: 'scheduler_pending_pods_UNSCHEDULABLE',
      dimensionsMap: { ClusterName: environmentPrefix(environment.name) },
      statistic: cloudwatch.Stats.SUM,
    }),
    threshold: WAITING_FOR_FIVE_MINUTES,
    says: 'Pods have found no node for ten minutes',
    runbook: 'pending-pods',
  };
}

function serviceWatches(service: ServiceName, environment: Environment): AlarmSpec[] {
  const most = environment.platform.workloads.maxReplicas[service];
  return [
    {
      id: `PodRestarts-${service}`,
      // Container Insights publishes what came on top since the minute before.
      metric: podMetric(service, environment, 'pod_number_of_container_restarts', cloudwatch.Stats.SUM),
      threshold: USUAL_RESTARTS,
      window: RESTARTS_WINDOW,
      says: `Pods of the ${service} have restarted more than ${USUAL_RESTARTS} times in ${RESTARTS_WINDOW.toMinutes()} minutes`,
      runbook: 'pod-restarts',
    },
    {
      id: `AutoscalerMaximum-${service}`,
      // Of the Deployment, where the autoscaler sets it; a minute below the maximum makes the smallest value smaller.
      metric: podMetric(service, environment, 'replicas_desired', cloudwatch.Stats.MINIMUM),
      threshold: most - 1,
      window: MAXIMUM_WINDOW,
      says: `The ${service} has had its ${most} pods, the most that it may, for ${MAXIMUM_WINDOW.toMinutes()} minutes`,
      runbook: 'autoscaler-at-maximum',
    },
  ];
}

/**
 * A metric of Container Insights with enhanced observability of a service's pods together, which it names by their
 * Deployment (aws/amazon-cloudwatch-agent, translator/translate/otel/exporter/awsemf/kubernetes.go).
 */
function podMetric(
  service: ServiceName,
  environment: Environment,
  metricName: string,
  statistic: string,
): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: 'ContainerInsights',
    metricName,
    dimensionsMap: {
      ClusterName: environmentPrefix(environment.name),
      Namespace: NAMESPACE,
      PodName: service,
    },
    statistic,
  });
}
