import type { Architecture } from '../config/workloads/workloads-schema';
import { UserError } from '../util/user-error';
import { ARCHITECTURE_LABEL, NODE_POOL } from '../config/workloads/workload-names';
import type { WorkloadNodes } from './workload-options';
import {
  NODE_DISK_GIB,
  NODE_DRAIN_HOURS,
  NODE_LIFE_HOURS,
  NODES,
  nodeSizes,
  replacementVcpus,
  SMALLEST_NODE,
} from '../config/workloads/pod-sizes';

/**
 * How EKS Auto Mode sets nodes up: the fields of it that are used here
 * (docs.aws.amazon.com/eks/latest/userguide/create-node-class.html).
 */
export interface NodeClass {
  readonly apiVersion: 'eks.amazonaws.com/v1';
  readonly kind: 'NodeClass';
  readonly metadata: { name: string };
  readonly spec: {
    role: string;
    subnetSelectorTerms: { id: string }[];
    securityGroupSelectorTerms: { id: string }[];
    networkPolicy: 'DefaultAllow' | 'DefaultDeny';
    networkPolicyEventLogs: 'Enabled' | 'Disabled';
    ephemeralStorage: { size: string; kmsKeyID: string };
  };
}

interface Requirement {
  key: string;
  operator: 'In' | 'Gt';
  values: string[];
}

/**
 * Which nodes EKS Auto Mode may start: the fields of it that are used here
 * (docs.aws.amazon.com/eks/latest/userguide/create-node-pool.html, karpenter.sh/docs/concepts/nodepools).
 */
export interface NodePool {
  readonly apiVersion: 'karpenter.sh/v1';
  readonly kind: 'NodePool';
  readonly metadata: { name: string };
  readonly spec: {
    weight: number;
    template: {
      spec: {
        nodeClassRef: { group: string; kind: 'NodeClass'; name: string };
        requirements: Requirement[];
        expireAfter: string;
        terminationGracePeriod: string;
      };
    };
    limits: { cpu: string };
    disruption: { consolidationPolicy: string; consolidateAfter: string; budgets: { nodes: string }[] };
  };
}

/** Instances of this generation are too old: the built-in pools start at the next one as well. */
const TOO_OLD_GENERATION = '4';

/**
 * Nodes in the cluster's subnets and security group, with the role of the built-in nodes, which is the one that EKS
 * lets join the cluster by itself. Network policies are enforced on nodes of such a class alone
 * (docs.aws.amazon.com/eks/latest/userguide/auto-net-pol.html); what no policy selects stays open, as the cluster's
 * own pods have none.
 */
export function nodeClass({ roleName, subnetIds, securityGroupIds, diskKeyArn }: WorkloadNodes): NodeClass {
  return {
    apiVersion: 'eks.amazonaws.com/v1',
    kind: 'NodeClass',
    metadata: { name: NODE_POOL },
    spec: {
      role: roleName,
      subnetSelectorTerms: subnetIds.map((id) => ({ id })),
      securityGroupSelectorTerms: securityGroupIds.map((id) => ({ id })),
      networkPolicy: 'DefaultAllow',
      networkPolicyEventLogs: 'Enabled',
      // Both of a node's volumes: the one of its system, which is read-only, and the one of its pods.
      ephemeralStorage: { size: `${NODE_DISK_GIB}Gi`, kmsKeyID: diskKeyArn },
    },
  };
}

/**
 * The pool of the workloads' nodes. The built-in pool general-purpose has amd64 nodes alone, no limit and a class that
 * enforces no network policy.
 *
 * Its limit leaves room for replacements beyond the nodes that were planned with. A node that drifts, as with each new
 * machine image, goes once its replacement runs, one node at a time; a full limit forbids the replacement, and the node
 * stays (aws/karpenter-provider-aws#8873). A node that expires is drained at once, whatever the budget says, and its
 * pods need a new node while it still counts (karpenter.sh/docs/concepts/disruption, "Forceful methods"). Pods go one
 * by one, as their PodDisruptionBudgets allow. Nodes that are started in the same moment can pass the limit for a
 * while, as Karpenter counts them afterwards.
 *
 * @throws UserError when the planned vCPUs leave no node for a zone
 */
export function nodePool(nodes: WorkloadNodes, architecture: Architecture): NodePool {
  return {
    apiVersion: 'karpenter.sh/v1',
    kind: 'NodePool',
    metadata: { name: NODE_POOL },
    spec: {
      // Above the built-in pools: what may run on either, such as metrics-server, runs on nodes that were planned with.
      weight: 100,
      template: {
        spec: {
          nodeClassRef: { group: 'eks.amazonaws.com', kind: 'NodeClass', name: NODE_POOL },
          requirements: requirementsOf(nodes, architecture),
          expireAfter: `${NODE_LIFE_HOURS}h`,
          // After that the pods go against their budgets: a node that is to go would stay for good otherwise.
          terminationGracePeriod: `${NODE_DRAIN_HOURS}h`,
        },
      },
      limits: { cpu: String(nodes.vcpus + replacementVcpus(nodes.vcpus, nodes.zones)) },
      disruption: {
        consolidationPolicy: 'WhenEmptyOrUnderutilized',
        consolidateAfter: '5m',
        budgets: [{ nodes: '1' }],
      },
    },
  };
}

function requirementsOf(nodes: WorkloadNodes, architecture: Architecture): Requirement[] {
  const anyOf = (key: string, values: readonly (string | number)[]): Requirement => ({
    key,
    operator: 'In',
    values: values.map(String),
  });
  return [
    anyOf('karpenter.sh/capacity-type', ['on-demand']),
    anyOf(ARCHITECTURE_LABEL, [architecture]),
    anyOf('eks.amazonaws.com/instance-category', NODES.categories),
    { key: 'eks.amazonaws.com/instance-generation', operator: 'Gt', values: [TOO_OLD_GENERATION] },
    anyOf('eks.amazonaws.com/instance-cpu', sizesOf(nodes)),
  ];
}

function sizesOf({ vcpus, zones }: WorkloadNodes): readonly number[] {
  const sizes = nodeSizes(vcpus, zones);
  if (sizes.length > 0) return sizes;
  throw new UserError(
    `Nodes may have ${vcpus} vCPUs in ${zones} zones; allowed is at least ${SMALLEST_NODE * zones}, as each zone needs a ` +
      `node of ${SMALLEST_NODE} or more. Raise platform.peakNodeVcpus.`,
  );
}
