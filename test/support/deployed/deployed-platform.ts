import type { Environment } from '../../../lib/config/environment';
import { environmentPrefix } from '../../../lib/config/resource-names';
import { PORTS } from '../../../lib/config/workloads/workload-names';
import type { Handler } from '../aws/page';
import { page } from '../aws/page';
import { type AwsObject, AwsRefusal } from '../aws/protocol';

/** A stack's resources: what the template says of each, and its physical id. */
export type StackResources = Record<string, { type: string; physical: string; properties: object }>;

/** What stands in an account of the platform and the database. */
export interface DeployedPlatform {
  /** Resources by name of the stack. */
  readonly stacks: Record<string, StackResources>;
  cluster: AwsObject;
  /** Principals that may enter the cluster. */
  readonly principals: string[];
  loadBalancer: AwsObject;
  readonly listeners: AwsObject[];
  /** State, reason and zone of each pod, by ARN of its target group. */
  readonly targets: Record<string, { State: string; Reason?: string; zone?: string }[]>;
  database: AwsObject;
}

const ACCOUNT = '123456789012';
const ELB = `arn:aws:elasticloadbalancing:us-east-1:${ACCOUNT}`;
const LOAD_BALANCER = `${ELB}:loadbalancer/app/platform/50dc6c495c0c9188`;
export const TARGET_GROUPS = {
  backend: `${ELB}:targetgroup/backend/73e2d6bc24d8a067`,
  frontend: `${ELB}:targetgroup/frontend/943f017f100becff`,
} as const;
export const ROLE = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;
const ADMINISTRATOR = ROLE('mini-xdr-administrator');
const DEPLOYER = ROLE('deployer-AbC');

function platformResources(name: string): StackResources {
  const group = (workload: keyof typeof PORTS) => ({
    type: 'AWS::ElasticLoadBalancingV2::TargetGroup',
    physical: TARGET_GROUPS[workload],
    properties: { Port: PORTS[workload] },
  });
  const entry = (principal: string) => ({
    type: 'AWS::EKS::AccessEntry',
    physical: `${principal}|${name}`,
    properties: {},
  });
  return {
    ControlPlane: { type: 'AWS::IAM::Role', physical: 'control-plane-AbC', properties: {} },
    Nodes: { type: 'AWS::IAM::Role', physical: 'nodes-AbC', properties: {} },
    Cluster: {
      type: 'AWS::EKS::Cluster',
      physical: name,
      properties: {
        RoleArn: { 'Fn::GetAtt': ['ControlPlane', 'Arn'] },
        ComputeConfig: { NodeRoleArn: { 'Fn::GetAtt': ['Nodes', 'Arn'] } },
      },
    },
    Administrator: entry(ADMINISTRATOR),
    Deployer: entry(DEPLOYER),
    LoadBalancer: {
      type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
      physical: LOAD_BALANCER,
      properties: {},
    },
    Backend: group('backend'),
    Frontend: group('frontend'),
  };
}

function dataResources(name: string): StackResources {
  return {
    Instance: {
      type: 'AWS::RDS::DBInstance',
      physical: name,
      properties: {
        EngineVersion: '17.9',
        DBParameterGroupName: { Ref: 'Parameters' },
      },
    },
    Parameters: { type: 'AWS::RDS::DBParameterGroup', physical: 'own-group', properties: {} },
  };
}

function listenersOf(certificate: string | undefined): AwsObject[] {
  if (certificate === undefined) return [];
  const redirect = { Type: 'redirect', RedirectConfig: { StatusCode: 'HTTP_301' } };
  return [
    { ListenerArn: 'http', Port: 80, Protocol: 'HTTP', DefaultActions: { member: redirect } },
    {
      ListenerArn: 'https',
      Port: 443,
      Protocol: 'HTTPS',
      SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-Res-2021-06',
      Certificates: { member: { CertificateArn: certificate } },
      DefaultActions: { member: { Type: 'forward' } },
    },
  ];
}

