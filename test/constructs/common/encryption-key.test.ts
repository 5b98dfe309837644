import { Match } from 'aws-cdk-lib/assertions';
import { EncryptionKey } from '../../../lib/constructs/common/encryption-key';
import { type Changes, stackWith } from '../../support/stacks/infrastructure';

const keyWith = (use: (key: EncryptionKey) => void = () => {}, changes: Changes = {}) =>
  stackWith((stack, environment) => {
    use(new EncryptionKey(stack, 'Key', { environment, description: 'A test' }));
  }, changes);

describe('an encryption key', () => {
  it('rotates and has an alias that spells environment and place', () => {
    const template = keyWith();

    template.hasResourceProperties('AWS::KMS::Key', { EnableKeyRotation: true });
    template.hasResourceProperties('AWS::KMS::Alias', { AliasName: 'alias/mini-xdr/dev/stack/key' });
  });

  it('admits no service unless asked to', () => {
    keyWith().hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: { Statement: [Match.objectLike({ Action: 'kms:*' })] },
    });
  });

  it("admits CloudWatch Logs once, for this account's log groups only", () => {
    const template = keyWith((key) => {
      key.allowCloudWatchLogs();
      key.allowCloudWatchLogs();
    });

    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: [
          Match.anyValue(),
          Match.objectLike({
            Principal: { Service: 'logs.us-east-1.amazonaws.com' },
            Condition: {
              ArnLike: {
                'kms:EncryptionContext:aws:logs:arn': {
                  'Fn::Join': ['', Match.arrayWith([{ Ref: 'AWS::AccountId' }, ':log-group:*'])],
                },
              },
            },
          }),
        ],
      },
    });
  });

  it.each([
    ['cloudwatch.amazonaws.com', ':alarm:*', (key: EncryptionKey) => key.allowCloudWatchAlarms()],
    ['budgets.amazonaws.com', ':*', (key: EncryptionKey) => key.allowBudgets()],
  ])("admits %s for this account's own resources only", (service, suffix, allow) => {
    keyWith(allow).hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
            Principal: { Service: service },
            Condition: {
              StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
              ArnLike: { 'aws:SourceArn': { 'Fn::Join': ['', Match.arrayWith([suffix])] } },
            },
          }),
        ]),
      },
    });
  });

  it.each([
    ['destroy', 'Delete', 'Delete'],
    ['retain', 'RetainExceptOnCreate', 'Retain'],
    ['snapshot', 'RetainExceptOnCreate', 'Retain'],
  ] as const)('is treated on %s as what it encrypts: %s', (onRemoval, policy, replaced) => {
    const template = keyWith(() => {}, { protection: { onRemoval } });

    template.hasResource('AWS::KMS::Key', { DeletionPolicy: policy, UpdateReplacePolicy: replaced });
  });
});
