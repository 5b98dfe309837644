import type { ConfigMap, Namespace, ServiceAccount } from 'kubernetes-types/core/v1';
import { labelsOf, NAMESPACE, type Workload } from './names';

/**
 * The namespace. Kubernetes itself refuses pods in it that break the restricted Pod Security Standard
 * (kubernetes.io/docs/concepts/security/pod-security-standards).
 */
export function namespace(): Namespace {
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
