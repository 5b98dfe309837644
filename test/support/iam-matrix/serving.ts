import { ASSET_HASH } from '../iam/concrete';
import type { EndpointPlan } from '../../../lib/plan/hosting/endpoint-plan';
import { SPECIALISTS } from '../../../models/catalogue';
import { ACCOUNT, type Deployed } from '../app/policies';
import {
  actingFor,
  capturesOf,
  LAMBDA,
  logGroup,
  modelBucket,
  modelKey,
  otherLogs,
  WRITE_LOG,
  wholeLog,
} from './common';
import type { RoleRows } from './rows';

/** Serving: the role that SageMaker runs an endpoint's container under. */
export function endpointRows(app: Deployed, { mode, name, specialists }: EndpointPlan, id: string): RoleRows {
  const { arn, permissions, plan } = app;
  const bucket = modelBucket(app);
  const artifacts = (name: string) => `${bucket}/artifacts/${name}/*`;
  const others = SPECIALISTS.filter((name) => !specialists.includes(name));
  // Serverless endpoints are updated without alarms.
  const alarms = (mode === 'serverless' ? [] : ['errors', 'latency']).map((alarm) =>
    arn('cloudwatch', `alarm:${name}-rollback-${alarm}`),
  );
  const log = wholeLog(logGroup(app, id.replace(/Role$/, 'Logs')));
  const images = `repository/cdk-hnb659fds-container-assets-${ACCOUNT}-${plan.target.region}`;
  return {
    grants: [
      { actions: ['s3:GetObject'], resources: specialists.map(artifacts) },
      ...(mode === 'shared'
        ? [
            {
              actions: ['s3:ListBucket'],
              resources: [bucket],
              where: { 's3:prefix': ['artifacts', 'artifacts/*'] },
            },
          ]
        : []),
      { actions: ['cloudwatch:DescribeAlarms'], resources: alarms },
      { actions: ['kms:Decrypt'], resources: [modelKey(app)] },
      {
        actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
        resources: [arn('ecr', images)],
      },
      { actions: ['ecr:GetAuthorizationToken'], resources: ['*'] },
      {
        actions: ['cloudwatch:PutMetricData'],
        resources: ['*'],
        where: { 'cloudwatch:namespace': ['/aws/sagemaker/*'] },
      },
      { ...log, actions: ['logs:CreateLogGroup', ...log.actions] },
    ],
    denied: [
      {
        what: 'artifacts of other specialists, data sets and other buckets',
        actions: ['s3:GetObject'],
        resources: [
          ...others.map((name) => `${bucket}/artifacts/${name}/${ASSET_HASH}.tar.gz`),
          `${bucket}/datasets/flows.csv`,
          `${bucket}-2/artifacts/${specialists[0]}/${ASSET_HASH}.tar.gz`,
        ],
      },
      {
        what: 'artifacts, to change them',
        actions: ['s3:PutObject', 's3:DeleteObject', 's3:PutObjectAcl'],
        resources: specialists.map(artifacts),
      },
      {
        what: 'other keys, and more of its own',
        actions: ['kms:Encrypt', 'kms:CreateGrant', 'kms:PutKeyPolicy'],
        resources: [modelKey(app), permissions.reference('Serving.Key', 'Arn')],
      },
      {
        what: 'other metrics',
        actions: ['cloudwatch:PutMetricData'],
        resources: ['*'],
        context: { 'cloudwatch:namespace': 'AWS/Lambda' },
      },
      {
        what: 'other alarms',
        actions: ['cloudwatch:DescribeAlarms'],
        resources: ['*', arn('cloudwatch', 'alarm:another')],
      },
      {
        what: 'its own alarms, to change them',
        actions: ['cloudwatch:PutMetricAlarm', 'cloudwatch:DeleteAlarms', 'cloudwatch:SetAlarmState'],
        resources: ['*', ...alarms],
      },
      {
        what: 'images, to change them',
        actions: ['ecr:PutImage', 'ecr:BatchDeleteImage'],
        resources: [arn('ecr', images)],
      },
      otherLogs(app),
    ],
    trust: actingFor(app, 'sagemaker.amazonaws.com', ['sagemaker', 'endpoint/any']),
  };
}

/** ModelStore: the upload of artifacts. */
export function uploadRows(app: Deployed): RoleRows {
  const bucket = modelBucket(app);
  const assets = `arn:aws:s3:::cdk-hnb659fds-assets-${ACCOUNT}-${app.plan.target.region}`;
  const artifact = (name: string) => `${bucket}/artifacts/${name}/${ASSET_HASH}.tar.gz`;
  return {
    grants: [
      { actions: ['s3:PutObject'], resources: SPECIALISTS.map(artifact) },
      { actions: ['s3:ListBucket'], resources: [bucket], where: { 's3:prefix': ['artifacts/*'] } },
      { actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [modelKey(app)] },
      { actions: ['s3:GetObject'], resources: [`${assets}/${ASSET_HASH}.zip`] },
      { actions: WRITE_LOG, resources: [`${logGroup(app, 'ModelStore.StoreUploadLogs')}:*`] },
    ],
    denied: [
      {
        what: 'other assets',
        actions: ['s3:GetObject', 's3:ListBucket'],
        resources: [assets, `${assets}/another.zip`],
      },
      {
        what: 'other keys of the bucket',
        actions: ['s3:PutObject'],
        resources: [`${bucket}/artifacts/general/other.tar.gz`, `${bucket}/datasets/x`],
      },
      {
        what: 'what was uploaded',
        actions: ['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:GetObject'],
        resources: SPECIALISTS.map(artifact),
      },
      otherLogs(app),
    ],
    trust: LAMBDA,
  };
}

/** Serving: what measures drift, where requests are captured. */
export function driftRows(app: Deployed): RoleRows {
  const { permissions } = app;
  const captures = permissions.reference('Serving.CapturesBucket', 'Arn');
  const key = permissions.reference('Serving.Key', 'Arn');
  return {
    grants: [
      { actions: ['s3:GetObject'], resources: [`${captures}/captures/*`] },
      { actions: ['s3:ListBucket'], resources: [captures], where: { 's3:prefix': ['captures/*'] } },
      { actions: ['kms:Decrypt'], resources: [key], where: capturesOf(app) },
      { actions: WRITE_LOG, resources: [`${logGroup(app, 'Serving.DriftLogs')}:*`] },
    ],
    denied: [
      {
        what: 'captures, to change them',
        actions: ['s3:PutObject', 's3:DeleteObject'],
        resources: [`${captures}/captures/x`],
      },
      {
        what: 'other buckets',
        actions: ['s3:GetObject'],
        resources: [`${modelBucket(app)}/captures/x`, `${captures}-2/captures/x`],
      },
      {
        what: 'the key for anything else',
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: [key],
      },
      otherLogs(app),
    ],
    trust: LAMBDA,
  };
}
