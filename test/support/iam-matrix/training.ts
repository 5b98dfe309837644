import { ASSET_HASH } from '../iam/concrete';
import { ACCOUNT, type Deployed, FOREIGN_ACCOUNT } from '../app/policies';
import { actingFor, modelBucket, modelKey, WRITE_LOG } from './common';
import type { Denied, Grant, RoleRows } from './rows';

/** What both ways of training share: code and data sets to read, candidates to write. */
function training(app: Deployed): { readonly grants: Grant[]; readonly denied: Denied[] } {
  const bucket = modelBucket(app);
  const assets = `arn:aws:s3:::cdk-hnb659fds-assets-${ACCOUNT}-${app.plan.target.region}`;
  return {
    grants: [
      { actions: ['s3:GetObject'], resources: [`${assets}/${ASSET_HASH}.zip`] },
      { actions: ['s3:GetObject'], resources: [`${bucket}/datasets/*`] },
      { actions: ['s3:PutObject', 's3:AbortMultipartUpload'], resources: [`${bucket}/candidates/*`] },
      {
        actions: ['s3:ListBucket'],
        resources: [bucket],
        where: { 's3:prefix': ['candidates/*', 'datasets/*'] },
      },
      { actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [modelKey(app)] },
    ],
    denied: [
      {
        what: 'other assets',
        actions: ['s3:GetObject', 's3:ListBucket', 's3:PutObject'],
        resources: [assets, `${assets}/another.zip`],
      },
      {
        what: 'its code, to change it',
        actions: ['s3:PutObject', 's3:DeleteObject'],
        resources: [`${assets}/${ASSET_HASH}.zip`],
      },
      {
        what: 'what is served',
        actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
        resources: [`${bucket}/artifacts/general/${ASSET_HASH}.tar.gz`],
      },
      {
        what: 'data sets, to change them',
        actions: ['s3:PutObject', 's3:DeleteObject'],
        resources: [`${bucket}/datasets/flows.csv`],
      },
      {
        what: 'the whole bucket',
        actions: ['s3:ListBucket', 's3:DeleteBucket', 's3:PutBucketPolicy'],
        resources: [bucket],
      },
      {
        what: 'jobs, models and endpoints',
        actions: [
          'sagemaker:CreateTrainingJob',
          'sagemaker:CreateModel',
          'sagemaker:CreateEndpoint',
          'sagemaker:InvokeEndpoint',
        ],
        resources: ['*'],
      },
    ],
  };
}

export function notebookRows(app: Deployed): RoleRows {
  const { arn, permissions } = app;
  const group = arn('logs', 'log-group:/aws/sagemaker/NotebookInstances');
  const own = permissions.reference('Workbench.Notebook');
  const stream = `${group}:log-stream:${permissions.reference('Workbench.Notebook', 'NotebookInstanceName')}`;
  const { grants, denied } = training(app);
  return {
    grants: [
      ...grants,
      { actions: WRITE_LOG, resources: [`${stream}/LifecycleConfigOnStart`, `${stream}/jupyter.log`] },
      { actions: ['logs:CreateLogGroup'], resources: [group] },
      { actions: ['sagemaker:StopNotebookInstance'], resources: [own] },
    ],
    denied: [
      ...denied,
      {
        what: 'the streams of other notebooks',
        actions: WRITE_LOG,
        resources: [`${group}:log-stream:another/jupyter.log`, `${stream}-2/jupyter.log`],
      },
      {
        what: 'notebooks',
        actions: [
          'sagemaker:CreatePresignedNotebookInstanceUrl',
          'sagemaker:StartNotebookInstance',
          'sagemaker:UpdateNotebookInstance',
        ],
        resources: [own],
      },
      {
        what: 'other notebooks',
        actions: ['sagemaker:StopNotebookInstance'],
        resources: [`${own}-2`, own.replace(ACCOUNT, FOREIGN_ACCOUNT)],
      },
    ],
    trust: actingFor(app, 'sagemaker.amazonaws.com', ['sagemaker', 'notebook-instance/any']),
  };
}

export function trainerRows(app: Deployed): RoleRows {
  const { grants, denied } = training(app);
  return {
    grants: [
      ...grants,
      {
        // What AWS's agent of Session Manager needs; AWS defines no resource for it.
        actions: [
          'ssm:UpdateInstanceInformation',
          ...['Create', 'Open'].flatMap((verb) =>
            ['Control', 'Data'].map((kind) => `ssmmessages:${verb}${kind}Channel`),
          ),
        ],
        resources: ['*'],
      },
    ],
    denied: [
      ...denied,
      {
        what: 'other instances',
        actions: ['ssm:StartSession', 'ssm:SendCommand', 'ec2:RunInstances'],
        resources: ['*'],
      },
      {
        what: 'tags, which name its code',
        actions: ['ec2:CreateTags', 'ec2:DeleteTags', 'ec2:ModifyInstanceAttribute'],
        resources: ['*', app.arn('ec2', 'instance/i-0123456789abcdef0')],
      },
      { what: 'parameters', actions: ['ssm:GetParameter'], resources: ['*'] },
    ],
    trust: { service: 'ec2.amazonaws.com' },
  };
}
