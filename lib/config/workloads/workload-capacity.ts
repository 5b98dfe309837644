import type { z } from 'zod';
import { AGENT_SIZES, NODES, POD_SIZES, type PodSize, SMALLEST_NODE, SURGE_PODS } from './pod-sizes';
import { observedOf } from '../platform/platform-observability';
import type { Environment } from '../environment';
import { runningServices, runs, runsWorkloads } from './configured-workloads';
import { MOST_REPLICAS } from './workloads-schema';

/** CPU in thousandths of a vCPU, and memory in MiB. */
type Capacity = Pick<PodSize, 'cpuMillis' | 'memoryMi'>;

interface Pod extends Capacity {
  /** What tells it from pods of other sorts. */
  readonly sort: string;
  /** Whether its sort is spread evenly over the zones. */
  readonly spread: boolean;
}

/**
 * What a pod of metrics-server asks for (kubernetes-sigs/metrics-server). Two of them is an assumption: EKS does not say
 * how many its add-on runs.
 */
const METRICS_SERVER: Pod = { sort: 'metrics-server', cpuMillis: 100, memoryMi: 200, spread: false };
const METRICS_SERVER_PODS = 2;

/**
 * What a node of two vCPUs keeps from pods. EKS Auto Mode publishes no figure of its own; these are those of EKS's
 * images (awslabs/amazon-eks-ami, nodeadm, kubelet): CPU 6 % of the first and 1 % of the second vCPU; memory 255 MiB
 * and 11 for each of 110 pods, which is as many as Auto Mode ever puts on a node; and 100 MiB below which kubelet
 * evicts.
 */
const KEPT: Capacity = { cpuMillis: 70, memoryMi: 255 + 11 * 110 + 100 };

/** Share of an instance's memory that its system does not see, as Karpenter counts (VM_MEMORY_OVERHEAD_PERCENT). */
const UNSEEN_MEMORY = 0.075;

/**
 * What pods may ask of a node of the smallest size, which loses most to what nodes keep, beside the pods that every node
 * runs to send logs and metrics.
 */
function nodeOf(environment: Environment): Capacity {
  const { logs, metrics } = observedOf(environment);
  const agents = sumOf([...(logs ? [AGENT_SIZES.logs] : []), ...(metrics ? [AGENT_SIZES.metrics] : [])]);
  const seenMi = Math.floor(SMALLEST_NODE * NODES.memoryMiPerVcpu * (1 - UNSEEN_MEMORY));
  return {
    cpuMillis: SMALLEST_NODE * 1000 - KEPT.cpuMillis - agents.cpuMillis,
    memoryMi: seenMi - KEPT.memoryMi - agents.memoryMi,
  };
}

/** What the nodes lack. */
export interface CapacityShortage {
  readonly pods: number;
  /** What all pods ask for. */
  readonly needed: Capacity;
  /** What the nodes offer, if the limit leaves any zone one. */
  readonly offered: Capacity;
  /** What one node of the smallest size offers. */
  readonly piece: Capacity;
  /** The fewest vCPUs above those configured that suffice. */
  readonly sufficientVcpus: number;
}

/** All pods that can run at the same moment beside those of every node: services scaled out and rolling, a migration, and what the cluster itself needs. */
function podsOf(environment: Environment): Pod[] {
  const { maxReplicas } = environment.platform.workloads;
  const observed = Object.values(observedOf(environment)).some(Boolean);
  return [
    ...runningServices(environment).flatMap((sort) =>
      copies(
        { sort, ...POD_SIZES[sort], spread: true },
        // What is beyond has an issue of its own; counting it would take no end.
        Math.min(maxReplicas[sort], MOST_REPLICAS) + SURGE_PODS,
      ),
    ),
    ...copies({ sort: 'migration', ...POD_SIZES.migration, spread: false }, +runs(environment, 'migration')),
    ...copies(METRICS_SERVER, METRICS_SERVER_PODS),
    ...copies({ sort: 'operator', ...AGENT_SIZES.operator, spread: false }, +observed),
  ];
}

const copies = (pod: Pod, count: number): Pod[] => Array.from({ length: count }, () => pod);

/** Nodes of one size in zones. */
interface Cluster {
  readonly vcpus: number;
  readonly zones: number;
  /** What one node offers. */
  readonly piece: Capacity;
}

interface Node {
  readonly zone: number;
  readonly pods: readonly Pod[];
}

