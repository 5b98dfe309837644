import { SPECIALISTS, type Specialist } from '../../models/catalogue';
import type { EndpointPlan } from '../../lib/plan/types';
import { type Serving, servingOf } from '../support/app-serving';
import {
  type FlatStatement,
  flat,
  permissionsOf,
  resourceBehind,
  resourceOf,
  resourcesOf,
  statementsIn,
  targetOf,
} from '../support/app-template';
import { dedicated, serverless, shared, topologyOf } from '../support/app-topologies';

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

const artifact = (specialist: Specialist): string =>
  expect.stringMatching(
    new RegExp(`^\\$\\{.*StoreBucket.*Arn.*\\}/artifacts/${specialist}/[0-9a-f]{16}\\.tar\\.gz$`),
  ) as string;

const readArtifact = (specialist: Specialist): FlatStatement => ({
  effect: 'Allow',
  actions: ['s3:GetObject'],
  resources: [artifact(specialist)],
});

/** Everything but the artifacts. */
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
    actions: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
    resources: [
      expect.stringMatching(/^\$\{Endpoint\w+Logs\w+\.Arn\}$/) as string,
      expect.stringMatching(
        /^arn:aws:logs:us-east-1:\$\{AWS::AccountId\}:log-group:\$\{Endpoint\w+Logs\w+\}$/,
      ) as string,
    ],
  },
  {
    effect: 'Allow',
    actions: ['kms:Decrypt'],
    resources: [expect.stringMatching(/^\$\{.*StoreKey.*Arn.*\}$/) as string],
  },
];

describe('the execution role of an endpoint', () => {
  it.each([
    ['serverless', serverless('bruteforce')],
    ['dedicated', dedicated('bruteforce')],
  ])('may do this and nothing else: %s', (_mode, plan) => {
    expect(permissionsFor(plan)).toEqual([readArtifact('bruteforce'), ...EVERYWHERE]);
  });

  it('reads every version of its own specialists, and lists them, where models are loaded on demand', () => {
    expect(permissionsFor(shared(['ddos', 'bruteforce']))).toEqual([
      {
        effect: 'Allow',
        actions: ['s3:GetObject'],
        resources: ['bruteforce', 'ddos'].map((name) =>
          expect.stringMatching(new RegExp(`^\\$\\{.*StoreBucket.*Arn.*\\}/artifacts/${name}/\\*$`)),
        ),
      },
      {
        effect: 'Allow',
        actions: ['s3:ListBucket'],
        resources: [expect.stringMatching(/^\$\{.*StoreBucket.*Arn.*\}$/)],
        conditions: { StringLike: { 's3:prefix': 'artifacts/*' } },
      },
      ...EVERYWHERE,
    ]);
  });

  it('reads the artifact of its own specialist, never another’s', () => {
    const roles = rolesOf(servingOf(topologyOf(SPECIALISTS.map((name) => serverless(name)))));

    for (const name of SPECIALISTS) {
      const reads = roles[`mini-xdr-dev-${name}-serverless`]?.filter(({ actions }) =>
        actions.some((action) => action.startsWith('s3:')),
      );
      expect(reads).toEqual([readArtifact(name)]);
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
