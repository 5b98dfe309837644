import * as ec2 from 'aws-cdk-lib/aws-ec2';

const CLUSTER = 'Private';
const WORKBENCH = 'Workbench';
const DATA = 'Data';

/** Nodes, pods and their load balancer, and nothing else: the database admits these subnets. */
export const CLUSTER_SUBNETS: ec2.SubnetSelection = { subnetGroupName: CLUSTER };

/** Notebook and training instance, kept apart from the cluster so that they do not reach the database. */
export const WORKBENCH_SUBNETS: ec2.SubnetSelection = { subnetGroupName: WORKBENCH };

/** The database alone; no route leads out of them. */
export const DATA_SUBNETS: ec2.SubnetSelection = { subnetGroupName: DATA };

/**
 * Subnets of each zone. With NAT gateways, cluster and workbench reach out through them, and they are all that the
 * public subnets hold; without, there are no public subnets. The cluster gets what the fixed sizes leave, because
 * every pod takes an address.
 */
export function subnetsFor(natGateways: number): ec2.SubnetConfiguration[] {
  const subnetType = natGateways > 0 ? ec2.SubnetType.PRIVATE_WITH_EGRESS : ec2.SubnetType.PRIVATE_ISOLATED;
  const inside: ec2.SubnetConfiguration[] = [
    { name: DATA, subnetType: ec2.SubnetType.PRIVATE_ISOLATED, cidrMask: 27 },
    { name: WORKBENCH, subnetType, cidrMask: 27 },
    { name: CLUSTER, subnetType },
  ];
  if (natGateways === 0) return inside;
  return [
    { name: 'Public', subnetType: ec2.SubnetType.PUBLIC, mapPublicIpOnLaunch: false, cidrMask: 28 },
    ...inside,
  ];
}
