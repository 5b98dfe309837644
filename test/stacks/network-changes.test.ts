import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { PRIVATE_REACH } from '../../lib/config/network/required-endpoints';
import { NetworkStack } from '../../lib/stacks/network-stack';
import {
  type Changes,
  type Infrastructure,
  environmentWith,
  infrastructureWith,
  onlyOne,
  propertiesOf,
} from '../support/stacks/infrastructure';

const TWO = ['a', 'b'];
const THREE = ['a', 'b', 'c'];
const INTERNAL = { enabled: true };
const PUBLIC = {
  enabled: true,
  certificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/0f1e2d3c',
  loadBalancer: { internetFacing: true, allowedCidrs: ['203.0.113.0/24'] },
};

/** Everything that a network without NAT gateways may need. */
const interfaceEndpoints = [...new Set(PRIVATE_REACH.map(({ service }) => service))];

const shape = (zones: string[], natGateways: number, platform: Changes['platform']): Changes => ({
  network: { zones, natGateways, interfaceEndpoints: natGateways > 0 ? [] : interfaceEndpoints },
  platform,
  workbench: { trainer: false },
});

/** Shapes of one network: the last one has every subnet that there can be, the first one the fewest. */
const SHAPES = [
  shape(TWO, 0, { enabled: false }),
  shape(TWO, 0, INTERNAL),
  shape(TWO, 1, INTERNAL),
  shape(TWO, 2, INTERNAL),
  shape(TWO, 2, PUBLIC),
  shape(THREE, 0, INTERNAL),
  shape(THREE, 2, PUBLIC),
];

/** Block and zone of each subnet by logical id, which CloudFormation goes by. */
function subnetsOf(changes: Changes): Record<string, string> {
  const stack = new NetworkStack(new App(), 'Network', {
    environment: environmentWith(changes),
    env: { region: 'us-east-1' },
  });
  const subnets = propertiesOf(Template.fromStack(stack), 'AWS::EC2::Subnet');
  return Object.fromEntries(
    Object.entries(subnets).map(([id, { CidrBlock, AvailabilityZone }]) => [
      id,
      `${JSON.stringify(CidrBlock)} in ${JSON.stringify(AvailabilityZone)}`,
    ]),
  );
}

describe('a change of zones, NAT gateways or platform', () => {
  const subnets = SHAPES.map(subnetsOf);
  /** What each key is found with, over all shapes. */
  const grouped = (pairs: readonly (readonly [string, string])[]): [string, string[]][] => {
    const found = new Map<string, Set<string>>();
    for (const [key, value] of pairs) found.set(key, (found.get(key) ?? new Set<string>()).add(value));
    return [...found].map(([key, values]) => [key, [...values]]);
  };
  const pairs = subnets.flatMap((each) => Object.entries(each));

  it('replaces no subnet: each keeps its block and its zone', () => {
    const places = grouped(pairs);

    expect(places.filter(([, found]) => found.length > 1)).toEqual([]);
    // Five groups in three zones.
    expect(places).toHaveLength(15);
    expect(Object.keys(subnets[0] ?? {})).toHaveLength(6);
  });

  it('puts no subnet on the block that another one has, or had', () => {
    const owners = grouped(pairs.map(([id, place]) => [place.split(' in ')[0] ?? '', id]));

    expect(owners.filter(([, ids]) => ids.length > 1)).toEqual([]);
  });
});

describe('of the stacks that stand on the network,', () => {
  const before = infrastructureWith();
  const exportsOf = ({ network }: Infrastructure): string[] =>
    Object.values(network.toJSON()['Outputs'] as Record<string, { Export?: { Name: unknown } }>)
      .map(({ Export }) => JSON.stringify(Export?.Name))
      .sort();
  const clusterSubnets = ({ platform }: Infrastructure): unknown => {
    const { ResourcesVpcConfig } = onlyOne(platform, 'AWS::EKS::Cluster');
    return (ResourcesVpcConfig as { SubnetIds: unknown }).SubnetIds;
  };

  it('none loses an export that it uses when the load balancer becomes public, or internal again', () => {
    expect(exportsOf(infrastructureWith({ platform: PUBLIC }))).toEqual(exportsOf(before));
  });

  it('the control plane keeps its subnets when a third zone comes, as EKS takes no new zone for it', () => {
    const after = infrastructureWith({ network: { zones: THREE } });

    expect(clusterSubnets(before)).toHaveLength(2);
    expect(clusterSubnets(after)).toEqual(clusterSubnets(before));
  });
});
