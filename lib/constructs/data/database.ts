import { Duration } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import * as rds from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import { acknowledge } from '../../compliance/acknowledge';
import type { Environment } from '../../config/environment';
import { DATABASE_LOGS, databaseLogGroup } from '../../plan/log-group-names';
import { environmentPrefix } from '../../config/resource-names';
import { DATABASE_PORT } from '../../config/workloads/workload-names';
import { DatabaseConnectAccess, MASTER_USER, databaseUser } from './database-connect-access';
import { DatabaseCredentialsAccess } from './database-credentials-access';
import { DATABASE_ENGINE } from './database-engine';
import { DatabaseMonitoringRole } from './database-monitoring-role';
import { DatabaseParameters } from './database-parameters';
import { attachedRemovalPolicyOf } from './database-removal';
import { databaseFaults } from './database-rule';
import { EncryptionKey } from '../common/encryption-key';
import { findingsOf } from '../common/finding-ids';
import { ServiceLogGroup } from '../common/log-group';
import { removalPolicyOf } from '../common/removal-policy';
import { DATA_SUBNETS } from '../network/subnets';

export interface DatabaseProps {
  readonly environment: Environment;
  readonly vpc: ec2.IVpc;
}

/**
 * The platform's PostgreSQL: reachable by what {@link Database.admit} lets in, TLS only, encrypted with a customer key.
 * RDS keeps the master password in Secrets Manager and rotates it every seven days; nobody ever sees it in a template.
 *
 * It carries a name of its own, so that a change which CloudFormation can only make by replacement fails instead of
 * leaving an empty database in place of the old one.
 */
export class Database extends Construct {
  /** Name of the database that the backend uses. */
  readonly databaseName = 'mini_xdr';
  /**
   * PostgreSQL user that the backend connects as with IAM, without a password. RDS makes the master user alone, so
   * the schema has to create it and grant it `rds_iam`.
   */
  readonly backendUser: string;
  /** Its identifier, which is fixed. */
  readonly identifier: string;
  private readonly securityGroup: ec2.SecurityGroup;
  private readonly key: EncryptionKey;
  private readonly credentialsAccess: DatabaseCredentialsAccess;
  private readonly instance: rds.DatabaseInstance;

  constructor(scope: Construct, id: string, props: DatabaseProps) {
    super(scope, id);
    const { environment } = props;
    const name = environmentPrefix(environment.name);
    this.identifier = name;
    this.backendUser = databaseUser(environment.name, 'backend');
    this.key = new EncryptionKey(this, 'Key', {
      environment,
      description: 'Database, its logs and its secret',
    });
    const logGroups = DATABASE_LOGS.map(
      (log) =>
        new ServiceLogGroup(this, `Log-${log}`, {
          environment,
          encryptionKey: this.key,
          logGroupName: databaseLogGroup(environment.name, log),
        }),
    );
    this.securityGroup = this.createSecurityGroup(props);
    this.credentialsAccess = new DatabaseCredentialsAccess(this, 'CredentialsAccess', {
      instanceIdentifier: name,
      encryptionKey: this.key,
    });
    this.instance = this.createInstance(name, props);
    // RDS would otherwise make the log groups itself, without key and retention.
    this.instance.node.addDependency(...logGroups);
    this.keepSubnetsWith(environment);
    acknowledgeFindings(this.instance, environment);
    this.node.addValidation({ validate: () => databaseFaults(this) });
  }

  /** Host and port. */
  get endpoint(): rds.Endpoint {
    return this.instance.instanceEndpoint;
  }

  /**
   * Lets `role` look the instance up (host, port and the secret's ARN come with it) and read the master user's name
   * and password. Connecting also takes a security group rule.
   */
  grantReadCredentials(role: iam.IRole): void {
    role.addManagedPolicy(this.credentialsAccess);
  }

  /**
   * Lets `role` connect as one PostgreSQL user with a token in place of a password. That user must have been granted
   * `rds_iam`. Connecting also takes a security group rule.
   *
   * @param user such as {@link backendUser}
   * @throws Error for the master user, whose password stops working with `rds_iam`, and for what names no user
   */
  grantConnect(role: iam.IRole, user: string): void {
    const id = `ConnectAccess-${user}`;
    const access =
      (this.node.tryFindChild(id) as DatabaseConnectAccess | undefined) ??
      new DatabaseConnectAccess(this, id, { instance: this.instance, user });
    role.addManagedPolicy(access);
  }

  /**
   * Lets members of a security group connect. The rule belongs to the stack of that group, which is deployed after this
   * database and removed before it.
   *
   * @param id of the rule, in the group's scope
   * @param group such as that of the workloads' nodes and pods
   */
  admit(scope: Construct, id: string, group: ec2.ISecurityGroup): ec2.CfnSecurityGroupIngress {
    return new ec2.CfnSecurityGroupIngress(scope, id, {
      groupId: this.securityGroup.securityGroupId,
      sourceSecurityGroupId: group.securityGroupId,
      ipProtocol: 'tcp',
      fromPort: DATABASE_PORT,
      toPort: DATABASE_PORT,
      description: 'From the workloads',
    });
  }

