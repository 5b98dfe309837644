import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as rds from 'aws-cdk-lib/aws-rds';
import { findings } from '../../../lib/compliance/apply-compliance';
import { Database } from '../../../lib/constructs/data/database';
import type { Environment } from '../../../lib/config/environment';
import { DATABASE_ENGINE } from '../../../lib/constructs/data/database-engine';
import { CLUSTER_SUBNETS, DATA_SUBNETS } from '../../../lib/constructs/network/subnets';
import { environmentWith, identityStatements } from '../../support/stacks/infrastructure';

/** What the database stands in, and what it admits. */
const SUBNETS = [CLUSTER_SUBNETS, DATA_SUBNETS].map(({ subnetGroupName: name = '' }) => ({
  name,
  subnetType: ec2.SubnetType.PRIVATE_ISOLATED,
}));

interface Given {
  readonly app: App;
  readonly stack: Stack;
  readonly database: Database;
  readonly instance: rds.CfnDBInstance;
}

/** A database with nothing but the network that it stands in. */
function given(settings: Partial<Environment['database']> = {}): Given {
  const app = new App();
  const stack = new Stack(app, 'Data', { env: { region: 'us-east-1' } });
  const vpc = new ec2.Vpc(stack, 'Vpc', { natGateways: 0, subnetConfiguration: SUBNETS });
  const environment = environmentWith({ database: settings });
  const database = new Database(stack, 'Database', { environment, vpc });
  const instance = database.node.findAll().find((construct) => construct instanceof rds.CfnDBInstance);
  if (instance === undefined) throw new Error('no instance');
  return { app, stack, database, instance };
}

function groupOf(database: Database): rds.CfnDBParameterGroup {
  const group = database.node.findAll().find((found) => found instanceof rds.CfnDBParameterGroup);
  if (group === undefined) throw new Error('no parameter group');
  return group;
}

/** Rules of all packs that find fault with a database instance. */
function rulesAgainst(app: App): string[] {
  return findings(app)
    .filter(({ rule }) => rule.includes('RDS'))
    .map(({ rule }) => rule);
}

describe('a planted fault of the database', () => {
  it('is none in the database as it is', () => {
    expect(rulesAgainst(given().app)).toEqual([]);
    expect(() => given().app.synth()).not.toThrow();
  });

  it.each<[string, (planted: Given) => void]>([
    [
      'accepts connections without TLS: rds.force_ssl is "0", not "1"',
      ({ database }) => groupOf(database).addPropertyOverride('Parameters.rds\\.force_ssl', '0'),
    ],
    [
      'accepts connections without TLS: rds.force_ssl is absent',
      ({ database }) => groupOf(database).addPropertyDeletionOverride('Parameters.rds\\.force_ssl'),
    ],
    [
      'does not use its own parameter group, which forces TLS, but "another"',
      ({ instance }) => instance.addPropertyOverride('DBParameterGroupName', 'another'),
    ],
    [
      'does not use its own parameter group, which forces TLS, but absent',
      ({ instance }) => instance.addPropertyDeletionOverride('DBParameterGroupName'),
    ],
    [
      'is public: PubliclyAccessible is true',
      ({ instance }) => instance.addPropertyOverride('PubliclyAccessible', true),
    ],
    [
      'is public: PubliclyAccessible is absent',
      ({ instance }) => instance.addPropertyDeletionOverride('PubliclyAccessible'),
    ],
    [
      'storage is not encrypted: StorageEncrypted is false',
      ({ instance }) => {
        instance.storageEncrypted = false;
      },
    ],
  ])('stops synthesis, also past the packs: one that %s', (message, plant) => {
    const planted = given();
    plant(planted);

    expect(() => planted.app.synth()).toThrow(message);
  });

  it('stops the gate in whatever database it is', () => {
    const app = new App();
    const stack = new Stack(app, 'Stack', { env: { region: 'us-east-1' } });
    const vpc = new ec2.Vpc(stack, 'Vpc', { natGateways: 0, subnetConfiguration: SUBNETS });
    new rds.DatabaseInstance(stack, 'Instance', {
      engine: DATABASE_ENGINE,
      vpc,
      vpcSubnets: DATA_SUBNETS,
      publiclyAccessible: true,
      storageEncrypted: false,
      backupRetention: Duration.days(0),
    });

    expect(rulesAgainst(app)).toEqual(
      expect.arrayContaining([
        'NIST.800.53.R5-RDSInstancePublicAccess',
        'AwsSolutions-RDS2',
        'AwsSolutions-RDS13',
        'NIST.800.53.R5-RDSLoggingEnabled[LogExport::postgresql]',
      ]),
    );
  });
});

describe('the grant to connect', () => {
  const role = (stack: Stack) =>
    new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('pods.eks.amazonaws.com') });

  const users = (stack: Stack) =>
    identityStatements(Template.fromStack(stack))
      .filter(({ Action }) => Action === 'rds-db:connect')
      .map(({ Resource }) => Resource);
  const dbUser = (...path: unknown[]) => ({
    'Fn::Join': [
      '',
      ['arn:', { Ref: 'AWS::Partition' }, ':rds-db:us-east-1:', { Ref: 'AWS::AccountId' }, ...path],
    ],
  });

  it('is for one user of this very instance, by the id that RDS gives it', () => {
    const { stack, database, instance } = given();
    database.grantConnect(role(stack), database.backendUser);

    const id = { 'Fn::GetAtt': [stack.resolve(instance.logicalId) as string, 'DbiResourceId'] };
    expect(users(stack)).toEqual([dbUser(':dbuser:', id, '/xdr_dev_backend')]);
  });

  it.each(['xdr_admin', '*', 'xdr_*', 'xdr_backend/x', 'Xdr', ''])('refuses the user %p', (user) => {
    const { stack, database } = given();

    expect(() => database.grantConnect(role(stack), user)).toThrow(/give a user of its own/);
  });
});