/** Whether there is a place for every pod on the smallest nodes, services in equal numbers in every zone. */
function fits(pods: readonly Pod[], cluster: Cluster): boolean {
  const { vcpus, zones } = cluster;
  if (vcpus < SMALLEST_NODE * zones) return false;
  // What may stand anywhere comes last, when only scraps of room are left.
  const hardestFirst = pods.toSorted((a, b) => +b.spread - +a.spread || b.cpuMillis - a.cpuMillis);
  let nodes: readonly Node[] | undefined = [];
  for (const pod of hardestFirst) {
    nodes = place(pod, nodes, cluster);
    if (nodes === undefined) return false;
  }
  return true;
}

/** The nodes with the pod on the first that has room, or on another one; undefined where there is no room left. */
function place(
  pod: Pod,
  nodes: readonly Node[],
  { vcpus, zones, piece }: Cluster,
): readonly Node[] | undefined {
  const sameSort = ({ pods }: Node) => pods.filter(({ sort }) => sort === pod.sort).length;
  const emptiest = zoneWithFewest(nodes, zones, pod.spread ? sameSort : () => 1);
  const found = nodes.findIndex(
    (node) => (!pod.spread || node.zone === emptiest) && hasRoom(node, pod, piece),
  );
  const node = nodes[found];
  if (node !== undefined) return nodes.with(found, { ...node, pods: [...node.pods, pod] });
  const most = Math.floor(vcpus / SMALLEST_NODE);
  return nodes.length < most ? [...nodes, { zone: emptiest, pods: [pod] }] : undefined;
}

function zoneWithFewest(nodes: readonly Node[], zones: number, count: (node: Node) => number): number {
  const counts = Array.from({ length: zones }, (_, zone) =>
    nodes.filter((node) => node.zone === zone).reduce((sum, node) => sum + count(node), 0),
  );
  return counts.indexOf(Math.min(...counts));
}

function hasRoom({ pods }: Node, pod: Pod, piece: Capacity): boolean {
  const { cpuMillis, memoryMi } = sumOf([...pods, pod]);
  return cpuMillis <= piece.cpuMillis && memoryMi <= piece.memoryMi;
}

const sumOf = (pods: readonly Capacity[]): Capacity => ({
  cpuMillis: pods.reduce((sum, { cpuMillis }) => sum + cpuMillis, 0),
  memoryMi: pods.reduce((sum, { memoryMi }) => sum + memoryMi, 0),
});

/** What nodes of `platform.peakNodeVcpus` lack to run everything at once; undefined where they suffice. */
export function capacityShortage(environment: Environment): CapacityShortage | undefined {
  if (!runsWorkloads(environment)) return undefined;
  const { peakNodeVcpus } = environment.platform;
  const cluster = {
    vcpus: peakNodeVcpus,
    zones: environment.network.zones.length,
    piece: nodeOf(environment),
  };
  const pods = podsOf(environment);
  if (fits(pods, cluster)) return undefined;
  const { piece, zones } = cluster;
  const nodes = Math.floor(peakNodeVcpus / SMALLEST_NODE);
  const offered = { cpuMillis: nodes * piece.cpuMillis, memoryMi: nodes * piece.memoryMi };
  let sufficientVcpus = Math.max(Math.floor(peakNodeVcpus) + 1, SMALLEST_NODE * zones);
  while (!fits(pods, { ...cluster, vcpus: sufficientVcpus })) sufficientVcpus += 1;
  return { pods: pods.length, needed: sumOf(pods), offered, piece, sufficientVcpus };
}

/** Adds an issue where the configured images cannot all run, scaled out, on the nodes that were planned. */
export function checkWorkloadCapacity(environment: Environment, ctx: z.RefinementCtx): void {
  const shortage = capacityShortage(environment);
  if (shortage === undefined) return;
  const { pods, needed, offered, piece, sufficientVcpus } = shortage;
  const { peakNodeVcpus, workloads } = environment.platform;
  const { backend, frontend } = workloads.maxReplicas;
  ctx.addIssue({
    code: 'custom',
    path: ['platform', 'peakNodeVcpus'],
    message:
      `at least ${sufficientVcpus}, with a node of ${SMALLEST_NODE} in each of ${environment.network.zones.length} ` +
      `zones: ${pods} pods, scaled out and during a rollout, ask for ${spell(needed)}, and nodes of ${peakNodeVcpus} ` +
      `vCPUs offer ${spell(offered)} in pieces of ${spell(piece)}; or lower platform.workloads.maxReplicas ` +
      `(backend ${backend}, frontend ${frontend})`,
    input: peakNodeVcpus,
  });
}

const spell = ({ cpuMillis, memoryMi }: Capacity): string => `${cpuMillis}m CPU and ${memoryMi} MiB`;
