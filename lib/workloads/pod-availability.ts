import type { HorizontalPodAutoscaler } from 'kubernetes-types/autoscaling/v2';
import type { PodDisruptionBudget } from 'kubernetes-types/policy/v1';
import { labelsOf, NAMESPACE, selectorOf, type ServiceName } from '../config/workloads/workload-names';
import { MIN_REPLICAS } from '../config/workloads/pod-sizes';

/** Share of the requested CPU, in percent, that the pods are scaled to. */
const TARGET_CPU_PERCENT = 70;

/** Nodes are replaced one pod at a time; a pod that is broken anyway does not hold a node back. */
export function disruptionBudget(name: ServiceName): PodDisruptionBudget {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name, namespace: NAMESPACE, labels: labelsOf(name) },
    spec: {
      maxUnavailable: 1,
      selector: { matchLabels: selectorOf(name) },
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
    },
  };
}

/**
 * Keeps two pods and scales on CPU up to `maxReplicas`. Scaling out needs the metrics of metrics-server, which is an
 * add-on of EKS; keeping two does not.
 */
export function autoscaler(name: ServiceName, maxReplicas: number): HorizontalPodAutoscaler {
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name, namespace: NAMESPACE, labels: labelsOf(name) },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
      minReplicas: MIN_REPLICAS,
      maxReplicas,
      metrics: [
        {
          type: 'Resource',
          resource: {
            name: 'cpu',
            target: { type: 'Utilization', averageUtilization: TARGET_CPU_PERCENT },
          },
        },
      ],
    },
  };
}
