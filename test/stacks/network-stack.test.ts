import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { clusterMask } from '../../lib/config/network/address-plan';
import { PRIVATE_REACH } from '../../lib/config/network/required-endpoints';
import { NetworkStack } from '../../lib/stacks/network-stack';
import {
  type Changes,
  environmentWith,
  infrastructureWith,
  onlyOne,
  propertiesOf,
  stackWith,
} from '../support/stacks/infrastructure';

const ANYWHERE = '0.0.0.0/0';

/** Template of the network alone. */
function networkWith(changes: Changes): Template {
  return Template.fromStack(
    new NetworkStack(new App(), 'Network', {
      environment: environmentWith(changes),
      env: { region: 'us-east-1' },
    }),
  );
}

describe('the network', () => {
  const { network } = infrastructureWith();

  it('pins the logical id of the VPC, whose replacement would replace everything', () => {
    expect(Object.keys(network.findResources('AWS::EC2::VPC'))).toEqual(['NetworkVpc7FB7348F']);
  });

  it('gives no instance a public address', () => {
    network.allResourcesProperties('AWS::EC2::Subnet', { MapPublicIpOnLaunch: false });
  });

  it('has nothing but NAT gateways in public subnets', () => {
    const stacks = Object.values(infrastructureWith()).map((template) => template.toJSON() as object);
    const inhabitants = stacks.flatMap((template) =>
      Object.values(
        (template as { Resources: Record<string, { Type: string; Properties?: object }> }).Resources,
      )
        .filter(({ Properties }) => JSON.stringify(Properties ?? {}).includes('PublicSubnet'))
        .map(({ Type }) => Type),
    );
    const routing = ['AWS::EC2::Route', 'AWS::EC2::SubnetRouteTableAssociation', 'AWS::EC2::VPCEndpoint'];
    const naming = ['AWS::EC2::Subnet', 'AWS::EC2::RouteTable', 'AWS::EC2::EIP'];

    expect([...new Set(inhabitants)].filter((type) => ![...routing, ...naming].includes(type))).toEqual([
      'AWS::EC2::NatGateway',
    ]);
  });

  it('lies in the configured zones of whatever region it is deployed to, without a look-up', () => {
    const zones = Object.values(propertiesOf(network, 'AWS::EC2::Subnet')).map(
      ({ AvailabilityZone }) => AvailabilityZone,
    );

    expect(new Set(zones.map((zone) => JSON.stringify(zone)))).toEqual(
      new Set(
        ['a', 'b'].map((letter) => JSON.stringify({ 'Fn::Join': ['', [{ Ref: 'AWS::Region' }, letter]] })),
      ),
    );
  });

  it('routes data subnets nowhere', () => {
    const fromData = Object.values(propertiesOf(network, 'AWS::EC2::Route')).filter(({ RouteTableId }) =>
      JSON.stringify(RouteTableId).includes('DataSubnet'),
    );

    expect(fromData).toEqual([]);
  });

  it('has as many NAT gateways as configured', () => {
    network.resourceCountIs('AWS::EC2::NatGateway', 1);
    infrastructureWith({ network: { natGateways: 2 } }).network.resourceCountIs('AWS::EC2::NatGateway', 2);
  });

  it('records accepted and rejected traffic, encrypted and for a limited time', () => {
    expect(onlyOne(network, 'AWS::EC2::FlowLog')).toMatchObject({ ResourceType: 'VPC', TrafficType: 'ALL' });
    expect(onlyOne(network, 'AWS::Logs::LogGroup')).toMatchObject({
      RetentionInDays: 30,
      KmsKeyId: { 'Fn::GetAtt': [expect.stringMatching(/Key/), 'Arn'] },
    });
  });

  it('lets the flow log role write its own log group only, for flow logs of this account only', () => {
    network.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          Match.objectLike({
            Principal: { Service: 'vpc-flow-logs.amazonaws.com' },
            Condition: {
              StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
              ArnLike: { 'aws:SourceArn': { 'Fn::Join': ['', Match.arrayWith([':vpc-flow-log/*'])] } },
            },
          }),
        ],
      },
    });
    const policy = JSON.stringify(onlyOne(network, 'AWS::IAM::Policy')['PolicyDocument']);
    expect(policy).toContain('NetworkFlowLogRecords');
    expect(policy).not.toContain('"Resource":"*"');
  });

  it('reaches S3 without leaving AWS, and writes to buckets of this account alone', () => {
    const endpoints = propertiesOf(network, 'AWS::EC2::VPCEndpoint');
    const [id = ''] = Object.keys(endpoints);
    const { VpcEndpointType, PolicyDocument } = endpoints[id] ?? {};

    expect(Object.keys(endpoints)).toEqual(['NetworkVpcS334FC449B']);
    expect(VpcEndpointType).toBe('Gateway');
    const { Statement } = PolicyDocument as { Statement: Record<string, unknown>[] };
    const [reading, own, answers] = Statement;
    expect(Statement).toHaveLength(3);
    expect(reading).toMatchObject({ Action: ['s3:Get*', 's3:List*'], Resource: '*' });
    expect(own).toMatchObject({
      Action: 's3:*',
      Condition: { StringEquals: { 'aws:ResourceAccount': { Ref: 'AWS::AccountId' } } },
    });
    // Where the function that applies manifests, inside the VPC, answers CloudFormation.
    expect(answers).toMatchObject({ Action: 's3:PutObject' });
    expect(JSON.stringify(answers?.['Resource'])).toMatch(
      /:s3:::cloudformation-custom-resource-response-useast1\/\*"/,
    );
  });

  it('empties the default security group', () => {
    network.resourceCountIs('Custom::VpcRestrictDefaultSG', 1);
  });
});

