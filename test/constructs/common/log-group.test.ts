import { Match } from 'aws-cdk-lib/assertions';
import { EncryptionKey } from '../../../lib/constructs/common/encryption-key';
import { ServiceLogGroup } from '../../../lib/constructs/common/log-group';
import { stackWith } from '../../support/stacks/infrastructure';

describe('a service log group', () => {
  it.each([30, 90, 180, 365, 731] as const)('keeps its events %d days under the customer key', (days) => {
    const template = stackWith(
      (stack, environment) => {
        const encryptionKey = new EncryptionKey(stack, 'Key', { environment, description: 'A test' });
        new ServiceLogGroup(stack, 'Logs', { environment, encryptionKey });
      },
      { operations: { logRetentionDays: days } },
    );

    template.hasResourceProperties('AWS::Logs::LogGroup', {
      RetentionInDays: days,
      KmsKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Key'), 'Arn'] },
    });
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({ Principal: { Service: 'logs.us-east-1.amazonaws.com' } }),
        ]),
      },
    });
  });
});