/** Platform and database of an environment, exactly as it describes them. */
export function deployedPlatform(environment: Environment): DeployedPlatform {
  const { platform, database, protection } = environment;
  const name = environmentPrefix(environment.name);
  const healthy = () => [
    { State: 'healthy', zone: 'us-east-1a' },
    { State: 'healthy', zone: 'us-east-1b' },
  ];
  return {
    stacks: {
      [`${name}-Platform`]: platformResources(name),
      [`${name}-Data`]: dataResources(name),
    },
    cluster: {
      name,
      arn: `arn:aws:eks:us-east-1:${ACCOUNT}:cluster/${name}`,
      status: 'ACTIVE',
      version: platform.kubernetesVersion,
      resourcesVpcConfig: { endpointPublicAccess: false, endpointPrivateAccess: true },
      encryptionConfig: [{ resources: ['secrets'], provider: { keyArn: 'key' } }],
      upgradePolicy: { supportType: 'STANDARD' },
      accessConfig: { authenticationMode: 'API' },
    },
    principals: [
      ADMINISTRATOR,
      DEPLOYER,
      ROLE('control-plane-AbC'),
      ROLE('nodes-AbC'),
      ROLE('aws-service-role/eks.amazonaws.com/AWSServiceRoleForAmazonEKS'),
    ],
    loadBalancer: {
      LoadBalancerArn: LOAD_BALANCER,
      Scheme: platform.loadBalancer.internetFacing ? 'internet-facing' : 'internal',
      State: { Code: 'active' },
      Type: 'application',
    },
    listeners: listenersOf(platform.certificateArn),
    targets: { [TARGET_GROUPS.backend]: healthy(), [TARGET_GROUPS.frontend]: healthy() },
    database: {
      DBInstanceIdentifier: name,
      DBInstanceStatus: 'available',
      Engine: 'postgres',
      EngineVersion: '17.9',
      PubliclyAccessible: false,
      StorageEncrypted: true,
      IAMDatabaseAuthenticationEnabled: true,
      DeletionProtection: protection.deletionProtection,
      BackupRetentionPeriod: database.backupDays,
      DBParameterGroups: {
        DBParameterGroup: {
          DBParameterGroupName: 'own-group',
          ParameterApplyStatus: 'in-sync',
        },
      },
      PendingModifiedValues: {},
    },
  };
}

/** Answers of AWS on a platform and a database; an instance, a cluster or a load balancer that is empty is gone. */
export function platformHandlers(account: DeployedPlatform): Readonly<Record<string, Handler>> {
  const there = (one: AwsObject, code: string): AwsObject => {
    if (Object.keys(one).length > 0) return one;
    throw new AwsRefusal(code, 'There is none.', 404);
  };
  return {
    'eks:DescribeCluster': () => ({ cluster: there(account.cluster, 'ResourceNotFoundException') }),
    'eks:ListAccessEntries': (_world, { nextToken }) => {
      there(account.cluster, 'ResourceNotFoundException');
      const { items, next } = page(account.principals, nextToken, 2);
      return { accessEntries: items, nextToken: next };
    },
    'elasticloadbalancing:DescribeLoadBalancers': () => ({
      LoadBalancers: { member: there(account.loadBalancer, 'LoadBalancerNotFound') },
    }),
    'elasticloadbalancing:DescribeListeners': (_world, { Marker }) => {
      there(account.loadBalancer, 'LoadBalancerNotFound');
      const { items, next } = page(account.listeners, Marker, 1);
      return { Listeners: { member: items }, NextMarker: next };
    },
    'elasticloadbalancing:DescribeTargetHealth': (_world, { TargetGroupArn }) => {
      const targets = account.targets[String(TargetGroupArn)];
      if (targets === undefined) throw new AwsRefusal('TargetGroupNotFound', 'There is none.');
      return {
        TargetHealthDescriptions: {
          member: targets.map(({ zone, ...health }, at) => ({
            Target: { Id: `10.0.0.${at}`, ...(zone === undefined ? {} : { AvailabilityZone: zone }) },
            TargetHealth: health,
          })),
        },
      };
    },
    'rds:DescribeDBInstances': (_world, { DBInstanceIdentifier }) => {
      const instance = there(account.database, 'DBInstanceNotFound');
      if (instance['DBInstanceIdentifier'] !== DBInstanceIdentifier) {
        throw new AwsRefusal(
          'DBInstanceNotFound',
          `DBInstance ${String(DBInstanceIdentifier)} not found.`,
          404,
        );
      }
      return { DBInstances: { DBInstance: instance } };
    },
  };
}
