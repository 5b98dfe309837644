import { compareStateful, renderStateful } from '../../../lib/compliance/stateful/index';
import { type Draft, rename, resource, stateOf } from './stateful-fixture';

const REVIEWED = stateOf();

const changesOf = (change: (templates: Draft) => void) =>
  compareStateful(REVIEWED, stateOf(change, REVIEWED));

/** Kind, place and changed properties of every loss. */
const lossesOf = (change: (templates: Draft) => void) =>
  changesOf(change).losses.map(
    ({ kind, path, causes }) => `${kind} ${path}: ${causes.map(({ property }) => property).join(' ')}`,
  );

const set = (stack: keyof Draft, id: string, properties: Record<string, unknown>) => (templates: Draft) => {
  Object.assign(resource(templates[stack].Resources, id).Properties, properties);
};

describe('a change that would delete or replace', () => {
  it.each<[string, (templates: Draft) => void, string[]]>([
    [
      'a renamed construct',
      ({ Data }) => rename(Data.Resources, 'Instance1', 'Instance2'),
      ['deleted Data/Database/Instance: logical id'],
    ],
    [
      'a construct that moved to another stack',
      ({ Network, Data }) => {
        Network.Resources['Bucket1'] = resource(Data.Resources, 'Bucket1');
        delete Data.Resources['Bucket1'];
      },
      ['deleted Data/Store/Bucket: logical id'],
    ],
    [
      'another type under the same id',
      ({ Data }) => {
        resource(Data.Resources, 'Endpoint1').Type = 'AWS::SageMaker::InferenceExperiment';
      },
      ['deleted Data/Endpoint: type'],
    ],
    [
      'storage that is not encrypted any more',
      set('Data', 'Instance1', { StorageEncrypted: false }),
      ['replaced Data/Database/Instance: StorageEncrypted'],
    ],
    [
      'a property that is not set any more',
      set('Data', 'Instance1', { KmsKeyId: undefined }),
      ['replaced Data/Database/Instance: KmsKeyId'],
    ],
    [
      'another identifier',
      set('Data', 'Instance1', { DBInstanceIdentifier: 'other' }),
      ['replaced Data/Database/Instance: DBInstanceIdentifier'],
    ],
    [
      'another endpoint name',
      set('Data', 'Endpoint1', { EndpointName: 'mini-xdr-test-all' }),
      ['replaced Data/Endpoint: EndpointName'],
    ],
    [
      'a network of other addresses, with what stands in it by a property that replaces',
      set('Network', 'Vpc1', { CidrBlock: '10.1.0.0/16' }),
      [
        'replaced Data/Notebook: SubnetId',
        'replaced Network/Vpc: CidrBlock',
        'replaced Network/Vpc/DataSubnet1/Subnet: VpcId',
      ],
    ],
    [
      'a subnet in another zone',
      set('Network', 'Subnet1', { AvailabilityZone: 'us-east-1c' }),
      ['replaced Data/Notebook: SubnetId', 'replaced Network/Vpc/DataSubnet1/Subnet: AvailabilityZone'],
    ],
    [
      'a zone that goes, with its subnet',
      ({ Network }) => delete Network.Resources['Subnet1'],
      ['deleted Network/Vpc/DataSubnet1/Subnet: logical id'],
    ],
    [
      'a subnet group of another name, below the database',
      set('Data', 'SubnetGroup1', { DBSubnetGroupName: 'other' }),
      ['replaced Data/Database/Instance: DBSubnetGroupName'],
    ],
    [
      'another key under a bucket and a database, while the old one goes',
      ({ Data }) => rename(Data.Resources, 'Key1', 'Key2'),
      [
        'rekeyed Data/Store/Bucket: ' +
          'BucketEncryption.ServerSideEncryptionConfiguration.0.ServerSideEncryptionByDefault.KMSMasterKeyID',
        'replaced Data/Database/Instance: KmsKeyId',
        'deleted Data/Database/Key: logical id',
      ].sort(),
    ],
  ])('%s is stopped with the resource’s name', (_name, change, expected) => {
    expect(lossesOf(change).sort()).toEqual([...expected].sort());
  });
});

describe('a change that protects less', () => {
  it.each<[string, (templates: Draft) => void, string[]]>([
    [
      'a retain policy that is gone',
      ({ Data }) => {
        delete resource(Data.Resources, 'Bucket1').DeletionPolicy;
        delete resource(Data.Resources, 'Bucket1').UpdateReplacePolicy;
      },
      ['weakened Data/Store/Bucket: DeletionPolicy UpdateReplacePolicy'],
    ],
    [
      'a database without a last snapshot',
      ({ Data }) => {
        resource(Data.Resources, 'Instance1').UpdateReplacePolicy = 'Delete';
      },
      ['weakened Data/Database/Instance: UpdateReplacePolicy'],
    ],
    [
      'deletion protection that is off, backups that go with the database',
      set('Data', 'Instance1', { DeletionProtection: false, DeleteAutomatedBackups: undefined }),
      ['weakened Data/Database/Instance: DeletionProtection DeleteAutomatedBackups'],
    ],
    [
      'a bucket that keeps no versions any more',
      set('Data', 'Bucket1', { VersioningConfiguration: undefined }),
      ['weakened Data/Store/Bucket: VersioningConfiguration.Status'],
    ],
    [
      'a key that is switched off',
      set('Data', 'Key1', { Enabled: false }),
      ['weakened Data/Database/Key: Enabled'],
    ],
  ])('%s: stopped', (_name, change, expected) => {
    expect(lossesOf(change)).toEqual(expected);
  });
});