describe('a network without NAT gateways', () => {
  const network = networkWith({
    network: {
      natGateways: 0,
      zones: ['a', 'b', 'c'],
      cidr: '10.9.0.0/22',
      interfaceEndpoints: ['ecr.api', 'notebook', 'ssm'],
    },
    platform: { enabled: false },
    workbench: { notebook: false, trainer: false },
  });

  it('has no way to the internet at all', () => {
    network.resourceCountIs('AWS::EC2::InternetGateway', 0);
    const routes = Object.values(propertiesOf(network, 'AWS::EC2::Route'));
    expect(routes.filter(({ DestinationCidrBlock }) => DestinationCidrBlock === ANYWHERE)).toEqual([]);
  });

  it('has the configured interface endpoints, which admit HTTPS from inside the VPC only', () => {
    const endpoints = Object.values(propertiesOf(network, 'AWS::EC2::VPCEndpoint'));
    const interfaces = endpoints.filter(({ VpcEndpointType }) => VpcEndpointType === 'Interface');

    expect(interfaces.map(({ ServiceName }) => String(ServiceName)).sort()).toEqual([
      'aws.sagemaker.us-east-1.notebook',
      'com.amazonaws.us-east-1.ecr.api',
      'com.amazonaws.us-east-1.ssm',
    ]);
    expect(interfaces.every(({ PrivateDnsEnabled }) => PrivateDnsEnabled === true)).toBe(true);
    expect(onlyOne(network, 'AWS::EC2::SecurityGroup')['SecurityGroupIngress']).toEqual([
      expect.objectContaining({ CidrIp: '10.9.0.0/22', FromPort: 443, ToPort: 443, IpProtocol: 'tcp' }),
    ]);
  });
});

/** Blocks of all subnets of a group, zone by zone. */
function blocksOf(network: Template, group: string): string[] {
  return Object.entries(propertiesOf(network, 'AWS::EC2::Subnet'))
    .filter(([id]) => id.includes(`Vpc${group}Subnet`))
    .map(([, { CidrBlock }]) => String(CidrBlock));
}

const PUBLIC = {
  enabled: true,
  certificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/0f1e2d3c',
  loadBalancer: { internetFacing: true, allowedCidrs: ['203.0.113.0/24'] },
};

describe('the address plan', () => {
  it.each([
    ['10.9.0.0/22', { natGateways: 0, zones: ['a', 'b', 'c'] }, { enabled: false }],
    ['10.9.0.0/22', { natGateways: 3, zones: ['a', 'b', 'c'] }, { enabled: false }],
    ['10.9.0.0/21', { natGateways: 1, zones: ['a', 'b'] }, { enabled: true }],
    ['10.9.0.0/21', { natGateways: 3, zones: ['a', 'b', 'c'] }, PUBLIC],
    ['10.9.0.0/16', { natGateways: 3, zones: ['a', 'b', 'c'] }, { enabled: true }],
  ])('gives the cluster the subnets that the configuration is checked for: %s', (cidr, shape, platform) => {
    const changes = {
      network: { ...shape, cidr },
      platform,
      workbench: { notebook: false, trainer: false },
    };
    const masks = blocksOf(networkWith(changes), 'Private').map((block) => Number(block.split('/')[1]));

    expect(masks).toEqual(shape.zones.map(() => clusterMask(cidr)));
  });

  it('gives each group its place for three zones: another place would replace the subnets', () => {
    const network = networkWith({ network: { zones: ['a', 'b', 'c'] } });
    const groups = ['Public', 'Data', 'Workbench', 'Edge', 'Private'];

    expect(groups.map((group) => blocksOf(network, group))).toEqual([
      ['10.40.0.0/28', '10.40.0.16/28', '10.40.0.32/28'],
      ['10.40.0.64/27', '10.40.0.96/27', '10.40.0.128/27'],
      ['10.40.0.160/27', '10.40.0.192/27', '10.40.0.224/27'],
      ['10.40.1.0/27', '10.40.1.32/27', '10.40.1.64/27'],
      ['10.40.64.0/18', '10.40.128.0/18', '10.40.192.0/18'],
    ]);
  });
});

describe('a public load balancer', () => {
  it('has public subnets of its own, beside those of the NAT gateways', () => {
    const network = networkWith({ platform: PUBLIC, network: { natGateways: 2 } });
    const gateways = Object.values(propertiesOf(network, 'AWS::EC2::NatGateway'));

    expect(gateways).toHaveLength(2);
    for (const { SubnetId } of gateways) expect(JSON.stringify(SubnetId)).toContain('VpcPublicSubnet');
    network.allResourcesProperties('AWS::EC2::Subnet', { MapPublicIpOnLaunch: false });
  });

  it('leaves all other subnets without a way to the internet where there is no NAT gateway', () => {
    const interfaceEndpoints = [...new Set(PRIVATE_REACH.map(({ service }) => service))];
    const network = networkWith({
      platform: PUBLIC,
      network: { natGateways: 0, interfaceEndpoints },
      workbench: { trainer: false },
    });
    const routes = Object.values(propertiesOf(network, 'AWS::EC2::Route'))
      .filter(({ DestinationCidrBlock }) => DestinationCidrBlock === ANYWHERE)
      .map(({ RouteTableId }) => JSON.stringify(RouteTableId));

    expect(routes).toHaveLength(2);
    for (const table of routes) expect(table).toContain('VpcEdgeSubnet');
    network.resourceCountIs('AWS::EC2::InternetGateway', 1);
  });
});

describe('an environment stack', () => {
  it("is deployed to the environment's account and region", () => {
    stackWith(
      (stack) => {
        expect([stack.account, stack.region]).toEqual(['111122223333', 'eu-central-1']);
      },
      { account: '111122223333', region: 'eu-central-1' },
    );
  });
});
