import { MOST_ZONES } from './network-schema';
import type { Environment } from '../environment';

/**
 * Prefix lengths of the subnets of each zone, in the order in which they get their addresses. Each group has a place for
 * every zone that there can be, and keeps it while the environment has neither the group nor the zone. So no subnet
 * moves when zones, NAT gateways or the platform are added later: a subnet that moves is replaced, with all that stands
 * in it.
 */
export const SUBNET_MASKS = {
  /** NAT gateways alone. */
  nat: 28,
  /** Database instances. */
  data: 27,
  /** Notebook and training instance. */
  workbench: 27,
  /** The load balancer: ELB asks for a /27 with eight free addresses (ELB guide, subnets). */
  edge: 27,
} as const;

/** Addresses that AWS keeps of every subnet (Amazon VPC guide, subnet sizing). */
const RESERVED = 5;
/** What EKS recommends to keep for the control plane's interfaces (EKS user guide, VPC and subnet requirements). */
const CONTROL_PLANE = 16;

/** Addresses of a prefix, /28: EKS Auto Mode gives pods addresses by prefixes (EKS user guide, Auto Mode networking). */
const PREFIX = 16;
/** Pods that Kubernetes puts on a node at the most; EKS recommends it for nodes of less than 30 vCPUs. */
const PODS_PER_NODE = 110;
/** Prefixes that a node holds ahead of its pods. */
const WARM_PREFIXES = 1;
/** A node's interfaces: its own, and a second one for more prefixes. Each takes an address of its own. */
const INTERFACES_PER_NODE = 2;
/** vCPUs of the smallest node that the plan counts with. */
const VCPUS_PER_NODE = 2;
/** Nodes that Auto Mode starts before it drains those they replace. */
const REPLACING_NODES = 1;

/** Addresses of a node that is full: 110 pods are 7 prefixes, with a warm one 128, with its interfaces 130. */
const PER_NODE = (Math.ceil(PODS_PER_NODE / PREFIX) + WARM_PREFIXES) * PREFIX + INTERFACES_PER_NODE;

const sizeOf = (mask: number): number => 2 ** (32 - mask);

/**
 * Prefix length of the cluster's subnets, which share evenly what the fixed ones leave of the VPC's block, rounded
 * down to a power of two.
 *
 * @param cidr block of the VPC
 * @returns undefined for a block that is none
 */
export function clusterMask(cidr: string): number | undefined {
  const vpcMask = Number(cidr.split('/')[1]);
  if (!Number.isInteger(vpcMask)) return undefined;
  const used = Object.values(SUBNET_MASKS)
    .flatMap((mask) => Array.from({ length: MOST_ZONES }, () => sizeOf(mask)))
    // A block starts at a multiple of its size.
    .reduce((next, size) => (Math.ceil(next / size) + 1) * size, 0);
  return 32 - Math.floor(Math.log2((sizeOf(vpcMask) - used) / MOST_ZONES));
}

/**
 * Addresses that each of the cluster's subnets must have: what every zone holds, and all nodes at peak with all
 * of their pods, as one zone may have to take them when the others are out.
 */
export function clusterAddresses({ network, platform }: Environment): number {
  const nodes = Math.ceil(platform.peakNodeVcpus / VCPUS_PER_NODE) + REPLACING_NODES;
  return RESERVED + CONTROL_PLANE + network.interfaceEndpoints.length + nodes * PER_NODE;
}

/** What an address plan lacks; nothing where it suffices. */
export interface AddressShortage {
  /** Addresses that a subnet of the cluster must have. */
  readonly needed: number;
  /** Addresses that it gets. */
  readonly available: number;
  /** Largest prefix length, and so smallest block, of a VPC that suffices; undefined where none of /16 does. */
  readonly sufficientMask?: number;
}

/** Smallest and largest blocks that AWS allows a VPC here. */
const MASKS = [22, 21, 20, 19, 18, 17, 16];

/** Whether the cluster's subnets hold the pods of the planned vCPUs, and which block would. */
export function addressShortage(environment: Environment): AddressShortage | undefined {
  const mask = clusterMask(environment.network.cidr);
  if (!environment.platform.enabled || mask === undefined) return undefined;
  const needed = clusterAddresses(environment);
  const available = sizeOf(mask);
  if (available >= needed) return undefined;
  const sufficientMask = MASKS.find((vpcMask) => sizeOf(clusterMask(`10.0.0.0/${vpcMask}`) ?? 32) >= needed);
  return { needed, available, ...(sufficientMask === undefined ? {} : { sufficientMask }) };
}
