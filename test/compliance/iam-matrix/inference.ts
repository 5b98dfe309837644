import { ACCOUNT, type Deployed, FOREIGN_ACCOUNT } from '../../support/app-policies';
import { capturesOf, logGroup } from './common';
import type { Denied, Grant, RoleRows } from './rows';

const INVOKE = ['sagemaker:InvokeEndpoint'];

const endpointsOf = ({ plan }: Deployed) => plan.topology.endpoints;

/**
 * All that the inference Lambda may do. One line a permission: a new one is added here, and only here, together with
 * the grant.
 */
function grantsOf(app: Deployed): Grant[] {
  const { permissions, arn, plan } = app;
  const { capture } = plan.environment.inference;
  return [
    ...endpointsOf(app).map(({ name, mode, specialists }) => ({
      actions: INVOKE,
      resources: [arn('sagemaker', `endpoint/${name}`)],
      ...(mode === 'shared' && { where: { 'sagemaker:TargetModel': specialists.map((one) => `${one}/*`) } }),
    })),
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

/** An endpoint's neighbours: whatever is nearly it. */
function neighbours(endpoint: string): Record<string, string> {
  return {
    'another endpoint of the account': endpoint.replace(/[^/]+$/, 'another'),
    'the same name in another account': endpoint.replace(ACCOUNT, FOREIGN_ACCOUNT),
    'the same name in another region': endpoint.replace(/:[a-z]+-[a-z]+-\d:/, ':eu-west-3:'),
    'the same name in another partition': endpoint.replace('arn:aws:', 'arn:aws-cn:'),
    'a name that goes on behind its own': `${endpoint}-2`,
    'a name that ends in its own': endpoint.replace('/', '/a-'),
    'its name in other letters': endpoint.replace(/[^/]+$/, (name) => name.toUpperCase()),
    'an inference component': endpoint.replace(':endpoint/', ':inference-component/'),
    'no endpoint at all': '*',
  };
}

function deniedOf(app: Deployed): Denied[] {
  const { permissions, arn } = app;
  const own = endpointsOf(app).map(({ name }) => arn('sagemaker', `endpoint/${name}`));
  const first = endpointsOf(app)[0]?.specialists[0] ?? 'general';
  const context = { 'sagemaker:TargetModel': `${first}/model.tar.gz` };
  const modelBucket = permissions.reference('ModelStore.StoreBucket', 'Arn');
  const self = permissions.reference('Serving.InferenceFunction', 'Arn');
  return [
    ...own.flatMap((endpoint) =>
      Object.entries(neighbours(endpoint)).map(([what, resource]) => ({
        what: `${what} (${endpoint})`,
        actions: INVOKE,
        resources: [resource],
        context,
      })),
    ),
    ...endpointsOf(app)
      .filter(({ mode }) => mode === 'shared')
      .flatMap(({ name }) =>
        [{}, ...['other/model.tar.gz', `x${first}/model.tar.gz`, first, '*'].map(targeting)].map(
          (target) => ({
            what: `the model of nobody in the plan, ${JSON.stringify(target)}`,
            actions: INVOKE,
            resources: [arn('sagemaker', `endpoint/${name}`)],
            context: target,
          }),
        ),
      ),
    {
      what: 'anything else with its endpoints',
      actions: [
        'InvokeEndpointAsync',
        'InvokeEndpointWithResponseStream',
        'CreateEndpoint',
        'UpdateEndpoint',
        'UpdateEndpointWeightsAndCapacities',
        'DeleteEndpoint',
        'DescribeEndpoint',
        'ListEndpoints',
      ].map((name) => `sagemaker:${name}`),
      resources: [...own, '*'],
      context,
    },
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

function targeting(model: string): Record<string, string> {
  return { 'sagemaker:TargetModel': model };
}

/** The inference Lambda's role. */
export function inferenceRows(app: Deployed): RoleRows {
  return { grants: grantsOf(app), denied: deniedOf(app), trust: { service: 'lambda.amazonaws.com' } };
}
