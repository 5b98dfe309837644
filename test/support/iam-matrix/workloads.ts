import { ASSET_HASH } from '../iam/concrete';
import { environmentPrefix } from '../../../lib/config/resource-names';
import type { Deployed } from '../app/policies';
import { LAMBDA, LAMBDA_BASIC, logGroup, modelBucket, otherLogs, WRITE_LOG } from './common';
import { invocations, otherInvocations } from './endpoints';
import type { Denied, RoleRows, Trust } from './rows';

/** Pods of one service account of the environment's cluster. */
function podsOf({ permissions }: Deployed, serviceAccount: string, namespace = 'mini-xdr'): Trust {
  return {
    service: 'pods.eks.amazonaws.com',
    actions: ['sts:AssumeRole', 'sts:TagSession'],
    where: {
      'aws:RequestTag/eks-cluster-arn': permissions.reference('Platform.Cluster', 'Arn'),
      'aws:RequestTag/kubernetes-namespace': namespace,
      'aws:RequestTag/kubernetes-service-account': serviceAccount,
    },
  };
}

const databaseOf = ({ arn, plan }: Deployed) => arn('rds', `db:${environmentPrefix(plan.environment.name)}`);

/** What neither pod is for. */
function forNoPod(app: Deployed): Denied[] {
  const { arn, plan } = app;
  return [
    {
      what: 'models',
      actions: ['s3:GetObject', 's3:PutObject'],
      resources: [`${modelBucket(app)}/artifacts/general/${ASSET_HASH}.tar.gz`],
    },
    {
      what: 'parameters',
      actions: ['ssm:GetParameter', 'ssm:PutParameter'],
      resources: [arn('ssm', `parameter/mini-xdr/${plan.environment.name}/sagemaker-endpoints`)],
    },
    {
      what: 'images, which the nodes pull',
      actions: ['ecr:BatchGetImage', 'ecr:PutImage', 'ecr:BatchDeleteImage'],
      resources: [arn('ecr', `repository/${environmentPrefix(plan.environment.name)}/backend`)],
    },
    {
      what: 'the cluster',
      actions: ['eks:DescribeCluster', 'eks:CreateAccessEntry', 'eks:AssociateAccessPolicy'],
      resources: [arn('eks', `cluster/${environmentPrefix(plan.environment.name)}`)],
    },
  ];
}

/** Platform: the pods of the backend. */
export function backendRows(app: Deployed): RoleRows {
  const { arn, permissions, plan } = app;
  const inference = permissions.reference('Serving.InferenceFunction', 'Arn');
  const { name: environment } = plan.environment;
  const instanceId = permissions.reference('Data.DatabaseInstance', 'DbiResourceId');
  const user = (id: string, name: string) => arn('rds-db', `dbuser:${id}/${name}`);
  const backendUser = `xdr_${environment}_backend`;
  return {
    grants: [
      ...invocations(app),
      { actions: ['rds-db:connect'], resources: [user(instanceId, backendUser)] },
      { actions: ['lambda:InvokeFunction'], resources: [inference] },
      {
        actions: ['lambda:InvokeFunctionUrl'],
        resources: [inference],
        where: { 'lambda:FunctionUrlAuthType': ['AWS_IAM'] },
      },
    ],
    denied: [
      ...otherInvocations(app),
      ...forNoPod(app),
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
          user('db-ANOTHER', backendUser),
        ],
      },
      {
        what: "the master's password, which the migration alone reads",
        actions: ['secretsmanager:GetSecretValue'],
        resources: [arn('secretsmanager', 'secret:rds!db-1-abcdef')],
        context: { 'aws:ResourceTag/aws:rds:primaryDBInstanceArn': databaseOf(app) },
      },
    ],
    trust: podsOf(app, 'backend'),
  };
}

/** Platform: the pods of the migration, which works as the database's master. */
export function migrationRows(app: Deployed): RoleRows {
  const { arn, permissions, plan } = app;
  const database = databaseOf(app);
  const key = permissions.reference('Data.DatabaseKey', 'Arn');
  const tag = 'aws:ResourceTag/aws:rds:primaryDBInstanceArn';
  const secret = arn('secretsmanager', 'secret:rds!db-1-abcdef');
  return {
    grants: [
      {
        actions: ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'],
        resources: [arn('secretsmanager', 'secret:rds!db-*')],
        where: { [tag]: [database] },
      },
      {
        actions: ['kms:Decrypt'],
        resources: [key],
        where: { 'kms:ViaService': [`secretsmanager.${plan.target.region}.amazonaws.com`] },
      },
      { actions: ['rds:DescribeDBInstances'], resources: [database] },
    ],
    denied: [
      ...otherInvocations(app),
      ...forNoPod(app),
      {
        what: 'secrets of another database',
        actions: ['secretsmanager:GetSecretValue'],
        resources: [secret],
        context: { [tag]: arn('rds', 'db:another') },
      },
      {
        what: 'secrets that belong to no database',
        actions: ['secretsmanager:GetSecretValue'],
        resources: [secret, arn('secretsmanager', 'secret:another')],
      },
      {
        what: 'secrets, to change them',
        actions: ['secretsmanager:PutSecretValue', 'secretsmanager:DeleteSecret'],
        resources: [secret],
        context: { [tag]: database },
      },
      { what: 'the key without Secrets Manager', actions: ['kms:Decrypt'], resources: [key] },
      {
        what: 'the database itself',
        actions: ['rds:ModifyDBInstance', 'rds:DeleteDBInstance', 'rds:CreateDBSnapshot'],
        resources: [database],
      },
      {
        what: 'endpoints and functions',
        actions: ['sagemaker:InvokeEndpoint', 'lambda:InvokeFunction'],
        resources: [
          ...plan.topology.endpoints.map(({ name }) => arn('sagemaker', `endpoint/${name}`)),
          permissions.reference('Serving.InferenceFunction', 'Arn'),
        ],
      },
    ],
    trust: podsOf(app, 'migration'),
  };
}

