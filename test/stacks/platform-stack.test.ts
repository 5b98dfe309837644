import { Match, type Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import {
  actionsOf,
  identityStatements,
  infrastructureWith,
  onlyOne,
  propertiesOf,
} from '../support/stacks/infrastructure';

const CERTIFICATE = 'arn:aws:acm:us-east-1:111122223333:certificate/0f1e2d3c';
const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';

/** What answers inference requests, as far as the platform can tell. */
const grantInvoke = (grantee: iam.IGrantable) =>
  iam.Grant.addToPrincipal({ grantee, actions: ['lambda:InvokeFunction'], resourceArns: ['arn:aws:x'] });

const invokeEndpoint = (grantee: iam.IGrantable) =>
  iam.Grant.addToPrincipal({ grantee, actions: ['sagemaker:InvokeEndpoint'], resourceArns: ['arn:aws:y'] });

/** ARN of something of IAM in the partition and account that are deployed to. */
const ownArn = (resource: string) => ({
  'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::', { Ref: 'AWS::AccountId' }, resource]],
});

/** What the pods may do: every statement but those on the cluster's own key, which are the control plane's. */
const podStatements = (platform: Template) =>
  identityStatements(platform).filter(({ Resource }) => !JSON.stringify(Resource).includes('ClusterKey'));

describe('the cluster', () => {
  const { platform } = infrastructureWith();
  const cluster = onlyOne(platform, 'AWS::EKS::Cluster');
  const administrator = { 'Fn::GetAtt': [expect.stringMatching(/^ClusterAdministratorRole/), 'Arn'] };

  it('keeps its logical id and its name', () => {
    expect(Object.keys(platform.findResources('AWS::EKS::Cluster'))).toEqual(['ClusterC2E21B66']);
    expect(cluster['Name']).toBe('mini-xdr-dev');
  });

  it('answers inside the VPC only', () => {
    expect(cluster['ResourcesVpcConfig']).toMatchObject({
      EndpointPrivateAccess: true,
      EndpointPublicAccess: false,
    });
  });

  it('encrypts its secrets, logs everything, and runs its own nodes (Auto Mode)', () => {
    expect(cluster).toMatchObject({
      Version: '1.36',
      EncryptionConfig: [{ Provider: { KeyArn: expect.anything() }, Resources: ['secrets'] }],
      ComputeConfig: { Enabled: true },
      UpgradePolicy: { SupportType: 'STANDARD' },
    });
    expect(JSON.stringify(cluster['Logging']).match(/"Type"/g)).toHaveLength(5);
    platform.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: '/aws/eks/mini-xdr-dev/cluster',
      KmsKeyId: Match.anyValue(),
    });
  });

  it('is administered by a role of its own alone, not by whoever deployed it', () => {
    expect(cluster['AccessConfig']).toMatchObject({
      AuthenticationMode: 'API',
      BootstrapClusterCreatorAdminPermissions: false,
    });
    expect(onlyOne(platform, 'AWS::EKS::AccessEntry')).toMatchObject({
      PrincipalArn: administrator,
      AccessPolicies: [
        {
          AccessScope: { Type: 'cluster' },
          PolicyArn: {
            'Fn::Join': [
              '',
              ['arn:', { Ref: 'AWS::Partition' }, expect.stringMatching(/AmazonEKSClusterAdminPolicy$/)],
            ],
          },
        },
      ],
    });
  });

  it('lets roles of the account be that administrator, and users who signed in with MFA', () => {
    const role = Object.values(propertiesOf(platform, 'AWS::IAM::Role')).find(({ Description }) =>
      String(Description).startsWith('Administers the cluster'),
    );
    const statement = (Condition: object) => ({
      Action: 'sts:AssumeRole',
      Effect: 'Allow',
      Principal: { AWS: ownArn(':root') },
      Condition,
    });
    expect(role).toEqual({
      Description: 'Administers the cluster mini-xdr-dev',
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          statement({ Bool: { 'aws:MultiFactorAuthPresent': 'true' } }),
          statement({ ArnLike: { 'aws:PrincipalArn': ownArn(':role/*') } }),
        ],
      },
    });
    expect(platform.toJSON()).toMatchObject({ Outputs: { AdministratorRole: { Value: administrator } } });
  });

  it.each([
    ['role/operations/administrator', ownArn(':role/operations/administrator')],
    ['arn:aws:iam::111122223333:role/administrator', 'arn:aws:iam::111122223333:role/administrator'],
  ])('is administered by %s of its own account where an ARN names no other', (adminPrincipal, expected) => {
    const { platform: changed } = infrastructureWith({ platform: { adminPrincipal } });

    expect(onlyOne(changed, 'AWS::EKS::AccessEntry')['PrincipalArn']).toEqual(expected);
    expect(JSON.stringify(changed)).not.toContain('Administers the cluster');
  });

  it('trusts EKS with the control plane role for this cluster only', () => {
    platform.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          Match.objectLike({
            Principal: { Service: 'eks.amazonaws.com' },
            Condition: {
              StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
              ArnLike: { 'aws:SourceArn': { 'Fn::Join': ['', Match.arrayWith([':cluster/mini-xdr-dev'])] } },
            },
          }),
        ],
      },
    });
  });

  it('marks no public subnet as a place for load balancers', () => {
    expect(JSON.stringify(infrastructureWith().network.toJSON())).not.toContain('kubernetes.io/role/elb');
  });
});

