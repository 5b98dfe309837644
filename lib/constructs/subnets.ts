import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { SUBNET_MASKS } from '../config/address-plan';
import type { Environment } from '../config/schema';

const NAT = 'Public';
const CLUSTER = 'Private';
const WORKBENCH = 'Workbench';
const DATA = 'Data';
const EDGE = 'Edge';

/** NAT gateways and nothing else. */
export const NAT_SUBNETS: ec2.SubnetSelection = { subnetGroupName: NAT };

/** Nodes, pods and their internal load balancer, and nothing else: the database admits these subnets. */
export const CLUSTER_SUBNETS: ec2.SubnetSelection = { subnetGroupName: CLUSTER };

/** Notebook and training instance, kept apart from the cluster so that they do not reach the database. */
export const WORKBENCH_SUBNETS: ec2.SubnetSelection = { subnetGroupName: WORKBENCH };

/** The database alone; no route leads out of them. */
export const DATA_SUBNETS: ec2.SubnetSelection = { subnetGroupName: DATA };

/** An internet-facing load balancer alone; there are none without one. */
export const EDGE_SUBNETS: ec2.SubnetSelection = { subnetGroupName: EDGE };

/**
 * Subnets of each zone. With NAT gateways, cluster and workbench reach out through them, and they are all that their
 * public subnets hold; an internet-facing load balancer has public subnets of its own. Otherwise nothing is public.
 * The cluster gets what the fixed sizes leave, because every pod takes an address.
 */
export function subnetsFor({ network, platform }: Environment): ec2.SubnetConfiguration[] {
  const { natGateways } = network;
  const subnetType = natGateways > 0 ? ec2.SubnetType.PRIVATE_WITH_EGRESS : ec2.SubnetType.PRIVATE_ISOLATED;
  const open = (name: string, cidrMask: number): ec2.SubnetConfiguration => ({
    name,
    subnetType: ec2.SubnetType.PUBLIC,
    mapPublicIpOnLaunch: false,
    cidrMask,
  });
  return [
    ...(natGateways > 0 ? [open(NAT, SUBNET_MASKS.nat)] : []),
    { name: DATA, subnetType: ec2.SubnetType.PRIVATE_ISOLATED, cidrMask: SUBNET_MASKS.data },
    { name: WORKBENCH, subnetType, cidrMask: SUBNET_MASKS.workbench },
    ...(platform.enabled && platform.loadBalancer.internetFacing ? [open(EDGE, SUBNET_MASKS.edge)] : []),
    { name: CLUSTER, subnetType },
  ];
}
