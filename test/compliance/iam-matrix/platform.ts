import { ASSET_HASH } from '../../../lib/compliance/iam/concrete';
import { environmentPrefix } from '../../../lib/plan/names';
import type { Deployed } from '../../support/app-policies';
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
import type { RoleRows, Trust } from './rows';

const managed = (name: string): string => `arn:aws:iam::aws:policy/${name}`;

/** Platform: the cluster itself. All that it may do stands in policies that AWS manages for EKS Auto Mode. */
export function controlPlaneRows({ arn, plan }: Deployed): RoleRows {
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
  return { grants: [], denied: [], managed: parts.map((part) => managed(`AmazonEKS${part}`)), trust };
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

/** Platform: the pods of the backend. */
export function backendRows(app: Deployed): RoleRows {
  const { arn, permissions, plan } = app;
  const { region } = plan.target;
  const database = arn('rds', `db:${environmentPrefix(plan.environment.name)}`);
  const parameter = arn('ssm', `parameter${permissions.reference('Platform.EndpointConfiguration')}`);
  const inference = permissions.reference('Serving.InferenceFunction', 'Arn');
  const { name: environment, database: settings } = plan.environment;
  const restoredToo = settings.connectTo === 'user';
  const instanceId = restoredToo ? '*' : permissions.reference('Data.DatabaseInstance', 'DbiResourceId');
  const user = (id: string, name: string) => arn('rds-db', `dbuser:${id}/${name}`);
  const backendUser = `xdr_${environment}_backend`;
  const ownSecret = { 'aws:ResourceTag/aws:rds:primaryDBInstanceArn': [database] };
  return {
    grants: [
      {
        actions: ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'],
        resources: [arn('secretsmanager', 'secret:rds!db-*')],
        where: ownSecret,
      },
      {
        actions: ['kms:Decrypt'],
        resources: [permissions.reference('Data.DatabaseKey', 'Arn')],
        where: { 'kms:ViaService': [`secretsmanager.${region}.amazonaws.com`] },
      },
      {
        actions: [
          'ssm:DescribeParameters',
          'ssm:GetParameter',
          'ssm:GetParameterHistory',
          'ssm:GetParameters',
        ],
        resources: [parameter],
      },
      { actions: ['rds:DescribeDBInstances'], resources: [database] },
      { actions: ['rds-db:connect'], resources: [user(instanceId, backendUser)] },
      { actions: ['lambda:InvokeFunction'], resources: [inference] },
      {
        actions: ['lambda:InvokeFunctionUrl'],
        resources: [inference],
        where: { 'lambda:FunctionUrlAuthType': ['AWS_IAM'] },
      },
    ],
    denied: [
      {
        what: 'endpoints behind the back of the inference Lambda',
        actions: ['sagemaker:InvokeEndpoint'],
        resources: plan.topology.endpoints.map(({ name }) => arn('sagemaker', `endpoint/${name}`)),
      },
      {
        what: 'other functions',
        actions: ['lambda:InvokeFunction'],
        resources: [arn('lambda', 'function:another'), `${inference}-2`, `${inference}:1`],
      },
      {
        what: 'the function through a URL without authentication',
        actions: ['lambda:InvokeFunctionUrl'],
        resources: [inference],
        context: { 'lambda:FunctionUrlAuthType': 'NONE' },
      },
      {
        what: 'the database as another user, or another database',
        actions: ['rds-db:connect'],
        resources: [
          user('db-1', 'xdr_admin'),
          user(instanceId, `${backendUser}2`),
          user('db-ANOTHER', 'xdr_another_backend'),
          ...(restoredToo ? [] : [user('db-ANOTHER', backendUser)]),
        ],
      },
      {
        what: 'secrets of another database',
        actions: ['secretsmanager:GetSecretValue'],
        resources: [arn('secretsmanager', 'secret:rds!db-1-abcdef')],
        context: { 'aws:ResourceTag/aws:rds:primaryDBInstanceArn': arn('rds', 'db:another') },
      },
      {
        what: 'secrets that belong to no database',
        actions: ['secretsmanager:GetSecretValue'],
        resources: [arn('secretsmanager', 'secret:rds!db-1-abcdef'), arn('secretsmanager', 'secret:another')],
      },
      {
        what: 'secrets, to change them',
        actions: ['secretsmanager:PutSecretValue', 'secretsmanager:DeleteSecret'],
        resources: [arn('secretsmanager', 'secret:rds!db-1-abcdef')],
        context: { 'aws:ResourceTag/aws:rds:primaryDBInstanceArn': database },
      },
      {
        what: 'the key without Secrets Manager',
        actions: ['kms:Decrypt'],
        resources: [permissions.reference('Data.DatabaseKey', 'Arn')],
      },
      {
        what: 'other parameters',
        actions: ['ssm:GetParameter', 'ssm:PutParameter'],
        resources: [`${parameter}-2`, arn('ssm', 'parameter/another')],
      },
      {
        what: 'models',
        actions: ['s3:GetObject', 's3:PutObject'],
        resources: [`${modelBucket(app)}/artifacts/general/${ASSET_HASH}.tar.gz`],
      },
    ],
    trust: {
      service: 'pods.eks.amazonaws.com',
      actions: ['sts:AssumeRole', 'sts:TagSession'],
      where: {
        'aws:RequestTag/eks-cluster-arn': permissions.reference('Platform.Cluster', 'Arn'),
        'aws:RequestTag/kubernetes-namespace': 'mini-xdr',
        'aws:RequestTag/kubernetes-service-account': 'backend',
      },
    },
  };
}