describe('a change that CloudFormation makes in place', () => {
  it.each<[string, (templates: Draft) => void]>([
    ['nothing', () => undefined],
    ['tags', set('Data', 'Instance1', { Tags: [{ Key: 'Owner', Value: 'security' }] })],
    ['another instance class', set('Data', 'Instance1', { DBInstanceClass: 'db.m7g.large' })],
    ['longer backups', set('Data', 'Instance1', { BackupRetentionPeriod: 30 })],
    ['a port written as a number', set('Data', 'Instance1', { Port: 5433 })],
    ['a model of another endpoint configuration', set('Data', 'Endpoint1', { EndpointConfigName: 'second' })],
    ['another role of the notebook', set('Data', 'Notebook1', { RoleArn: 'another' })],
    ['other subnets of the database', set('Data', 'SubnetGroup1', { SubnetIds: ['subnet-1', 'subnet-2'] })],
    [
      'a subnet group, which holds nothing, that goes with the stack or stays',
      ({ Data }) => {
        resource(Data.Resources, 'SubnetGroup1').DeletionPolicy = 'Retain';
      },
    ],
    ['a switch written as text', set('Data', 'Instance1', { StorageEncrypted: 'true' })],
    [
      'an export of another name for the same subnet',
      ({ Network, Data }) => {
        Network.Outputs['Subnet'] = { Value: { Ref: 'Subnet1' }, Export: { Name: 'renamed' } };
        resource(Data.Resources, 'Notebook1').Properties['SubnetId'] = { 'Fn::ImportValue': 'renamed' };
        resource(Data.Resources, 'SubnetGroup1').Properties['SubnetIds'] = [{ 'Fn::ImportValue': 'renamed' }];
      },
    ],
  ])('%s: passes', (_name, change) => {
    expect(changesOf(change)).toEqual({ losses: [], unreviewed: [] });
  });
});

describe('what is new or safer', () => {
  it('loses nothing, and waits for its review: what nobody reviewed is not held to anything', () => {
    const { losses, unreviewed } = changesOf(({ Data }) => {
      Data.Resources['Topic1'] = { Type: 'AWS::SNS::Topic', Properties: {} };
      resource(Data.Resources, 'Instance1').DeletionPolicy = 'Retain';
    });

    expect(losses).toEqual([]);
    expect(unreviewed).toEqual(['Data.Instance1', 'Data.Topic1']);
  });

  describe('of a type that no rule knows, and that a template retains', () => {
    const table = (ReadCapacity: number, policy: string) => (templates: Draft) => {
      templates.Data.Resources['Table1'] = {
        Type: 'AWS::DynamoDB::Table',
        Properties: { ReadCapacity },
        DeletionPolicy: policy,
        UpdateReplacePolicy: policy,
      };
    };
    const reviewed = stateOf(table(1, 'Retain'));
    const lossesTo = (change: (templates: Draft) => void) =>
      compareStateful(reviewed, stateOf(change, reviewed)).losses;

    it('takes any change for a replacement', () => {
      expect(lossesTo(table(2, 'Retain'))).toMatchObject([
        { kind: 'replaced', id: 'Data.Table1', causes: [{ property: 'ReadCapacity' }] },
      ]);
    });

    it('still knows it once it is not retained any more', () => {
      expect(lossesTo(table(1, 'Delete'))).toMatchObject([{ kind: 'weakened', id: 'Data.Table1' }]);
    });
  });
});

describe('the message', () => {
  const messageOf = (change: (templates: Draft) => void) => renderStateful(changesOf(change));

  it('says which resource, which property from what to what, what is lost and what to do', () => {
    expect(messageOf(set('Data', 'Instance1', { StorageEncrypted: false }))).toBe(
      `Data/Database/Instance would be replaced (AWS::RDS::DBInstance, Data.Instance1)
  changed: StorageEncrypted: true → false
  lost: every row of the database, its address and its automated backups, except for a last snapshot that nothing uses (UpdateReplacePolicy is Snapshot). As its name mini-xdr-test stays the same, CloudFormation refuses, and the deploy fails halfway.
  what to do: Set StorageEncrypted back. If it must change, take a snapshot, restore it beside the old instance with the new property, move the backend over, then remove the old one in a change of its own.`,
    );
  });

  it('names the new id of a renamed construct, and how to keep the old one', () => {
    const message = messageOf(({ Data }) => rename(Data.Resources, 'Bucket1', 'Bucket2'));

    expect(message).toContain('Data/Store/Bucket would be deleted');
    expect(message).toContain('logical id: Data.Bucket1 → Data.Bucket2');
    expect(message).toContain("overrideLogicalId('Bucket1')");
    expect(message).toContain('the old one stays in the account');
  });

  it('says of what has no successor that it is gone', () => {
    expect(
      messageOf(({ Data }) => {
        delete Data.Resources['Endpoint1'];
      }),
    ).toContain('logical id: Data.Endpoint1 → gone');
  });

  it('follows a replacement down to its root', () => {
    expect(messageOf(set('Network', 'Vpc1', { CidrBlock: '10.1.0.0/16' }))).toContain(
      'SubnetId points to Network.Subnet1 (VpcId, through Network.Vpc1 (CidrBlock: 10.0.0.0/16 → 10.1.0.0/16)), ' +
        'which would be replaced',
    );
  });
});
