import { CfnResource, Fn } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Stack } from 'aws-cdk-lib';
import { breachesOf, violations } from './sagemaker-fixture';

const lambdaService = new iam.ServicePrincipal('lambda.amazonaws.com');
const ENDPOINT = 'arn:aws:sagemaker:us-east-1:111111111111:endpoint/dev-general';

function allow(actions: string[], resources: string[]): iam.PolicyStatement {
  return new iam.PolicyStatement({ actions, resources });
}

function inlineRole(stack: Stack, ...statements: iam.PolicyStatement[]): iam.Role {
  return new iam.Role(stack, 'Role', {
    assumedBy: lambdaService,
    inlinePolicies: { own: new iam.PolicyDocument({ statements }) },
  });
}

describe('no identity holds an AWS managed full-access policy', () => {
  const rule = 'NoFullAccessPolicy';

  it.each([
    'AmazonSageMakerFullAccess',
    'AmazonS3FullAccess',
    'AWSLambda_FullAccess',
    'CloudWatchFullAccessV2',
    'AdministratorAccess',
    'PowerUserAccess',
  ])('refuses %s on a role', (name) => {
    const found = breachesOf(rule, (stack) => {
      new iam.Role(stack, 'Role', {
        assumedBy: lambdaService,
        managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName(name)],
      });
    });
    expect(found).toEqual([`${rule}[Policy::${name}]`]);
  });

  it.each<[string, unknown]>([
    ['a written ARN', 'arn:aws:iam::aws:policy/AmazonS3FullAccess'],
    ['a job function ARN', 'arn:aws:iam::aws:policy/job-function/AmazonS3FullAccess'],
    ['another partition', 'arn:aws-cn:iam::aws:policy/AmazonS3FullAccess'],
    ['Fn::Join', Fn.join('', ['arn:', Fn.ref('AWS::Partition'), ':iam::aws:policy/AmazonS3FullAccess'])],
    ['Fn::Sub', { 'Fn::Sub': 'arn:${AWS::Partition}:iam::aws:policy/AmazonS3FullAccess' }],
  ])('recognises it as %s', (_form, arn) => {
    const found = breachesOf(rule, (stack) => {
      new CfnResource(stack, 'Raw', { type: 'AWS::IAM::Role', properties: { ManagedPolicyArns: [arn] } });
    });
    expect(found).toEqual([`${rule}[Policy::AmazonS3FullAccess]`]);
  });

  it.each([
    ['AWS::IAM::User', 'ManagedPolicyArns'],
    ['AWS::IAM::Group', 'ManagedPolicyArns'],
    ['AWS::SSO::PermissionSet', 'ManagedPolicies'],
  ])('looks at %s', (type, property) => {
    const found = breachesOf(rule, (stack) => {
      new CfnResource(stack, 'Identity', {
        type,
        properties: { [property]: ['arn:aws:iam::aws:policy/AmazonSageMakerFullAccess'] },
      });
    });
    expect(found).toEqual([`${rule}[Policy::AmazonSageMakerFullAccess]`]);
  });

  it('sees a policy that a property override adds', () => {
    const found = breachesOf(rule, (stack) => {
      const role = new iam.CfnRole(stack, 'Role', { assumeRolePolicyDocument: {} });
      role.addPropertyOverride('ManagedPolicyArns', ['arn:aws:iam::aws:policy/AmazonS3FullAccess']);
    });
    expect(found).toEqual([`${rule}[Policy::AmazonS3FullAccess]`]);
  });

  it('refuses a managed policy of our own that allows a whole service on everything', () => {
    const found = breachesOf(rule, (stack) => {
      new iam.ManagedPolicy(stack, 'Policy', { statements: [allow(['sagemaker:*'], ['*'])] });
    });
    expect(found).toEqual([`${rule}[Action::sagemaker:*]`]);
  });

  it('accepts narrow managed policies, and customer policies that only sound alike', () => {
    const found = breachesOf(rule, (stack) => {
      new iam.Role(stack, 'Role', {
        assumedBy: lambdaService,
        managedPolicies: [
          iam.ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSLambdaBasicExecutionRole'),
          iam.ManagedPolicy.fromManagedPolicyArn(
            stack,
            'Own',
            'arn:aws:iam::111111111111:policy/NoFullAccess',
          ),
        ],
      });
      new iam.ManagedPolicy(stack, 'Narrow', { statements: [allow(['s3:*'], ['arn:aws:s3:::one/*'])] });
    });
    expect(found).toEqual([]);
  });
});