  /** CPU in percent. @default average over 5 minutes */
  metricCpu(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.instance.metricCPUUtilization(options);
  }

  /** Free storage in bytes. @default average over 5 minutes */
  metricFreeStorage(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.instance.metricFreeStorageSpace(options);
  }

  /** Open connections. @default average over 5 minutes */
  metricConnections(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.instance.metricDatabaseConnections(options);
  }

  /** Memory that neither processes nor caches use, in bytes. @default average over 5 minutes */
  metricFreeableMemory(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.instance.metricFreeableMemory(options);
  }

  /** Admits nothing by itself: the groups that may come in exist only after this database. */
  private createSecurityGroup({ vpc, environment }: DatabaseProps): ec2.SecurityGroup {
    const securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc,
      description: 'PostgreSQL of Mini-XDR: from the cluster, nothing outbound',
      allowAllOutbound: false,
    });
    securityGroup.applyRemovalPolicy(attachedRemovalPolicyOf(environment));
    return securityGroup;
  }

  /** The instance makes the subnet group itself; one of another id would be another group, and replace the instance. */
  private keepSubnetsWith(environment: Environment): void {
    const group = this.instance.node.findChild('SubnetGroup') as rds.SubnetGroup;
    group.applyRemovalPolicy(attachedRemovalPolicyOf(environment));
  }

  private createInstance(name: string, { environment, vpc }: DatabaseProps): rds.DatabaseInstance {
    const { instanceType, storageGb, multiAz, backupDays, ...settings } = environment.database;
    const { deletionProtection, onRemoval } = environment.protection;
    return new rds.DatabaseInstance(this, 'Instance', {
      instanceIdentifier: name,
      engine: DATABASE_ENGINE,
      instanceType: new ec2.InstanceType(instanceType.replace(/^db\./, '')),
      vpc,
      vpcSubnets: DATA_SUBNETS,
      securityGroups: [this.securityGroup],
      publiclyAccessible: false,
      port: DATABASE_PORT,
      multiAz,
      databaseName: this.databaseName,
      credentials: rds.Credentials.fromUsername(MASTER_USER, { encryptionKey: this.key }),
      manageMasterUserPassword: true,
      iamAuthentication: true,
      storageType: rds.StorageType.GP3,
      allocatedStorage: storageGb,
      maxAllocatedStorage: settings.maxStorageGb,
      storageEncrypted: true,
      storageEncryptionKey: this.key,
      backupRetention: Duration.days(backupDays),
      preferredBackupWindow: settings.backupWindow,
      preferredMaintenanceWindow: settings.maintenanceWindow,
      copyTagsToSnapshot: true,
      deleteAutomatedBackups: onRemoval === 'destroy',
      deletionProtection,
      removalPolicy: removalPolicyOf(environment, { snapshots: true }),
      parameterGroup: new DatabaseParameters(this, 'Parameters', { environment }),
      autoMinorVersionUpgrade: false,
      cloudwatchLogsExports: [...DATABASE_LOGS],
      enablePerformanceInsights: true,
      performanceInsightEncryptionKey: this.key,
      monitoringInterval: Duration.minutes(1),
      monitoringRole: new DatabaseMonitoringRole(this, 'MonitoringRole', { instanceIdentifier: name }),
    });
  }
}

function acknowledgeFindings(instance: rds.DatabaseInstance, environment: Environment): void {
  const { database, protection } = environment;
  acknowledge(instance, {
    id: findingsOf('RDSInBackupPlan', ['NIST.800.53.R5', 'HIPAA.Security']),
    reason:
      `RDS itself backs up daily and can restore any point of the last ${database.backupDays} days; ` +
      'an AWS Backup plan would hold a second copy in the same account.',
  });
  acknowledge(instance, {
    id: findingsOf('RDSAutomaticMinorVersionUpgradeEnabled', ['HIPAA.Security', 'PCI.DSS.321']),
    reason:
      'The template pins the minor version and alone moves it. RDS upgrading by itself would drift from it, and ' +
      'CloudFormation would then ask for a downgrade, which RDS refuses.',
  });
  if (!database.multiAz) {
    acknowledge(instance, {
      id: ['AwsSolutions-RDS3', ...findingsOf('RDSMultiAZSupport', ['NIST.800.53.R5', 'HIPAA.Security'])],
      reason: 'This environment accepts the loss of one zone (database.multiAz); its data is in the backups.',
    });
  }
  if (!protection.deletionProtection) {
    acknowledge(instance, {
      id: [
        'AwsSolutions-RDS10',
        ...findingsOf('RDSInstanceDeletionProtectionEnabled', ['NIST.800.53.R5', 'HIPAA.Security']),
      ],
      reason: 'This environment is meant to be torn down with its data (protection.deletionProtection).',
    });
  }
}
