import { readFileSync } from 'node:fs';
import { Template } from 'aws-cdk-lib/assertions';
import { assess } from '../../../lib/compliance/apply-compliance';
import { projectPath } from '../../../lib/util/project-path';
import { ModelStoreStack } from '../../../lib/stacks/model-store-stack';
import { OperationsStack } from '../../../lib/stacks/operations-stack';
import { ServingStack } from '../../../lib/stacks/serving-stack';
import { dayPrefix } from '../../../lambda/inference/capture/capture-format';
import { parseDriftConfiguration } from '../../../lambda/drift/drift-configuration';
import { DRIFT_METRICS } from '../../../lambda/drift/drift-metrics';
import { SPECIALISTS } from '../../../models/catalogue';
import { projectApp } from '../../support/app/serving-app';
import {
  type FlatStatement,
  type Resource,
  type TemplateJson,
  flat,
  permissionsOf,
  resourceBehind,
  resourceOf,
  resourcesOf,
  statementsIn,
  targetOf,
  templateJson,
} from '../../support/app/template';
import { TOPOLOGIES } from '../../support/app/topologies';
import { environmentWith } from '../../support/stacks/infrastructure';

const FUNCTION = 'AWS::Lambda::Function';
const RETENTION_DAYS = 14;

const environment = environmentWith({
  inference: { capture: { sampleRate: 0.2, retentionDays: RETENTION_DAYS } },
});
const app = projectApp();
const modelStore = new ModelStoreStack(app, 'ModelStore', {
  environment,
  modelsFolder: projectPath('models'),
});
const servingStack = new ServingStack(app, 'Serving', {
  environment,
  store: modelStore.store,
  accessLogs: modelStore.accessLogs,
  topology: TOPOLOGIES['no endpoint, everything embedded'],
});
const { endpoints, inference: door, drift: watcher } = servingStack;
const operationsStack = new OperationsStack(app, 'Operations', {
  environment,
  endpoints,
  inference: door,
  drift: watcher,
});
const assessment = assess(app);
const serving = templateJson(Template.fromStack(servingStack));
const operations = templateJson(Template.fromStack(operationsStack));

function functionWith(template: TemplateJson, variable: string): Resource {
  const found = resourcesOf(template, FUNCTION).find(({ properties }) => {
    const { Variables = {} } = (properties['Environment'] ?? {}) as { Variables?: object };
    return variable in Variables;
  });
  if (found === undefined) throw new Error(`no function with ${variable}`);
  return found;
}

const variableOf = ({ properties }: Resource, name: string): string =>
  String(flat((properties['Environment'] as { Variables: Record<string, unknown> }).Variables[name]));

const roleOf = ({ properties }: Resource): string => targetOf(properties['Role']) ?? '';

const bucket = resourceOf(serving, 'AWS::S3::Bucket');
const key = resourceOf(serving, 'AWS::KMS::Key');
const drift = functionWith(serving, 'DRIFT');
const inference = functionWith(serving, 'INFERENCE');
const ARN = `\${${bucket.id}.Arn}`;

/** Use of the serving key, for this bucket and through S3 alone. */
const useOfKey = (action: string): FlatStatement => ({
  effect: 'Allow',
  actions: [action],
  resources: [`\${${key.id}.Arn}`],
  conditions: {
    StringEquals: {
      'kms:ViaService': 's3.us-east-1.amazonaws.com',
      'kms:EncryptionContext:aws:s3:arn': ARN,
    },
  },
});

describe('the store of captures', () => {
  it('is under the customer key of serving, private, and logs who reads it', () => {
    expect(flat(bucket.properties['BucketEncryption'])).toEqual({
      ServerSideEncryptionConfiguration: [
        {
          BucketKeyEnabled: true,
          ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: `\${${key.id}.Arn}` },
        },
      ],
    });
    expect(bucket.properties['PublicAccessBlockConfiguration']).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
    expect(bucket.properties['LoggingConfiguration']).toMatchObject({
      LogFilePrefix: expect.stringMatching(/\/captures\//),
    });
  });

  it('lets AWS name it', () => {
    expect(bucket.properties).not.toHaveProperty('BucketName');
  });

  it('forgets what is older than the configured days, old versions and markers included', () => {
    const { Rules } = bucket.properties['LifecycleConfiguration'] as { Rules: Record<string, unknown>[] };

    expect(Rules.every(({ Status, Prefix, Filter }) => Status === 'Enabled' && !Prefix && !Filter)).toBe(
      true,
    );
    expect(Object.assign({}, ...Rules)).toMatchObject({
      ExpirationInDays: RETENTION_DAYS,
      NoncurrentVersionExpiration: { NoncurrentDays: 1 },
      ExpiredObjectDeleteMarker: true,
    });
  });
});

describe('the inference role', () => {
  it('may add captures, and neither read, list nor delete any', () => {
    const about = permissionsOf(serving, roleOf(inference)).filter(({ actions }) =>
      actions.some((action) => /^(s3|kms):/.test(action)),
    );

    expect(about).toEqual([
      { effect: 'Allow', actions: ['s3:PutObject'], resources: [`${ARN}/captures/*`] },
      useOfKey('kms:GenerateDataKey'),
    ]);
  });

  it('goes with a configuration that names the bucket and the rate', () => {
    expect(JSON.parse(variableOf(inference, 'INFERENCE'))).toMatchObject({
      capture: { bucket: `\${${bucket.id}}`, sampleRate: 0.2 },
    });
  });
});

