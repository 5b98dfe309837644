import { SUPPORT } from './support-rules';
import type { TypeRule } from './replacement-rule';

const SWITCH_ON = { safe: 'true', unset: 'false' } as const;
const SWITCH_OFF = { safe: 'false', unset: 'false' } as const;

const STATEFUL: Readonly<Record<string, TypeRule>> = {
  'AWS::RDS::DBInstance': {
    replaces: [
      'AvailabilityZone',
      'BackupTarget',
      'CharacterSetName',
      'CustomIAMInstanceProfile',
      'DBClusterIdentifier',
      'DBClusterSnapshotIdentifier',
      'DBInstanceIdentifier',
      'DBName',
      'DBSnapshotIdentifier',
      'DBSubnetGroupName',
      'DBSystemId',
      'Engine',
      'KmsKeyId',
      'MasterUsername',
      'NcharCharacterSetName',
      'PerformanceInsightsKMSKeyId',
      'Port',
      'RestoreTime',
      'SourceDBClusterIdentifier',
      'SourceDBInstanceAutomatedBackupsArn',
      'SourceDBInstanceIdentifier',
      'SourceDbiResourceId',
      'SourceRegion',
      'StorageEncrypted',
      'StorageType',
      'Timezone',
      'UseLatestRestorableTime',
    ],
    name: 'DBInstanceIdentifier',
    snapshotByDefault: true,
    stake: {
      holds: 'every row of the database, its address and its automated backups',
      instead:
        'take a snapshot, restore it beside the old instance with the new property, move the backend over, then ' +
        'remove the old one in a change of its own',
      guards: {
        DeletionProtection: SWITCH_ON,
        // RDS removes automated backups with the instance unless told otherwise.
        DeleteAutomatedBackups: { safe: 'false', unset: 'true' },
      },
    },
  },
  'AWS::S3::Bucket': {
    replaces: ['BucketName', 'BucketNamePrefix', 'BucketNamespace', 'ObjectLockEnabled'],
    name: 'BucketName',
    stake: {
      holds: 'every object of the bucket and its versions',
      instead:
        'make the new bucket beside the old one, copy the objects, move its users over, then remove the old one',
      keys: [
        'BucketEncryption.ServerSideEncryptionConfiguration.0.ServerSideEncryptionByDefault.KMSMasterKeyID',
      ],
      guards: { 'VersioningConfiguration.Status': { safe: 'Enabled', unset: 'Suspended' } },
    },
  },
  'AWS::KMS::Key': {
    replaces: [],
    stake: {
      holds: 'the means to read anything that was encrypted with the key, backups and snapshots included',
      instead: 'encrypt everything anew under the new key first, and keep the old key until nothing needs it',
      guards: { Enabled: { safe: 'true', unset: 'true' } },
    },
  },
  'AWS::SecretsManager::Secret': {
    replaces: ['Name'],
    name: 'Name',
    stake: {
      holds: 'the secret’s value and its versions',
      instead: 'make the new secret beside the old one, move its readers over, then remove the old one',
      keys: ['KmsKeyId'],
    },
  },
  'AWS::Logs::LogGroup': {
    replaces: ['LogGroupName'],
    name: 'LogGroupName',
    stake: {
      holds: 'the log records up to now',
      instead: 'export the records to a bucket first if they are still needed',
      keys: ['KmsKeyId'],
      guards: { DeletionProtectionEnabled: SWITCH_ON },
    },
  },
  'AWS::ECR::Repository': {
    replaces: ['EncryptionConfiguration', 'RepositoryName'],
    name: 'RepositoryName',
    stake: {
      holds: 'every image of the repository, also those that run',
      instead: 'make the new repository beside the old one, copy the images, move their users over',
      guards: { EmptyOnDelete: SWITCH_OFF },
    },
  },
  'AWS::EKS::Cluster': {
    replaces: [
      'AccessConfig.BootstrapClusterCreatorAdminPermissions',
      'BootstrapSelfManagedAddons',
      'EncryptionConfig',
      'KubernetesNetworkConfig.IpFamily',
      'KubernetesNetworkConfig.ServiceIpv4Cidr',
      'KubernetesNetworkConfig.ServiceIpv6Cidr',
      'Name',
      'OutpostConfig',
      'ResourcesVpcConfig.SecurityGroupIds',
      'ResourcesVpcConfig.SubnetIds',
      'RoleArn',
    ],
    name: 'Name',
    stake: {
      holds:
        'the cluster with all that runs in it, its volumes’ claims, its address and its identity provider',
      instead:
        'build the new cluster beside the old one under another name, move the workloads over, then remove it',
      guards: { DeletionProtection: SWITCH_ON },
    },
  },
  'AWS::EC2::VPC': {
    replaces: ['CidrBlock', 'InstanceTenancy', 'Ipv4IpamPoolId', 'Ipv4NetmaskLength', 'VpcEncryptionControl'],
    stake: {
      holds: 'the network and everything that stands in it: database, cluster, load balancer',
      instead:
        'give the VPC a second range of addresses, or deploy a new environment beside this one and move over',
    },
  },
  'AWS::EC2::Subnet': {
    replaces: [
      'AvailabilityZone',
      'AvailabilityZoneId',
      'CidrBlock',
      'Ipv4IpamPoolId',
      'Ipv4NetmaskLength',
      'Ipv6CidrBlock',
      'Ipv6IpamPoolId',
      'Ipv6Native',
      'Ipv6NetmaskLength',
      'OutpostArn',
      'VpcId',
    ],
    stake: {
      holds:
        'the place of all that stands in it: part of the database, the cluster, the load balancer or NAT',
      instead:
        'add a zone at the end of network.zones only, and leave those that are there in their place; to leave a zone, ' +
        'deploy a new environment beside this one and move over. Subnets of NAT gateways alone may go with them',
    },
  },
  'AWS::SNS::Topic': {
    replaces: ['FifoTopic', 'TopicName'],
    name: 'TopicName',
    stake: {
      holds: 'the topic’s subscriptions, so that alarms reach nobody until each is confirmed again',
      instead:
        'make the new topic beside the old one, have its subscriptions confirmed, then move the alarms over',
    },
  },
  'AWS::SageMaker::NotebookInstance': {
    replaces: [
      'DirectInternetAccess',
      'KmsKeyId',
      'NotebookInstanceName',
      'PlatformIdentifier',
      'SecurityGroupIds',
      'SubnetId',
    ],
    name: 'NotebookInstanceName',
    stake: {
      holds: 'the notebooks and files on its volume',
      instead: 'have what is on the volume committed or copied to the artifact prefix first',
    },
  },
  'AWS::SageMaker::Endpoint': {
    replaces: ['EndpointName'],
    name: 'EndpointName',
    stake: {
      holds: 'the name that callers invoke, with its metrics and scaling so far',
      instead: 'plan on what runs (`--current`), so that an endpoint moves only where that pays',
    },
  },
  'AWS::ElasticLoadBalancingV2::LoadBalancer': {
    replaces: ['Name', 'Scheme', 'Type'],
    name: 'Name',
    stake: {
      holds: 'the load balancer’s DNS name, and every connection through it',
      instead: 'put the new one beside the old one, move DNS over, then remove the old one',
    },
  },
  'AWS::Lambda::Url': {
    replaces: ['Qualifier', 'TargetFunctionArn'],
    stake: {
      holds: 'the address that callers use; a new URL has another host name',
      instead: 'add the new URL beside the old one, move the callers over, then remove the old one',
    },
  },
};

/**
 * What a change of a property does, by type.
 *
 * From CloudFormation's resource specification as the CDK's command line carries it (`aws-cdk/db.json.gz`; a test
 * compares). Where the specification says that a change may replace, it stands here if it can for a resource such as
 * this project's: a person shall look at it.
 */
export const RULES: Readonly<Record<string, TypeRule>> = { ...STATEFUL, ...SUPPORT };

/** For types without a rule that the template keeps on removal: any change of them is taken for a replacement. */
export const UNKNOWN_STAKE = {
  holds: 'what it holds',
  instead: 'find out what CloudFormation does with this change, and move the content first',
} as const;
