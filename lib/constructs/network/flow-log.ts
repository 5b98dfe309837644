import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Environment } from '../../config/environment';
import { EncryptionKey } from '../common/encryption-key';
import { ServiceLogGroup } from '../common/log-group';
import { ownServicePrincipal } from '../common/service-principal';

export interface FlowLogProps {
  readonly environment: Environment;
  readonly vpc: ec2.IVpc;
}

/** Accepted and rejected traffic of a VPC, in an encrypted log group that only the flow log's role can write. */
export class FlowLog extends Construct {
  constructor(scope: Construct, id: string, { environment, vpc }: FlowLogProps) {
    super(scope, id);
    const encryptionKey = new EncryptionKey(this, 'Key', {
      environment,
      description: 'Flow logs of the VPC',
    });
    const logGroup = new ServiceLogGroup(this, 'Records', { environment, encryptionKey });
    const role = new iam.Role(this, 'Role', {
      assumedBy: ownServicePrincipal(this, 'vpc-flow-logs.amazonaws.com', {
        service: 'ec2',
        resource: 'vpc-flow-log',
        resourceName: '*',
      }),
    });
    const grant = logGroup.grant(
      role,
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'logs:DescribeLogStreams',
    );
    const flowLog = new ec2.CfnFlowLog(this, 'Resource', {
      resourceType: 'VPC',
      resourceId: vpc.vpcId,
      trafficType: 'ALL',
      maxAggregationInterval: 60,
      logDestinationType: 'cloud-watch-logs',
      logGroupName: logGroup.logGroupName,
      deliverLogsPermissionArn: role.roleArn,
    });
    grant.applyBefore(flowLog);
  }
}