describe('the drift role', () => {
  it('may list and read captures and write its own log, and nothing else at all', () => {
    const { LogGroup: group } = drift.properties['LoggingConfig'] as { LogGroup: unknown };

    expect(permissionsOf(serving, roleOf(drift))).toEqual([
      {
        effect: 'Allow',
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [`\${${targetOf(group)}.Arn}`],
      },
      {
        effect: 'Allow',
        actions: ['s3:ListBucket'],
        resources: [ARN],
        conditions: { StringLike: { 's3:prefix': 'captures/*' } },
      },
      { effect: 'Allow', actions: ['s3:GetObject'], resources: [`${ARN}/captures/*`] },
      useOfKey('kms:Decrypt'),
    ]);
    expect(resourceBehind(serving, { Ref: roleOf(drift) }).properties).not.toHaveProperty(
      'ManagedPolicyArns',
    );
  });

  it('covers every prefix that the function lists', () => {
    for (const specialist of SPECIALISTS) expect(dayPrefix(specialist, new Date())).toMatch(/^captures\/./);
  });
});

describe('the drift function', () => {
  it('runs as the inference function does, with time for a day', () => {
    const { Runtime: runtime, Architectures: architectures } = inference.properties;

    expect(drift.properties).toMatchObject({ Runtime: runtime, Architectures: architectures, Timeout: 900 });
  });

  it('finds its bucket and environment in its configuration', () => {
    expect(parseDriftConfiguration(variableOf(drift, 'DRIFT'))).toEqual({
      environment: 'dev',
      bucket: `\${${bucket.id}}`,
    });
  });

  it('is run once a day by its own rule, and tried twice more when it fails', () => {
    const rule = resourceOf(serving, 'AWS::Events::Rule');
    const permission = resourceOf(serving, 'AWS::Lambda::Permission');

    expect(rule.properties).toMatchObject({ ScheduleExpression: 'cron(0 1 * * ? *)', State: 'ENABLED' });
    expect(flat(rule.properties['Targets'])).toEqual([
      expect.objectContaining({ Arn: `\${${drift.id}.Arn}` }),
    ]);
    expect(flat(permission.properties)).toMatchObject({
      Principal: 'events.amazonaws.com',
      FunctionName: `\${${drift.id}.Arn}`,
      SourceArn: `\${${rule.id}.Arn}`,
    });
    expect(resourceOf(serving, 'AWS::Lambda::EventInvokeConfig').properties).toMatchObject({
      MaximumRetryAttempts: 2,
      MaximumEventAgeInSeconds: 6 * 3600,
    });
  });
});

describe('an environment that captures', () => {
  const alarms = resourcesOf(operations, 'AWS::CloudWatch::Alarm').filter(({ properties }) =>
    String(properties['AlarmDescription']).match(/#(model-drift|drift-errors)$/),
  );

  it('has an alarm on the drift of each specialist, that looks at one day and waits for the next figure', () => {
    const drifts = alarms.filter(({ properties }) => properties['MetricName'] === DRIFT_METRICS.largestPsi);

    expect(drifts.map(({ properties }) => properties['Dimensions'])).toEqual(
      SPECIALISTS.map((specialist) => [
        { Name: 'Environment', Value: 'dev' },
        { Name: 'Specialist', Value: specialist },
      ]),
    );
    for (const { properties } of drifts) {
      expect(properties).toMatchObject({
        Namespace: 'MiniXdr/Drift',
        Threshold: 0.25,
        ComparisonOperator: 'GreaterThanThreshold',
        Statistic: 'Maximum',
        Period: 86_400,
        EvaluationPeriods: 1,
        TreatMissingData: 'ignore',
      });
    }
  });

  it('has an alarm on the function that would tell it', () => {
    expect(alarms.filter(({ properties }) => properties['MetricName'] === 'Errors')).toHaveLength(1);
  });

  it('has a section in the runbook for each', () => {
    const runbook = readFileSync(projectPath('docs/runbook.md'), 'utf8');

    for (const section of ['model-drift', 'drift-errors']) expect(runbook).toContain(`\n## ${section}\n`);
  });

  it('shows drift on the dashboard', () => {
    const { DashboardBody: body } = resourceOf(operations, 'AWS::CloudWatch::Dashboard').properties;

    expect(JSON.stringify(body)).toContain(DRIFT_METRICS.largestPsi);
  });

  it('passes every pack, with no acknowledgement that accepts nothing', () => {
    expect(assessment.outstanding).toEqual([]);
    expect(assessment.stale).toEqual([]);
  });

  it('denies plain HTTP to the captures', () => {
    const policy = resourcesOf(serving, 'AWS::S3::BucketPolicy').find(
      ({ properties }) => targetOf(properties['Bucket']) === bucket.id,
    );

    expect(statementsIn(policy?.properties['PolicyDocument'])).toContainEqual(
      expect.objectContaining({
        effect: 'Deny',
        actions: ['s3:*'],
        conditions: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    );
  });
});
