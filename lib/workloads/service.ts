import type { Service } from 'kubernetes-types/core/v1';
import { labelsOf, NAMESPACE, PORTS, selectorOf, type ServiceName } from '../config/workloads/workload-names';

/**
 * Binds pods to a target group of EKS Auto Mode. It knows ARNs alone, no names, and reaches only target groups that
 * carry the tag `eks:eks-cluster-name` with the name of its cluster (AWS managed policy AmazonEKSLoadBalancingPolicy).
 */
export interface TargetGroupBinding {
  readonly apiVersion: 'eks.amazonaws.com/v1';
  readonly kind: 'TargetGroupBinding';
  readonly metadata: { name: string; namespace: string; labels: Record<string, string> };
  readonly spec: {
    targetGroupARN: string;
    targetType: 'ip';
    serviceRef: { name: string; port: number };
  };
}

/** Name and address of a workload inside the cluster. */
export function service(name: ServiceName): Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: NAMESPACE, labels: labelsOf(name) },
    spec: {
      type: 'ClusterIP',
      selector: selectorOf(name),
      ports: [{ name: 'http', port: PORTS[name], targetPort: 'http', protocol: 'TCP' }],
    },
  };
}

/**
 * Registers the service's pods by address. Without `networking`: the Platform stack itself lets the load balancer in to
 * the pods, and a controller that did would leave rules behind that no stack owns.
 */
export function targetGroupBinding(name: ServiceName, targetGroupARN: string): TargetGroupBinding {
  return {
    apiVersion: 'eks.amazonaws.com/v1',
    kind: 'TargetGroupBinding',
    metadata: { name, namespace: NAMESPACE, labels: labelsOf(name) },
    spec: { targetGroupARN, targetType: 'ip', serviceRef: { name, port: PORTS[name] } },
  };
}
