import { Match } from 'aws-cdk-lib/assertions';
import { infrastructureWith, onlyOne, propertiesOf, stackWith } from './infrastructure';

const ANYWHERE = '0.0.0.0/0';

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

  it('reaches S3 without leaving AWS, and empties the default security group', () => {
    network.hasResourceProperties('AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Gateway' });
    network.resourceCountIs('Custom::VpcRestrictDefaultSG', 1);
  });
});

describe('a network without NAT gateways', () => {
  const { network } = infrastructureWith({
    network: {
      natGateways: 0,
      zones: ['a', 'b', 'c'],
      cidr: '10.9.0.0/22',
      interfaceEndpoints: ['ecr.api', 'notebook', 'ssm'],
    },
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

describe('the address plan', () => {
  it.each([
    ['10.9.0.0/22', 0, 24],
    ['10.9.0.0/22', 3, 24],
    ['10.9.0.0/16', 3, 18],
  ])('leaves the clusters of three zones most of %s (NAT gateways: %d)', (cidr, natGateways, clusterMask) => {
    const { network } = infrastructureWith({ network: { cidr, natGateways, zones: ['a', 'b', 'c'] } });
    const masks = Object.entries(propertiesOf(network, 'AWS::EC2::Subnet'))
      .filter(([id]) => id.includes('PrivateSubnet'))
      .map(([, { CidrBlock }]) => Number(String(CidrBlock).split('/')[1]));

    expect(masks).toEqual([clusterMask, clusterMask, clusterMask]);
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