describe('the load balancer', () => {
  const { platform } = infrastructureWith({ platform: { certificateArn: CERTIFICATE } });
  const attributes = (template = platform) =>
    Object.fromEntries(
      (
        onlyOne(template, 'AWS::ElasticLoadBalancingV2::LoadBalancer')['LoadBalancerAttributes'] as {
          Key: string;
          Value: unknown;
        }[]
      ).map(({ Key, Value }) => [Key, Value]),
    );

  it('keeps its logical id: another would be another load balancer under another name', () => {
    expect(Object.keys(platform.findResources('AWS::ElasticLoadBalancingV2::LoadBalancer'))).toEqual([
      'LoadBalancer8E47CE52',
    ]);
  });

  it('is internal, admits the VPC only, and drops malformed requests', () => {
    platform.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', { Scheme: 'internal' });
    platform.hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: Match.stringLikeRegexp('^Load balancer'),
      SecurityGroupIngress: [80, 443].map((port) =>
        Match.objectLike({ CidrIp: '10.40.0.0/16', FromPort: port, ToPort: port }),
      ),
    });
    expect(attributes()).toMatchObject({
      'routing.http.drop_invalid_header_fields.enabled': 'true',
      'routing.http.desync_mitigation_mode': 'strictest',
    });
  });

  it('reaches nodes and pods on the ports of the services alone, and is no member of their group', () => {
    const workloads = { 'Fn::GetAtt': [expect.stringMatching(/^ClusterWorkloads/), 'GroupId'] };
    const own = { 'Fn::GetAtt': [expect.stringMatching(/^LoadBalancerSecurityGroup/), 'GroupId'] };
    const { SecurityGroups } = onlyOne(platform, 'AWS::ElasticLoadBalancingV2::LoadBalancer');
    const to = Object.values(propertiesOf(platform, 'AWS::EC2::SecurityGroupEgress'));
    const from = Object.values(propertiesOf(platform, 'AWS::EC2::SecurityGroupIngress')).filter(
      ({ Description }) => Description === 'Load balancer to pods',
    );

    expect(SecurityGroups).toEqual([own]);
    // Made without a rule, the group would get one from EC2 that allows everything.
    platform.hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: Match.stringLikeRegexp('^Load balancer'),
      SecurityGroupEgress: [Match.objectLike({ CidrIp: '255.255.255.255/32' })],
    });
    expect(to).toEqual(
      [8000, 3000].map((port) =>
        expect.objectContaining({
          GroupId: own,
          DestinationSecurityGroupId: workloads,
          FromPort: port,
          ToPort: port,
        }),
      ),
    );
    expect(from).toEqual(
      [8000, 3000].map((port) =>
        expect.objectContaining({
          GroupId: workloads,
          SourceSecurityGroupId: own,
          FromPort: port,
          ToPort: port,
        }),
      ),
    );
  });

  it('logs every request into the environment’s log bucket', () => {
    expect(attributes()).toMatchObject({
      'access_logs.s3.enabled': 'true',
      'access_logs.s3.bucket': { 'Fn::ImportValue': expect.stringContaining('ModelStore') },
      'access_logs.s3.prefix': 'load-balancer',
    });
  });

  it.each([true, false])('can be deleted as the configuration says (protected: %s)', (deletionProtection) => {
    const { platform: changed } = infrastructureWith({ protection: { deletionProtection } });

    expect(attributes(changed)['deletion_protection.enabled']).toBe(String(deletionProtection));
  });

  it.each([
    [8000, '/health'],
    [3000, '/'],
  ])('checks the pods on port %d at %s', (Port, HealthCheckPath) => {
    platform.hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
      Port,
      HealthCheckPath,
      TargetType: 'ip',
    });
  });

  it('sends API paths to the backend and everything else to the frontend', () => {
    const rules = Object.values(propertiesOf(platform, 'AWS::ElasticLoadBalancingV2::ListenerRule'));
    const paths = rules.flatMap(({ Conditions }) =>
      (Conditions as { PathPatternConfig: { Values: string[] } }[]).flatMap(
        ({ PathPatternConfig }) => PathPatternConfig.Values,
      ),
    );

    expect(paths.sort()).toEqual(
      ['/api/*', '/health', '/incidents', '/incidents/*', '/ingest', '/ingest/*'].sort(),
    );
    for (const { Actions } of rules) expect(JSON.stringify(Actions)).toContain('LoadBalancerBackend');
    platform.hasResourceProperties(LISTENER, {
      Port: 443,
      DefaultActions: [
        Match.objectLike({ TargetGroupArn: { Ref: Match.stringLikeRegexp('LoadBalancerFrontend') } }),
      ],
    });
  });

  it('speaks TLS and redirects everything else to it', () => {
    platform.hasResourceProperties(LISTENER, {
      Port: 443,
      Protocol: 'HTTPS',
      Certificates: [{ CertificateArn: CERTIFICATE }],
      SslPolicy: Match.stringLikeRegexp('TLS13-1-2'),
    });
    platform.hasResourceProperties(LISTENER, {
      Port: 80,
      DefaultActions: [{ Type: 'redirect', RedirectConfig: Match.objectLike({ Protocol: 'HTTPS' }) }],
    });
    platform.resourceCountIs(LISTENER, 2);
  });

  it('listens to nothing without a certificate, because nothing crosses the system in the clear', () => {
    const { platform: plain } = infrastructureWith();

    plain.resourceCountIs(LISTENER, 0);
  });
});

