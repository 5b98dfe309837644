import { CfnResource } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Stack } from 'aws-cdk-lib';
import { breaches, breachesOf, violations } from './sagemaker-fixture';

const lambdaService = new iam.ServicePrincipal('lambda.amazonaws.com');
const ROLE = 'arn:aws:iam::111111111111:role/execution';

function allow(actions: string[], resources: string[]): iam.PolicyStatement {
  return new iam.PolicyStatement({ actions, resources });
}

function inlineRole(stack: Stack, ...statements: iam.PolicyStatement[]): iam.Role {
  return new iam.Role(stack, 'Role', {
    assumedBy: lambdaService,
    inlinePolicies: { own: new iam.PolicyDocument({ statements }) },
  });
}

function trusting(conditions: Record<string, Record<string, string>>) {
  return (stack: Stack) => {
    new iam.Role(stack, 'Role', {
      assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com', { conditions }),
    });
  };
}

describe('roles are passed by name only', () => {
  const rule = 'NarrowPassRole';

  it.each([
    ['iam:PassRole', '*'],
    ['iam:Pass*', '*'],
    ['iam:PassRole', 'arn:aws:iam::111111111111:role/*'],
  ])('refuses %s on %s', (action, resource) => {
    expect(breachesOf(rule, (stack) => inlineRole(stack, allow([action], [resource])))).toEqual([
      `${rule}[Resource::${resource}]`,
    ]);
  });

  it('accepts one role by name', () => {
    expect(breachesOf(rule, (stack) => inlineRole(stack, allow(['iam:PassRole'], [ROLE])))).toEqual([]);
  });
});

describe('no identity both creates SageMaker resources and passes a role', () => {
  const rule = 'NoCreateWithPassRole';

  it('refuses the two in one policy', () => {
    const found = breachesOf(rule, (stack) => {
      inlineRole(stack, allow(['iam:PassRole'], [ROLE]), allow(['sagemaker:CreateTrainingJob'], ['*']));
    });
    expect(found).toEqual([`${rule}[Action::sagemaker:CreateTrainingJob]`]);
  });

  it('adds up the policies that are attached to one role, by reference, by name and by ARN', () => {
    const found = violations((stack) => {
      const passing = (id: string, roleName?: string) =>
        new iam.Role(stack, id, {
          roleName,
          assumedBy: lambdaService,
          inlinePolicies: { pass: new iam.PolicyDocument({ statements: [allow(['iam:PassRole'], [ROLE])] }) },
        });
      new iam.Policy(stack, 'ByReference', {
        roles: [passing('First')],
        statements: [allow(['sagemaker:Create*'], ['*'])],
      });
      const named = passing('Second', 'second');
      new CfnResource(stack, 'ByName', {
        type: 'AWS::IAM::RolePolicy',
        properties: {
          RoleName: 'second',
          PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'sagemaker:Create*', Resource: '*' }] },
        },
      });
      new CfnResource(stack, 'ByWrittenReference', {
        type: 'AWS::IAM::Policy',
        properties: {
          Roles: [{ Ref: stack.getLogicalId(passing('Fourth').node.defaultChild as iam.CfnRole) }],
          PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'sagemaker:Create*', Resource: '*' }] },
        },
      });
      passing('Third').addManagedPolicy(
        new iam.ManagedPolicy(stack, 'ByArn', { statements: [allow(['sagemaker:Create*'], ['*'])] }),
      );
      expect(named.roleName).not.toBe('');
    });
    const escalation = found.find(({ ruleName }) => ruleName.includes(rule));
    expect(escalation?.violatingResources.map(({ constructPath }) => constructPath)).toEqual([
      'Serving/First/Resource',
      'Serving/Second/Resource',
      'Serving/Fourth/Resource',
      'Serving/Third/Resource',
    ]);
  });

  it('accepts either of the two alone', () => {
    const found = breachesOf(rule, (stack) => {
      inlineRole(stack, allow(['iam:PassRole'], [ROLE]), allow(['sagemaker:DescribeEndpoint'], ['*']));
      const creator = new iam.Role(stack, 'Creator', { assumedBy: lambdaService });
      creator.addToPolicy(allow(['sagemaker:CreateTrainingJob'], ['*']));
    });
    expect(found).toEqual([]);
  });
});

describe('SageMaker assumes a role only for this account’s own resources', () => {
  const rule = 'GuardedServiceTrust';
  const account = { 'aws:SourceAccount': '111111111111' };
  const arn = { 'aws:SourceArn': 'arn:aws:sagemaker:us-east-1:111111111111:*' };

  it.each<[string, Record<string, Record<string, string>>, string[]]>([
    ['no condition', {}, ['aws:SourceAccount', 'aws:SourceArn']],
    ['the account alone', { StringEquals: account }, ['aws:SourceArn']],
    ['the ARN alone', { ArnLike: arn }, ['aws:SourceAccount']],
    ['any ARN', { StringEquals: account, ArnLike: { 'aws:SourceArn': '*' } }, ['aws:SourceArn']],
    ['a negated account', { StringNotEquals: account, ArnLike: arn }, ['aws:SourceAccount']],
    ['an optional account', { StringEqualsIfExists: account, ArnLike: arn }, ['aws:SourceAccount']],
  ])('refuses %s', (_case, conditions, missing) => {
    expect(breachesOf(rule, trusting(conditions))).toEqual(
      missing.map((key) => `${rule}[Condition::${key}]`),
    );
  });

  it('accepts both conditions, in any letter case of the keys', () => {
    expect(breachesOf(rule, trusting({ StringEquals: account, ArnLike: arn }))).toEqual([]);
    const lower = { StringEquals: { 'aws:sourceaccount': '1' }, ArnEquals: { 'AWS:SOURCEARN': 'arn:x' } };
    expect(breachesOf(rule, trusting(lower))).toEqual([]);
  });

  it('asks nothing of roles for other services', () => {
    expect(breaches((stack) => void new iam.Role(stack, 'Role', { assumedBy: lambdaService }))).toEqual([]);
  });
});