describe('endpoints are invoked by name only', () => {
  const rule = 'NarrowInvoke';

  it.each([
    ['sagemaker:InvokeEndpoint', '*'],
    ['sagemaker:InvokeEndpointAsync', '*'],
    ['sagemaker:*', '*'],
    ['sagemaker:Invoke*', '*'],
    ['SageMaker:invokeendpoint', '*'],
    ['*', '*'],
    ['sagemaker:InvokeEndpoint', 'arn:aws:sagemaker:us-east-1:111111111111:endpoint/*'],
    ['sagemaker:InvokeEndpoint', 'arn:aws:sagemaker:us-east-1:111111111111:endpoint/dev-?'],
  ])('refuses %s on %s', (action, resource) => {
    expect(breachesOf(rule, (stack) => inlineRole(stack, allow([action], [resource])))).toEqual([
      `${rule}[Resource::${resource}]`,
    ]);
  });

  it('looks at attached policies, managed policies and permission sets as well', () => {
    const found = breachesOf(rule, (stack) => {
      const role = new iam.Role(stack, 'Role', { assumedBy: lambdaService });
      role.addToPolicy(allow(['sagemaker:InvokeEndpoint'], ['*']));
      new iam.ManagedPolicy(stack, 'Managed', { statements: [allow(['sagemaker:Invoke*'], ['arn:*'])] });
      new CfnResource(stack, 'Set', {
        type: 'AWS::SSO::PermissionSet',
        properties: {
          InlinePolicy: {
            Statement: { Effect: 'Allow', Action: 'sagemaker:*', Resource: 'arn:aws:sagemaker:*' },
          },
        },
      });
    });
    expect(found).toEqual([
      `${rule}[Resource::*]`,
      `${rule}[Resource::arn:*]`,
      `${rule}[Resource::arn:aws:sagemaker:*]`,
    ]);
  });

  it('refuses to allow by exclusion', () => {
    const found = breachesOf(rule, (stack) => {
      inlineRole(
        stack,
        new iam.PolicyStatement({ notActions: ['iam:*'], resources: [ENDPOINT] }),
        new iam.PolicyStatement({ actions: ['s3:GetObject'], notResources: [ENDPOINT] }),
      );
    });
    expect(found).toEqual([`${rule}[NotAction]`, `${rule}[NotResource]`]);
  });

  it('accepts named endpoints, references, denials, and other actions on everything', () => {
    const found = breachesOf(rule, (stack) => {
      inlineRole(
        stack,
        allow(['sagemaker:InvokeEndpoint'], [ENDPOINT, Fn.importValue('Endpoint')]),
        allow(['sagemaker:ListEndpoints'], ['*']),
        new iam.PolicyStatement({ effect: iam.Effect.DENY, actions: ['sagemaker:*'], resources: ['*'] }),
        new iam.PolicyStatement({ effect: iam.Effect.DENY, notActions: ['s3:*'], resources: ['*'] }),
      );
    });
    expect(found).toEqual([]);
  });
});

it('every finding says what is wrong and how to mend it', () => {
  const [found] = violations((stack) => inlineRole(stack, allow(['sagemaker:InvokeEndpoint'], ['*'])));
  expect(found?.description).toBe(
    'sagemaker:InvokeEndpoint is allowed on *, which stands for more than one endpoint. ' +
      "Use the endpoint's grantInvoke, or name each endpoint's ARN without a wildcard.",
  );
  expect(found?.severity).toBe('error');
});
