import { SPECIALISTS, type Specialist } from '../../../models/catalogue';
import type { EndpointPlan } from '../../../lib/plan/hosting/endpoint-plan';
import { type Serving, servingOf } from '../../support/app/serving-app';
import {
  type FlatStatement,
  flat,
  permissionsOf,
  resourceBehind,
  resourceOf,
  resourcesOf,
  statementsIn,
  targetOf,
} from '../../support/app/template';
import { dedicated, serverless, shared, topologyOf } from '../../support/app/topologies';

const ACCOUNT = '${AWS::AccountId}';

/** What the execution role of each endpoint may do, by endpoint name. */
function rolesOf({ serving }: Serving): Record<string, readonly FlatStatement[]> {
  return Object.fromEntries(
    resourcesOf(serving, 'AWS::SageMaker::Endpoint').map(({ properties }) => {
      const config = resourceBehind(serving, properties['EndpointConfigName']);
      const [variant] = config.properties['ProductionVariants'] as { ModelName: unknown }[];
      const model = resourceBehind(serving, variant?.ModelName);
      const role = targetOf(model.properties['ExecutionRoleArn']) ?? '';
      return [String(properties['EndpointName']), permissionsOf(serving, role)];
    }),
  );
}

function permissionsFor(plan: EndpointPlan): readonly FlatStatement[] {
  return rolesOf(servingOf(topologyOf([plan])))[plan.name] ?? [];
}

const readArtifacts = (...specialists: readonly Specialist[]): FlatStatement => ({
  effect: 'Allow',
  actions: ['s3:GetObject'],
  resources: specialists.map(
    (name) =>
      expect.stringMatching(new RegExp(`^\\$\\{.*StoreBucket.*Arn.*\\}/artifacts/${name}/\\*$`)) as string,
  ),
});

/** The alarms of the endpoint itself, by name. */
const readAlarms = ({ name }: EndpointPlan): FlatStatement => ({
  effect: 'Allow',
  actions: ['cloudwatch:DescribeAlarms'],
  resources: ['errors', 'latency'].map(
    (alarm) => `arn:aws:cloudwatch:us-east-1:\${AWS::AccountId}:alarm:${name}-rollback-${alarm}`,
  ),
});

/** Image, metrics and logs. */
const EVERYWHERE: readonly FlatStatement[] = [
  {
    effect: 'Allow',
    actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
    resources: [
      `arn:aws:ecr:us-east-1:${ACCOUNT}:repository/cdk-hnb659fds-container-assets-${ACCOUNT}-us-east-1`,
    ],
  },
  { effect: 'Allow', actions: ['ecr:GetAuthorizationToken'], resources: ['*'] },
  {
    effect: 'Allow',
    actions: ['cloudwatch:PutMetricData'],
    resources: ['*'],
    conditions: { StringLike: { 'cloudwatch:namespace': '/aws/sagemaker/*' } },
  },
  {
    effect: 'Allow',
    actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
    resources: [
      expect.stringMatching(/^\$\{Endpoint\w+Logs\w+\.Arn\}$/) as string,
      expect.stringMatching(
        /^arn:aws:logs:us-east-1:\$\{AWS::AccountId\}:log-group:\$\{Endpoint\w+Logs\w+\}$/,
      ) as string,
    ],
  },
];

const DECRYPT_MODELS: FlatStatement = {
  effect: 'Allow',
  actions: ['kms:Decrypt'],
  resources: [expect.stringMatching(/^\$\{.*StoreKey.*Arn.*\}$/) as string],
};

describe('the execution role of an endpoint', () => {
  it.each([
    ['serverless', serverless('bruteforce'), false],
    ['dedicated', dedicated('bruteforce'), true],
  ])('may do this and nothing else: %s', (_mode, plan, guarded) => {
    expect(permissionsFor(plan)).toEqual([
      readArtifacts('bruteforce'),
      ...EVERYWHERE,
      ...(guarded ? [readAlarms(plan)] : []),
      DECRYPT_MODELS,
    ]);
  });

  it('lists the models where SageMaker loads them on demand, by the prefix with its slash or without it', () => {
    expect(permissionsFor(shared(['ddos', 'bruteforce']))).toEqual([
      readArtifacts('bruteforce', 'ddos'),
      {
        effect: 'Allow',
        actions: ['s3:ListBucket'],
        resources: [expect.stringMatching(/^\$\{.*StoreBucket.*Arn.*\}$/)],
        conditions: { StringLike: { 's3:prefix': ['artifacts', 'artifacts/*'] } },
      },
      ...EVERYWHERE,
      readAlarms(shared(['ddos', 'bruteforce'])),
      DECRYPT_MODELS,
    ]);
  });

  it('reads the artifacts of its own specialist, never another’s', () => {
    const roles = rolesOf(servingOf(topologyOf(SPECIALISTS.map((name) => serverless(name)))));

    for (const name of SPECIALISTS) {
      const reads = roles[`mini-xdr-dev-${name}-serverless`]?.filter(({ actions }) =>
        actions.some((action) => action.startsWith('s3:')),
      );
      expect(reads).toEqual([readArtifacts(name)]);
    }
  });

  it('sees the alarms that take its own endpoint’s updates back, never another’s', () => {
    const serving = servingOf(topologyOf([dedicated('general'), dedicated('ddos')]));
    const alarms = resourcesOf(serving.serving, 'AWS::CloudWatch::Alarm').map(({ properties }) =>
      String(properties['AlarmName']),
    );

    for (const [endpoint, permissions] of Object.entries(rolesOf(serving))) {
      const own = alarms.filter((alarm) => alarm.startsWith(`${endpoint}-rollback-`));
      const seen = permissions
        .filter(({ actions }) => actions.includes('cloudwatch:DescribeAlarms'))
        .flatMap(({ resources }) => resources.map((arn) => arn.replace(/^.*:alarm:/, '')));
      expect(own).toHaveLength(2);
      expect(new Set(seen)).toEqual(new Set(own));
    }
  });

  it('writes the log group of its own endpoint, never another’s', () => {
    const { serving } = servingOf(topologyOf([serverless('general'), serverless('ddos')]));
    const groups = resourcesOf(serving, 'AWS::Logs::LogGroup');

    for (const [endpoint, permissions] of Object.entries(rolesOf({ serving } as Serving))) {
      const own = groups.find(
        ({ properties }) => properties['LogGroupName'] === `/aws/sagemaker/Endpoints/${endpoint}`,
      );
      const written = permissions
        .filter(({ actions }) => actions.includes('logs:PutLogEvents'))
        .flatMap(({ resources }) => resources);
      expect(written).toHaveLength(2);
      for (const resource of written) expect(resource).toContain(own?.id);
    }
  });

  it('is assumed by SageMaker only, and only on behalf of this account', () => {
    const { serving } = servingOf(topologyOf([serverless('general')]));
    const model = resourceOf(serving, 'AWS::SageMaker::Model');
    const { properties } = resourceBehind(serving, model.properties['ExecutionRoleArn']);

    expect(statementsIn(properties['AssumeRolePolicyDocument'])).toEqual([
      {
        effect: 'Allow',
        actions: ['sts:AssumeRole'],
        resources: [],
        principals: { Service: 'sagemaker.amazonaws.com' },
        conditions: {
          StringEquals: { 'aws:SourceAccount': ACCOUNT },
          ArnLike: { 'aws:SourceArn': `arn:aws:sagemaker:us-east-1:${ACCOUNT}:*` },
        },
      },
    ]);
    expect(flat(properties)).not.toHaveProperty('ManagedPolicyArns');
  });
});
