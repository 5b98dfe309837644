import { statefulState } from '../../../lib/compliance/stateful/index';
import type { StatefulState } from '../../../lib/compliance/stateful/index';

/** A resource of a template that a test may change. */
export interface DraftResource {
  Type: string;
  Properties: Record<string, unknown>;
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
  Metadata?: Record<string, unknown>;
}

type Resources = Record<string, DraftResource>;

/** Two stacks as the CDK writes them: a network, and a database with a bucket on it. */
export interface Draft {
  Network: { Resources: Resources; Outputs: Record<string, unknown> };
  Data: { Resources: Resources };
}

const at = (path: string) => ({ 'aws:cdk:path': `mini-xdr-test/${path}` });
const KEPT = { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' };
const imported = (name: string) => ({ 'Fn::ImportValue': `mini-xdr-test-Network:${name}` });

function network(): Draft['Network'] {
  return {
    Resources: {
      Vpc1: {
        Type: 'AWS::EC2::VPC',
        Metadata: at('Network/Vpc/Resource'),
        Properties: { CidrBlock: '10.0.0.0/16' },
      },
      Subnet1: {
        Type: 'AWS::EC2::Subnet',
        Metadata: at('Network/Vpc/DataSubnet1/Subnet'),
        Properties: { VpcId: { Ref: 'Vpc1' }, CidrBlock: '10.0.1.0/24', AvailabilityZone: 'us-east-1a' },
      },
    },
    Outputs: {
      Subnet: { Value: { Ref: 'Subnet1' }, Export: { Name: 'mini-xdr-test-Network:Subnet1' } },
    },
  };
}

function database(): Resources {
  return {
    Key1: { Type: 'AWS::KMS::Key', Metadata: at('Data/Database/Key/Resource'), Properties: {}, ...KEPT },
    SubnetGroup1: {
      Type: 'AWS::RDS::DBSubnetGroup',
      Metadata: at('Data/Database/Instance/SubnetGroup/Default'),
      Properties: { DBSubnetGroupDescription: 'Subnets', SubnetIds: [imported('Subnet1')] },
    },
    Instance1: {
      Type: 'AWS::RDS::DBInstance',
      Metadata: at('Data/Database/Instance/Resource'),
      DeletionPolicy: 'Snapshot',
      UpdateReplacePolicy: 'Snapshot',
      Properties: {
        BackupRetentionPeriod: 7,
        DBInstanceClass: 'db.t4g.small',
        DBInstanceIdentifier: 'mini-xdr-test',
        DBSubnetGroupName: { Ref: 'SubnetGroup1' },
        DeletionProtection: true,
        DeleteAutomatedBackups: false,
        KmsKeyId: { 'Fn::GetAtt': ['Key1', 'Arn'] },
        Port: '5433',
        StorageEncrypted: true,
      },
    },
  };
}

function others(): Resources {
  return {
    Bucket1: {
      Type: 'AWS::S3::Bucket',
      Metadata: at('Data/Store/Bucket/Resource'),
      ...KEPT,
      Properties: {
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [
            { ServerSideEncryptionByDefault: { KMSMasterKeyID: { 'Fn::GetAtt': ['Key1', 'Arn'] } } },
          ],
        },
        VersioningConfiguration: { Status: 'Enabled' },
      },
    },
    Notebook1: {
      Type: 'AWS::SageMaker::NotebookInstance',
      Metadata: at('Data/Notebook'),
      Properties: {
        InstanceType: 'ml.t3.medium',
        SubnetId: imported('Subnet1'),
        RoleArn: 'role-of-the-notebook',
      },
    },
    Endpoint1: {
      Type: 'AWS::SageMaker::Endpoint',
      Metadata: at('Data/Endpoint'),
      Properties: { EndpointName: 'mini-xdr-test-ddos', EndpointConfigName: 'first' },
    },
  };
}

/** Fresh templates, changed as a test asks. */
export function draft(change: (templates: Draft) => void = () => undefined): Draft {
  const templates: Draft = { Network: network(), Data: { Resources: { ...database(), ...others() } } };
  change(templates);
  return templates;
}

/** State of {@link draft}, read to be compared with an earlier one. */
export function stateOf(change?: (templates: Draft) => void, earlier?: StatefulState): StatefulState {
  // As JSON, the way it comes from a synthesized template.
  const templates = JSON.parse(JSON.stringify(draft(change))) as Parameters<typeof statefulState>[0];
  return statefulState(templates, earlier);
}

/** A resource of a draft. */
export function resource(resources: Resources, id: string): DraftResource {
  const found = resources[id];
  if (found === undefined) throw new Error(`no ${id} in the draft`);
  return found;
}

/** Gives a resource another logical id, as a renamed construct does. */
export function rename(resources: Resources, from: string, to: string): void {
  const text = JSON.stringify(resources).replaceAll(`"${from}"`, `"${to}"`);
  for (const id of Object.keys(resources)) delete resources[id];
  Object.assign(resources, JSON.parse(text));
}
