import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/**
 * ARN of an IAM role that the configuration names.
 *
 * @param role a whole ARN, or `role/NAME` or `role/PATH/NAME` of the stack's own partition and account
 */
export function roleArn(scope: Construct, role: string): string {
  if (role.startsWith('arn:')) return role;
  return Stack.of(scope).formatArn({
    service: 'iam',
    region: '',
    resource: role,
    arnFormat: ArnFormat.NO_RESOURCE_NAME,
  });
}
