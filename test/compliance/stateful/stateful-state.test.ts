import { stateOf } from './stateful-fixture';

describe('the reviewed state', () => {
  it('holds what is stateful and what it is built on, and nothing else', () => {
    const state = stateOf(({ Data }) => {
      Data.Resources['Alarm1'] = { Type: 'AWS::CloudWatch::Alarm', Properties: {} };
      Data.Resources['Role1'] = { Type: 'AWS::IAM::Role', Properties: { RoleName: 'nobody-stands-on-it' } };
    });

    expect(Object.keys(state)).toEqual([
      'Data.Bucket1',
      'Data.Endpoint1',
      'Data.Instance1',
      'Data.Key1',
      'Data.Notebook1',
      'Data.SubnetGroup1',
      'Network.Subnet1',
      'Network.Vpc1',
    ]);
  });

  it('is the same for every account and every content of an asset', () => {
    const named = (account: unknown, hash: string) =>
      stateOf(({ Data }) => {
        Data.Resources['Logs'] = {
          Type: 'AWS::Logs::LogGroup',
          Properties: { LogGroupName: { 'Fn::Join': ['-', ['logs', account, hash]] } },
        };
      });
    const [one, other] = [
      named('111111111111', '118bc46206866aa5101d43ae5e890754'),
      named({ Ref: 'AWS::AccountId' }, '60b58a5219c27b993355d3e7dee8ace6'),
    ];

    expect(one).toEqual(other);
    expect(one['Data.Logs']?.properties).toEqual({ LogGroupName: 'logs-<account>-<asset>' });
  });

  it('knows that CloudFormation takes a snapshot of a database without a policy, unless it belongs to a cluster', () => {
    const fate = (properties: Record<string, unknown>) =>
      stateOf(({ Data }) => {
        Data.Resources['Plain'] = { Type: 'AWS::RDS::DBInstance', Properties: properties };
      })['Data.Plain']?.onRemoval;

    expect(fate({})).toBe('Snapshot');
    expect(fate({ DBClusterIdentifier: 'cluster' })).toBe('Delete');
  });

  it('does not depend on the order of properties', () => {
    const role = (policy: Record<string, unknown>) =>
      stateOf(({ Data }) => {
        Data.Resources['Store'] = {
          Type: 'AWS::ECR::Repository',
          Properties: { EncryptionConfiguration: policy },
        };
      });

    expect(role({ EncryptionType: 'KMS', KmsKey: 'key' })).toEqual(
      role({ KmsKey: 'key', EncryptionType: 'KMS' }),
    );
  });
});
