import { environmentPrefix } from '../../../lib/config/resource-names';
import type { Deployed } from '../app/policies';
import {
  actingFor,
  LAMBDA,
  LAMBDA_BASIC,
  modelBucket,
  otherLogs,
  logGroup,
  wholeLog,
  WRITE_LOG,
} from './common';
import { PEOPLE, type RoleRows, type Trust } from './rows';

const managed = (name: string): string => `arn:aws:iam::aws:policy/${name}`;

/**
 * Platform: the cluster itself. What it may do stands in policies that AWS manages for EKS Auto Mode, but for the key of
 * the disks of its nodes.
 */
export function controlPlaneRows({ arn, permissions, plan }: Deployed): RoleRows {
  const cluster = `cluster/${environmentPrefix(plan.environment.name)}`;
  const trust: Trust = {
    ...actingFor({ arn }, 'eks.amazonaws.com', ['eks', cluster]),
    actions: ['sts:AssumeRole', 'sts:TagSession'],
  };
  const parts = [
    'BlockStoragePolicy',
    'ClusterPolicy',
    'ComputePolicy',
    'LoadBalancingPolicy',
    'NetworkingPolicy',
  ];
  const resources = [permissions.reference('Platform.ClusterKey', 'Arn')];
  const throughEc2 = { 'kms:ViaService': [`ec2.${plan.target.region}.amazonaws.com`] };
  const volumes = [
    'Decrypt',
    'DescribeKey',
    'GenerateDataKeyWithoutPlaintext',
    'ReEncryptFrom',
    'ReEncryptTo',
  ];
  return {
    grants: [
      { actions: volumes.map((action) => `kms:${action}`), resources, where: throughEc2 },
      {
        actions: ['kms:CreateGrant'],
        resources,
        where: { ...throughEc2, 'kms:GrantIsForAWSResource': ['true'] },
      },
    ],
    denied: [
      { what: 'secrets, logs and images under the key', actions: ['kms:Decrypt', 'kms:Encrypt'], resources },
      {
        what: 'grants of the key for others',
        actions: ['kms:CreateGrant'],
        resources,
        context: { 'kms:ViaService': `ec2.${plan.target.region}.amazonaws.com` },
      },
    ],
    managed: parts.map((part) => managed(`AmazonEKS${part}`)),
    trust,
  };
}

/** Platform: whoever administers the cluster, from inside of Kubernetes alone. */
export function administratorRows({ arn, plan }: Deployed): RoleRows {
  const cluster = arn('eks', `cluster/${environmentPrefix(plan.environment.name)}`);
  return {
    grants: [],
    denied: [
      {
        what: 'the cluster from outside of Kubernetes',
        actions: ['eks:DescribeCluster', 'eks:CreateAccessEntry', 'eks:AssociateAccessPolicy'],
        resources: [cluster],
      },
    ],
    trust: PEOPLE,
  };
}

/** Platform: the nodes that EKS starts. */
export function nodeRows(): RoleRows {
  const policies = ['AmazonEC2ContainerRegistryPullOnly', 'AmazonEKSWorkerNodeMinimalPolicy'];
  return { grants: [], denied: [], managed: policies.map(managed), trust: { service: 'ec2.amazonaws.com' } };
}

/** Network: flow logs. */
export function flowLogRows(app: Deployed): RoleRows {
  return {
    grants: [wholeLog(logGroup(app, 'Network.NetworkFlowLogRecords'))],
    denied: [otherLogs(app)],
    trust: actingFor(app, 'vpc-flow-logs.amazonaws.com', ['ec2', 'vpc-flow-log/any']),
  };
}

/** Network: the CDK's function that empties the default security group of the VPC. */
export function defaultGroupRows({ arn, permissions }: Deployed): RoleRows {
  const group = arn(
    'ec2',
    `security-group/${permissions.reference('Network.NetworkVpc', 'DefaultSecurityGroup')}`,
  );
  const verbs = ['Authorize', 'Revoke'].flatMap((verb) => [
    `${verb}SecurityGroupEgress`,
    `${verb}SecurityGroupIngress`,
  ]);
  const actions = verbs.map((verb) => `ec2:${verb}`);
  return {
    grants: [{ actions, resources: [group] }],
    denied: [{ what: 'other groups', actions, resources: [arn('ec2', 'security-group/sg-1'), `${group}0`] }],
    managed: [LAMBDA_BASIC],
    trust: LAMBDA,
  };
}

/** ModelStore: the CDK's function that empties buckets which go with their stack; the buckets admit it themselves. */
export function emptyingRows(app: Deployed): RoleRows {
  const actions = ['s3:GetObject', 's3:DeleteObject'];
  return {
    grants: [],
    denied: [
      { what: 'buckets', actions, resources: [`${modelBucket(app)}/artifacts/x`, 'arn:aws:s3:::another/x'] },
    ],
    managed: [LAMBDA_BASIC],
    trust: LAMBDA,
  };
}

/** Data: enhanced monitoring of the database, whose log group RDS names itself. */
export function monitoringRows(app: Deployed): RoleRows {
  const { arn, plan } = app;
  const group = arn('logs', 'log-group:RDSOSMetrics');
  const actions = [
    ...WRITE_LOG,
    'logs:CreateLogGroup',
    'logs:DescribeLogStreams',
    'logs:GetLogEvents',
    'logs:PutRetentionPolicy',
  ];
  return {
    grants: [{ actions, resources: [group, `${group}:*`] }],
    denied: [
      otherLogs(app),
      { what: 'longer names', actions, resources: [`${group}-2`, `${group}-2:log-stream:x`] },
    ],
    trust: actingFor(app, 'monitoring.rds.amazonaws.com', [
      'rds',
      `db:${environmentPrefix(plan.environment.name)}`,
    ]),
  };
}
