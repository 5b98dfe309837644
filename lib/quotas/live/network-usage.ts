import {
  DescribeAddressesCommand,
  DescribeSubnetsCommand,
  type Instance,
  type NatGateway,
  paginateDescribeInstances,
  paginateDescribeInternetGateways,
  paginateDescribeNatGateways,
  paginateDescribeVpcEndpoints,
  paginateDescribeVpcs,
} from '@aws-sdk/client-ec2';
import { QUOTA, type QuotaKey } from '../quota-catalogue';
import type { Aws } from '../../aws/session';
import { ReadFailure } from '../../aws/read-failure';
import { everyItem, given, once } from '../../aws/outcome';
import type { Ownership } from './ownership';
import { type UsageReading, countOf, fullestOf, totalOf } from './usage-reading';

/** Families that the quota of Standard instances counts, by first letters. (EC2 L-1216C47A.) */
const STANDARD_FAMILY = /^(a|c|d|h|i|im|is|m|r|t|z)\d/;

/** Tags that EKS puts on the nodes it starts: Auto Mode and managed groups. */
const CLUSTER_TAGS = new Set(['aws:eks:cluster-name', 'eks:eks-cluster-name']);

/** Endpoints that are gone, or never came to be. */
const NO_ENDPOINT = new Set(['deleted', 'failed', 'rejected', 'expired']);

/** On-demand instances of the Standard families; Spot has a quota of its own. */
function isStandard({ InstanceType: type, InstanceLifecycle }: Instance): boolean {
  return type !== undefined && STANDARD_FAMILY.test(type) && InstanceLifecycle === undefined;
}

async function standardVcpus({ ec2: client }: Aws, ownership: Ownership): Promise<UsageReading> {
  const running = { Name: 'instance-state-name', Values: ['pending', 'running'] };
  const reservations = await everyItem(
    paginateDescribeInstances({ client, pageSize: 1000 }, { Filters: [running] }),
    ({ Reservations }) => Reservations,
  );
  const instances = reservations.flatMap(({ Instances }) => Instances ?? []).filter(isStandard);
  const holders = instances.map(({ InstanceId, CpuOptions, Tags: tags = [] }) => ({
    ids: [InstanceId, ...tags.filter(({ Key = '' }) => CLUSTER_TAGS.has(Key)).map(({ Value }) => Value)],
    tags,
    amount: given(CpuOptions?.CoreCount, 'CoreCount') * given(CpuOptions?.ThreadsPerCore, 'ThreadsPerCore'),
  }));
  return totalOf(holders, ownership);
}

/** Zones by subnet, for NAT gateways name only their subnet. */
async function zonesOf({ ec2 }: Aws, gateways: readonly NatGateway[]): Promise<Map<string, string>> {
  const ids = [...new Set(gateways.flatMap(({ SubnetId }) => SubnetId ?? []))];
  if (ids.length === 0) return new Map();
  const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({ SubnetIds: ids }));
  return new Map(Subnets.map(({ SubnetId = '', AvailabilityZone = '' }) => [SubnetId, AvailabilityZone]));
}

async function natGatewaysPerZone(aws: Aws, ownership: Ownership): Promise<UsageReading> {
  // These three states count against the quota. (Amazon VPC user guide, NAT gateway quotas.)
  const counted = { Name: 'state', Values: ['pending', 'available', 'deleting'] };
  const gateways = await everyItem(
    paginateDescribeNatGateways({ client: aws.ec2 }, { Filter: [counted] }),
    ({ NatGateways }) => NatGateways,
  );
  const zones = await zonesOf(aws, gateways);
  const holders = gateways.map(({ NatGatewayId, SubnetId = '', Tags: tags = [] }) => {
    const place = zones.get(SubnetId);
    if (place === undefined) throw new ReadFailure('failed', undefined, 'failed: NAT gateway without a zone');
    return { ids: [NatGatewayId], tags, amount: 1, place };
  });
  return fullestOf(holders, ownership);
}

/** Readers of what holds network quotas and vCPUs. */
export function networkUsage(
  aws: Aws,
  ownership: Ownership,
): Partial<Record<QuotaKey, () => Promise<UsageReading>>> {
  const client = aws.ec2;
  const endpoints = once(async () => {
    const all = await everyItem(
      paginateDescribeVpcEndpoints({ client }, {}),
      ({ VpcEndpoints }) => VpcEndpoints,
    );
    return all
      .filter(({ State = '' }) => !NO_ENDPOINT.has(State.toLowerCase()))
      .map(({ VpcEndpointId, VpcEndpointType: type, VpcId: place = '', Tags: tags = [] }) => ({
        ids: [VpcEndpointId],
        tags,
        amount: 1,
        type,
        place,
      }));
  });
  const endpointsOf = async (type: string) =>
    (await endpoints()).filter((endpoint) => endpoint.type === type);
  return {
    [QUOTA.standardVcpus]: () => standardVcpus(aws, ownership),
    [QUOTA.natGatewaysPerZone]: () => natGatewaysPerZone(aws, ownership),
    [QUOTA.elasticIps]: async () => {
      const { Addresses = [] } = await client.send(new DescribeAddressesCommand({}));
      const owned = Addresses.map(({ AllocationId, PublicIp, Tags: tags = [] }) => ({
        ids: [AllocationId, PublicIp],
        tags,
      }));
      return countOf(owned, ownership);
    },
    [QUOTA.vpcs]: async () => {
      const vpcs = await everyItem(paginateDescribeVpcs({ client }, {}), ({ Vpcs }) => Vpcs);
      return countOf(
        vpcs.map(({ VpcId, Tags: tags = [] }) => ({ ids: [VpcId], tags })),
        ownership,
      );
    },
    [QUOTA.internetGateways]: async () => {
      const pages = paginateDescribeInternetGateways({ client }, {});
      const gateways = await everyItem(pages, ({ InternetGateways }) => InternetGateways);
      return countOf(
        gateways.map(({ InternetGatewayId, Tags: tags = [] }) => ({ ids: [InternetGatewayId], tags })),
        ownership,
      );
    },
    [QUOTA.gatewayEndpoints]: async () => countOf(await endpointsOf('Gateway'), ownership),
    [QUOTA.interfaceEndpointsPerVpc]: async () => fullestOf(await endpointsOf('Interface'), ownership),
  };
}
