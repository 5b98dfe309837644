import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { acknowledge } from '../../compliance/acknowledge';
import { wildcardResource } from '../common/finding-ids';
import { ownServicePrincipal } from '../common/service-principal';

/** Log group that enhanced monitoring writes for every instance of the account; RDS dictates the name. */
const LOG_GROUP = 'RDSOSMetrics';

export interface DatabaseMonitoringRoleProps {
  /** The one instance that enhanced monitoring may use the role for. */
  readonly instanceIdentifier: string;
}

/**
 * Lets RDS enhanced monitoring write operating-system metrics, in place of an AWS managed policy for all RDS* groups.
 *
 * The policy is part of the role, because RDS checks the role's permissions when it makes the instance, and nothing
 * makes the instance wait for a policy that is a resource of its own. (claranet/terraform-aws-aurora PR 23.)
 */
export class DatabaseMonitoringRole extends iam.Role {
  constructor(scope: Construct, id: string, { instanceIdentifier }: DatabaseMonitoringRoleProps) {
    const logGroup = Stack.of(scope).formatArn({
      service: 'logs',
      resource: 'log-group',
      resourceName: LOG_GROUP,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    const streams = `${logGroup}:*`;
    const writeLog = new iam.PolicyStatement({
      actions: [
        'logs:CreateLogGroup',
        'logs:PutRetentionPolicy',
        'logs:CreateLogStream',
        'logs:PutLogEvents',
        'logs:DescribeLogStreams',
        'logs:GetLogEvents',
      ],
      resources: [logGroup, streams],
    });
    super(scope, id, {
      assumedBy: ownServicePrincipal(scope, 'monitoring.rds.amazonaws.com', {
        service: 'rds',
        resource: 'db',
        resourceName: instanceIdentifier,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
      inlinePolicies: { WriteLog: new iam.PolicyDocument({ statements: [writeLog] }) },
    });
    acknowledge(this, {
      id: wildcardResource(streams),
      reason: 'RDS names one stream after each instance, by an id that exists only once the instance does.',
    });
  }
}
