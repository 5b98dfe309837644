import { ACCOUNT, type Deployed } from '../app/policies';
import type { Denied, Grant, Trust } from './rows';

export const WRITE_LOG = ['logs:CreateLogStream', 'logs:PutLogEvents'];
export const LAMBDA: Trust = { service: 'lambda.amazonaws.com' };
/** AWS's own minimum for a Lambda function: any log group of the account. */
export const LAMBDA_BASIC = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';

export const modelBucket = ({ permissions }: Deployed) =>
  permissions.reference('ModelStore.StoreBucket', 'Arn');
export const modelKey = ({ permissions }: Deployed) => permissions.reference('ModelStore.StoreKey', 'Arn');

/** A service that acts for this account and one kind of source, and for nobody else. */
export function actingFor(
  { arn }: Pick<Deployed, 'arn'>,
  service: string,
  source: readonly [string, string],
): Trust {
  return { service, where: { 'aws:SourceAccount': ACCOUNT, 'aws:SourceArn': arn(...source) } };
}

/** Writing and listing the streams of a group, as the CDK grants it: on the group and on what is in it. */
export function wholeLog(group: string): Grant {
  return { actions: [...WRITE_LOG, 'logs:DescribeLogStreams'], resources: [group, `${group}:*`] };
}

export function otherLogs({ arn }: Deployed): Denied {
  return {
    what: 'the logs of others',
    actions: [...WRITE_LOG, 'logs:GetLogEvents'],
    resources: [
      arn('logs', 'log-group:another:log-stream:x'),
      arn('logs', 'log-group:/aws/lambda/x:log-stream:x'),
    ],
  };
}

/** A log group without the `:*` that its ARN ends with. */
export function logGroup({ permissions }: Deployed, name: string): string {
  return permissions.reference(name, 'Arn').replace(/:\*$/, '');
}

/** What S3 says of itself when it uses the key for the captures' bucket. */
export function capturesOf({ permissions, plan }: Deployed): Record<string, string[]> {
  return {
    'kms:ViaService': [`s3.${plan.target.region}.amazonaws.com`],
    'kms:EncryptionContext:aws:s3:arn': [permissions.reference('Serving.CapturesBucket', 'Arn')],
  };
}

/** What turns a small permission into a large one, and what no role of an environment is for. */
export function escalation({ arn }: Deployed, own: string): readonly Denied[] {
  return [
    {
      what: 'roles, its own included',
      actions: [
        'iam:PassRole',
        'sts:AssumeRole',
        'iam:PutRolePolicy',
        'iam:AttachRolePolicy',
        'iam:UpdateAssumeRolePolicy',
      ],
      resources: [own, `arn:aws:iam::${ACCOUNT}:role/admin`],
    },
    {
      what: 'identities and policies',
      actions: [
        'iam:CreateRole',
        'iam:CreateUser',
        'iam:CreateAccessKey',
        'iam:CreatePolicyVersion',
        'sts:GetFederationToken',
      ],
      resources: ['*', `arn:aws:iam::${ACCOUNT}:user/ann`, `arn:aws:iam::${ACCOUNT}:policy/x`],
    },
    {
      what: 'compute that runs under other roles',
      actions: [
        'ec2:RunInstances',
        'lambda:CreateFunction',
        'lambda:UpdateFunctionCode',
        'sagemaker:CreateEndpoint',
        'sagemaker:CreateNotebookInstance',
        'cloudformation:CreateStack',
      ],
      resources: ['*', arn('lambda', 'function:another')],
    },
    {
      what: 'traces and keys',
      actions: [
        'cloudtrail:StopLogging',
        'logs:DeleteLogGroup',
        'kms:ScheduleKeyDeletion',
        'kms:PutKeyPolicy',
        's3:DeleteBucket',
      ],
      resources: ['*', arn('logs', 'log-group:any'), arn('kms', 'key/any'), 'arn:aws:s3:::any'],
    },
  ];
}
