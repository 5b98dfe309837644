import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';

/**
 * What making an encrypted EBS volume takes of its key (Amazon EBS user guide, "How Amazon EBS encryption works", on
 * permissions). EKS names the same for its Auto Mode (EKS user guide, "Enable EBS Volume Encryption with Customer
 * Managed KMS Keys for EKS Auto Mode").
 */
const VOLUME_ACTIONS = [
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
];

/**
 * Lets a cluster's own role encrypt the disks of the nodes that EKS starts in its name. Through EC2 alone, as the policy
 * of the key that AWS manages for EBS has it, with which Auto Mode works as well: the role can use the key for nothing
 * else that is under it.
 */
export function grantNodeDisks(role: iam.Role, key: kms.IKey): void {
  const throughEc2 = { 'kms:ViaService': `ec2.${Stack.of(role).region}.amazonaws.com` };
  role.addToPolicy(
    new iam.PolicyStatement({
      actions: VOLUME_ACTIONS,
      resources: [key.keyArn],
      conditions: { StringEquals: throughEc2 },
    }),
  );
  role.addToPolicy(
    new iam.PolicyStatement({
      actions: ['kms:CreateGrant'],
      resources: [key.keyArn],
      conditions: { StringEquals: throughEc2, Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    }),
  );
}
