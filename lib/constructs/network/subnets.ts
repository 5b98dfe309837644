import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { SUBNET_MASKS } from '../../config/network/address-plan';
import type { Environment } from '../../config/environment';

const NAT = 'Public';
const CLUSTER = 'Private';
const WORKBENCH = 'Workbench';
const DATA = 'Data';
const EDGE = 'Edge';

/** The fewest zones that a control plane of EKS takes subnets of (EKS user guide, VPC and subnet requirements). */
const CONTROL_PLANE_ZONES = 2;

/** NAT gateways and nothing else. */
export const NAT_SUBNETS: ec2.SubnetSelection = { subnetGroupName: NAT };

/** Nodes, pods and interface endpoints. */
export const CLUSTER_SUBNETS: ec2.SubnetSelection = { subnetGroupName: CLUSTER };

/** Notebook and training instance. */
export const WORKBENCH_SUBNETS: ec2.SubnetSelection = { subnetGroupName: WORKBENCH };

/** The database alone; no route leads out of them. */
export const DATA_SUBNETS: ec2.SubnetSelection = { subnetGroupName: DATA };

/** The platform's load balancer alone. A route leads to the internet only where it is internet-facing. */
export const EDGE_SUBNETS: ec2.SubnetSelection = { subnetGroupName: EDGE };

/**
 * Subnets of the first two zones, for the control plane of EKS. EKS takes no subnet of a zone that the cluster was not
 * created with, but runs nodes in any subnet of the VPC (EKS user guide, VPC and subnet requirements). So a third zone
 * can be added later.
 */
export function controlPlaneSubnets(vpc: ec2.IVpc): ec2.SubnetSelection {
  return { subnets: vpc.selectSubnets(CLUSTER_SUBNETS).subnets.slice(0, CONTROL_PLANE_ZONES) };
}

/**
 * Subnets of each zone, in the order in which they get their addresses. A group that the environment does not have
 * keeps its addresses reserved, so that no other subnet moves when the group comes or goes.
 *
 * With NAT gateways, cluster and workbench reach out through them. The load balancer's subnets stay where they are when
 * it becomes public or internal: only their route changes. The cluster gets what the fixed sizes leave, because each
 * pod takes an address.
 */
export function subnetsFor({ network, platform }: Environment): ec2.SubnetConfiguration[] {
  const hasNat = network.natGateways > 0;
  const outbound = hasNat ? ec2.SubnetType.PRIVATE_WITH_EGRESS : ec2.SubnetType.PRIVATE_ISOLATED;
  const isPublic = platform.enabled && platform.loadBalancer.internetFacing;
  const edge = isPublic ? open(EDGE) : { name: EDGE, subnetType: ec2.SubnetType.PRIVATE_ISOLATED };
  return [
    { ...open(NAT), cidrMask: SUBNET_MASKS.nat, reserved: !hasNat },
    { name: DATA, subnetType: ec2.SubnetType.PRIVATE_ISOLATED, cidrMask: SUBNET_MASKS.data },
    { name: WORKBENCH, subnetType: outbound, cidrMask: SUBNET_MASKS.workbench },
    { ...edge, cidrMask: SUBNET_MASKS.edge, reserved: !platform.enabled },
    { name: CLUSTER, subnetType: outbound },
  ];
}

/** A subnet with a route to the internet, which gives public addresses only to what asks for one. */
function open(name: string): ec2.SubnetConfiguration {
  return { name, subnetType: ec2.SubnetType.PUBLIC, mapPublicIpOnLaunch: false };
}