/** Platform: the agents on the nodes, which send logs. Their groups are there before them. */
export function agentRows(app: Deployed): RoleRows {
  const { arn, plan } = app;
  const cluster = environmentPrefix(plan.environment.name);
  const { logs, metrics } = plan.environment.platform.observability;
  const sent = [...(logs ? ['application', 'dataplane', 'host'] : []), ...(metrics ? ['performance'] : [])];
  const group = (name: string) => logGroup(app, `Platform.WorkloadsObservability${name}`);
  return {
    grants: sent.map((name) => ({ actions: WRITE_LOG, resources: [`${group(name)}:*`] })),
    denied: [
      otherLogs(app),
      ...forNoPod(app),
      {
        what: 'groups without key and retention',
        actions: ['logs:CreateLogGroup', 'logs:PutRetentionPolicy', 'logs:AssociateKmsKey'],
        resources: [arn('logs', `log-group:/aws/containerinsights/${cluster}/application`)],
      },
      {
        what: 'logs, to read or to lose them',
        actions: ['logs:GetLogEvents', 'logs:FilterLogEvents', 'logs:DeleteLogStream', 'logs:DeleteLogGroup'],
        resources: sent.map(group),
      },
      {
        what: 'metrics and traces of others, and what stands on the nodes',
        actions: [
          'cloudwatch:PutMetricData',
          'xray:PutTraceSegments',
          'ec2:DescribeVolumes',
          'ec2:DescribeTags',
        ],
        resources: ['*'],
      },
    ],
    trust: podsOf(app, 'cloudwatch-agent', 'amazon-cloudwatch'),
  };
}

/** Platform: the Lambda that applies manifests, with kubectl. */
export function deployerRows(app: Deployed): RoleRows {
  const { arn, plan } = app;
  const cluster = arn('eks', `cluster/${environmentPrefix(plan.environment.name)}`);
  const interfaces = [
    'AssignPrivateIpAddresses',
    'CreateNetworkInterface',
    'DeleteNetworkInterface',
    'DescribeNetworkInterfaces',
    'DescribeSubnets',
    'UnassignPrivateIpAddresses',
  ].map((name) => `ec2:${name}`);
  const stack = `${environmentPrefix(plan.environment.name)}-Platform`;
  return {
    grants: [
      { actions: WRITE_LOG, resources: [`${logGroup(app, 'Platform.ClusterDeployerLogs')}:*`] },
      { actions: ['eks:DescribeCluster'], resources: [cluster] },
      { actions: interfaces, resources: ['*'] },
    ],
    denied: [
      otherLogs(app),
      {
        what: 'interfaces, for the code of the function itself',
        actions: interfaces,
        resources: ['*'],
        context: { 'lambda:SourceFunctionArn': arn('lambda', `function:${stack}-ClusterKubectlHandler-x`) },
      },
      {
        what: 'another cluster, or more of this one',
        actions: ['eks:DescribeCluster'],
        resources: [`${cluster}-2`, arn('eks', 'cluster/another')],
      },
      {
        what: 'the cluster from outside of Kubernetes',
        actions: ['eks:UpdateClusterConfig', 'eks:CreateAccessEntry', 'eks:AssociateAccessPolicy'],
        resources: [cluster],
      },
      {
        what: 'images',
        actions: ['ecr:GetAuthorizationToken', 'ecr:BatchGetImage', 'ecr-public:GetAuthorizationToken'],
        resources: ['*', arn('ecr', `repository/${environmentPrefix(plan.environment.name)}/backend`)],
      },
    ],
    trust: LAMBDA,
  };
}

/** Platform: CDK's framework before that Lambda, which answers CloudFormation. */
export function deployerFrameworkRows({ arn, permissions }: Deployed): RoleRows {
  const handler = permissions.reference('Platform.ClusterKubectlProviderHandler', 'Arn');
  return {
    grants: [
      { actions: ['lambda:InvokeFunction'], resources: [handler, `${handler}:*`] },
      { actions: ['lambda:GetFunction'], resources: [handler] },
    ],
    denied: [
      {
        what: 'other functions, and what this one is',
        actions: ['lambda:InvokeFunction', 'lambda:UpdateFunctionCode', 'lambda:GetFunction'],
        resources: [arn('lambda', 'function:another'), `${handler}-2`],
      },
    ],
    managed: [LAMBDA_BASIC, 'arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole'],
    trust: LAMBDA,
  };
}
