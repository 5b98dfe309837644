import type { Deployed } from '../app/policies';
import { capturesOf, logGroup } from './common';
import { invocations, otherInvocations } from './endpoints';
import type { Denied, Grant, RoleRows } from './rows';

/**
 * All that the inference Lambda may do. One line a permission: a new one is added here, and only here, together with
 * the grant.
 */
function grantsOf(app: Deployed): Grant[] {
  const { permissions, plan } = app;
  const { capture } = plan.environment.inference;
  return [
    ...invocations(app),
    {
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [`${logGroup(app, 'Serving.InferenceLogs')}:*`],
    },
    { actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], resources: ['*'] },
    ...(capture === undefined
      ? []
      : [
          {
            actions: ['s3:PutObject'],
            resources: [`${permissions.reference('Serving.CapturesBucket', 'Arn')}/captures/*`],
          },
          {
            actions: ['kms:GenerateDataKey'],
            resources: [permissions.reference('Serving.Key', 'Arn')],
            where: capturesOf(app),
          },
        ]),
  ];
}

function deniedOf(app: Deployed): Denied[] {
  const { permissions, arn } = app;
  const modelBucket = permissions.reference('ModelStore.StoreBucket', 'Arn');
  const self = permissions.reference('Serving.InferenceFunction', 'Arn');
  return [
    ...otherInvocations(app),
    {
      what: 'objects of the model bucket and elsewhere',
      actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:ListBucket'],
      resources: [modelBucket, `${modelBucket}/artifacts/general/x.tar.gz`, 'arn:aws:s3:::elsewhere/x', '*'],
    },
    {
      what: 'keys',
      actions: ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:CreateGrant'],
      resources: ['ModelStore.StoreKey', 'Serving.Key'].map((name) => permissions.reference(name, 'Arn')),
    },
    {
      what: 'the logs of others',
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:GetLogEvents', 'logs:DeleteLogGroup'],
      resources: [
        arn('logs', 'log-group:/aws/lambda/another:log-stream:x'),
        `${logGroup(app, 'Serving.InferenceLogs')}-2:log-stream:x`,
        `${logGroup(app, 'ModelStore.StoreUploadLogs')}:log-stream:x`,
      ],
    },
    {
      what: 'its own log, but to write it',
      actions: [
        'logs:GetLogEvents',
        'logs:DeleteLogStream',
        'logs:PutRetentionPolicy',
        'logs:CreateLogGroup',
      ],
      resources: [`${logGroup(app, 'Serving.InferenceLogs')}:log-stream:x`],
    },
    {
      what: 'functions, itself included',
      actions: ['lambda:InvokeFunction', 'lambda:InvokeFunctionUrl', 'lambda:UpdateFunctionCode'],
      resources: [self, arn('lambda', 'function:another')],
      context: { 'lambda:FunctionUrlAuthType': 'AWS_IAM' },
    },
    {
      what: 'secrets and parameters',
      actions: ['secretsmanager:GetSecretValue', 'ssm:GetParameter'],
      resources: [arn('secretsmanager', 'secret:rds!db-1-abcdef'), arn('ssm', 'parameter/x'), '*'],
    },
  ];
}

/** The inference Lambda's role. */
export function inferenceRows(app: Deployed): RoleRows {
  return { grants: grantsOf(app), denied: deniedOf(app), trust: { service: 'lambda.amazonaws.com' } };
}
