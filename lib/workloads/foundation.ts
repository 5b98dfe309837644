import type { ConfigMap, Namespace, ServiceAccount } from 'kubernetes-types/core/v1';
import { labelsOf, NAMESPACE, type Workload } from '../config/workloads/workload-names';

/**
 * The namespace. Kubernetes itself refuses pods in it that break the restricted Pod Security Standard
 * (kubernetes.io/docs/concepts/security/pod-security-standards).
 *
 * Where a listener sends requests, EKS Auto Mode gives new pods a readiness gate: they are ready once the load balancer
 * calls them healthy, so that a rollout never stops the last pod that it may send requests to (AWS Load Balancer
 * Controller, "Pod readiness gate"; Auto Mode has a label of its own for it, which its webhook selects by). It gives
 * them to pods whose Service and TargetGroupBinding exist already.
 *
 * @param listening whether a listener sends requests to the pods; without one no pod would ever be ready
 */
export function namespace(listening: boolean): Namespace {
  const level = 'restricted';
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: NAMESPACE,
      labels: {
        'app.kubernetes.io/part-of': NAMESPACE,
        'pod-security.kubernetes.io/enforce': level,
        'pod-security.kubernetes.io/audit': level,
        'pod-security.kubernetes.io/warn': level,
        ...(listening && { 'eks.amazonaws.com/pod-readiness-gate-inject': 'enabled' }),
      },
    },
  };
}

/**
 * Identity of a workload. Backend and migration each get an AWS role of their own by Pod Identity; none may speak to
 * the Kubernetes API.
 */
export function serviceAccount(workload: Workload): ServiceAccount {
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: workload, namespace: NAMESPACE, labels: labelsOf(workload) },
    automountServiceAccountToken: false,
  };
}

/**
 * Switches the controller of network policies on. Without it EKS Auto Mode takes policies and enforces none
 * (docs.aws.amazon.com/eks/latest/userguide/auto-net-pol.html).
 */
export function networkPolicyController(): ConfigMap {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'amazon-vpc-cni', namespace: 'kube-system' },
    data: { 'enable-network-policy-controller': 'true' },
  };
}
