/** What a pod asks of its node, and where its memory ends. */
export interface PodSize {
  /** CPU requested, in thousandths of a vCPU. */
  readonly cpuMillis: number;
  /** Memory requested, MiB. */
  readonly memoryMi: number;
  /** Memory from which on the pod is killed, MiB. */
  readonly memoryLimitMi: number;
}

/** What the pods of each workload ask for: the manifests say it, and the capacity of the nodes is checked with it. */
export const POD_SIZES = {
  backend: { cpuMillis: 500, memoryMi: 1024, memoryLimitMi: 3072 },
  frontend: { cpuMillis: 100, memoryMi: 256, memoryLimitMi: 512 },
  migration: { cpuMillis: 250, memoryMi: 512, memoryLimitMi: 1024 },
} as const satisfies Readonly<Record<string, PodSize>>;

/**
 * What the pods ask for that send logs and metrics to CloudWatch: the first two on every node, the third once. The agent's
 * share is set by this project, as the add-on's own (250m) is an eighth of a node; the others are the add-on's values
 * (aws-observability/helm-charts, amazon-cloudwatch-observability, values.yaml).
 */
export const AGENT_SIZES = {
  metrics: { cpuMillis: 75, memoryMi: 128, memoryLimitMi: 512 },
  logs: { cpuMillis: 50, memoryMi: 25, memoryLimitMi: 250 },
  operator: { cpuMillis: 100, memoryMi: 64, memoryLimitMi: 64 },
} as const satisfies Readonly<Record<string, PodSize>>;

/** Pods that every service keeps. */
export const MIN_REPLICAS = 2;

/** Pods beyond their number that a rollout starts before it stops an old one. */
export const SURGE_PODS = 1;

/** The instances that nodes may be. */
export const NODES = {
  /** m has 4 GiB a vCPU and r 8; in c's 2 GiB the memory would end before half of the CPU was given out. */
  categories: ['m', 'r'],
  /** Memory of a vCPU of the smallest category, MiB. */
  memoryMiPerVcpu: 4096,
  /**
   * vCPUs; Auto Mode starts no node of fewer than two (docs.aws.amazon.com/eks/latest/userguide,
   * "Learn about Amazon EKS Auto Mode Managed instances").
   */
  vcpus: [2, 4, 8, 16, 32],
} as const;

/** vCPUs of the smallest node. */
export const SMALLEST_NODE = NODES.vcpus[0];

/** vCPUs that nodes may have, of which the planned ones hold one in each zone; none where they are too few. */
export function nodeSizes(plannedVcpus: number, zones: number): readonly number[] {
  return NODES.vcpus.filter((size) => size * zones <= plannedVcpus);
}

/**
 * vCPUs beyond those planned that the replacements of nodes need for a while: one node of the largest size in each zone.
 * Two nodes can go at the same moment, as nodes that started together expire together.
 */
export function replacementVcpus(plannedVcpus: number, zones: number): number {
  return zones * Math.max(0, ...nodeSizes(plannedVcpus, zones));
}

/** Disk of a node for images, logs and temporary files of its pods: what EKS Auto Mode gives it as well unless told. */
export const NODE_DISK_GIB = 80;

/** Hours after which a node is replaced whatever happens, which is Auto Mode's own value. */
export const NODE_LIFE_HOURS = 336;

/** Hours at most that a node takes to let go of its pods, beside its replacement. */
export const NODE_DRAIN_HOURS = 1;
