import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

export interface ClusterAdministratorProps {
  readonly clusterName: string;
}

/**
 * A role for the people who administer a cluster, for accounts that have none yet. It has no permission of AWS: what it
 * may do is in the cluster.
 *
 * The account decides who may assume it: trusting the account's root admits nobody who lacks `sts:AssumeRole` on the
 * role. Users must have signed in with MFA. Roles are exempt, because a session of IAM Identity Center, like any session
 * of a role, does not tell whether MFA was used.
 *
 * Sources: IAM User Guide, "AWS JSON policy elements: Principal" (the account as a principal) and "AWS global condition
 * context keys" (`aws:MultiFactorAuthPresent`, `aws:PrincipalArn`).
 */
export class ClusterAdministrator extends iam.Role {
  constructor(scope: Construct, id: string, { clusterName }: ClusterAdministratorProps) {
    const roles = Stack.of(scope).formatArn({
      service: 'iam',
      region: '',
      resource: 'role',
      resourceName: '*',
    });
    const account = () => new iam.AccountRootPrincipal();
    super(scope, id, {
      description: `Administers the cluster ${clusterName}`,
      assumedBy: new iam.CompositePrincipal(
        account().withConditions({ Bool: { 'aws:MultiFactorAuthPresent': 'true' } }),
        account().withConditions({ ArnLike: { 'aws:PrincipalArn': roles } }),
      ),
    });
  }
}