describe("the backend's identity", () => {
  it('belongs to one service account of one namespace of this cluster', () => {
    const { platform } = infrastructureWith();

    platform.hasResourceProperties('AWS::EKS::PodIdentityAssociation', {
      Namespace: 'mini-xdr',
      ServiceAccount: 'backend',
    });
    platform.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          Match.objectLike({
            Action: ['sts:AssumeRole', 'sts:TagSession'],
            Principal: { Service: 'pods.eks.amazonaws.com' },
            Condition: {
              StringEquals: {
                'aws:RequestTag/eks-cluster-arn': { 'Fn::GetAtt': ['ClusterC2E21B66', 'Arn'] },
                'aws:RequestTag/kubernetes-namespace': 'mini-xdr',
                'aws:RequestTag/kubernetes-service-account': 'backend',
              },
            },
          }),
        ],
      },
    });
  });

  it('may connect to its database as its own user, and invoke what it is given', () => {
    const inference = { grantInvoke, functionArn: 'arn:aws:x' };
    const { platform } = infrastructureWith({}, { inference, endpoints: [{ grantInvoke: invokeEndpoint }] });

    expect(actionsOf(podStatements(platform))).toEqual(['lambda:InvokeFunction', 'sagemaker:InvokeEndpoint']);
    expect(policiesOf(platform, 'backend')).toEqual([imported('DatabaseConnectAccessxdrdevbackend')]);
  });

  it('reaches no database and invokes nothing where there is none', () => {
    const { platform } = infrastructureWith({}, { database: undefined });

    expect(actionsOf(podStatements(platform))).toEqual([]);
    expect(policiesOf(platform, 'backend')).toBeUndefined();
  });
});

describe("the migration's identity", () => {
  it("alone reads the master's password, and nothing else", () => {
    const { platform } = infrastructureWith();

    platform.hasResourceProperties('AWS::EKS::PodIdentityAssociation', {
      Namespace: 'mini-xdr',
      ServiceAccount: 'migration',
    });
    expect(policiesOf(platform, 'migration')).toEqual([imported('DatabaseCredentialsAccess')]);
  });
});

/** Managed policies of the role of a service account's pods. */
function policiesOf(platform: Template, serviceAccount: string): unknown {
  return Object.values(propertiesOf(platform, 'AWS::IAM::Role')).find(
    ({ Description }) => Description === `Pods of mini-xdr/${serviceAccount}`,
  )?.['ManagedPolicyArns'];
}

const imported = (policy: string) => ({ 'Fn::ImportValue': expect.stringContaining(policy) as unknown });

it('no role of these stacks holds a FullAccess policy', () => {
  for (const template of Object.values(infrastructureWith())) {
    expect(JSON.stringify(template.toJSON())).not.toContain('FullAccess');
  }
});
