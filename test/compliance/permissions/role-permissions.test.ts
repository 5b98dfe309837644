import { App, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { JsonRecord } from '../../../lib/util/json';
import {
  renderPermissions,
  rolePermissions,
  type Template,
} from '../../../lib/compliance/permissions/role-permissions';
import { givenThreeStacks, textOf } from './permissions-fixture';

/** The section of one identity or resource, without indentation in common. */
function section(text: string, heading: string): string {
  return (
    text
      .split('\n\n')
      .find((part) => part.startsWith(`${heading}\n`))
      ?.trimEnd() ?? ''
  );
}

function roleIn(properties: JsonRecord): Record<string, Template> {
  return { Data: { Resources: { Role: { Type: 'AWS::IAM::Role', Properties: properties } } } };
}

function inlinePolicy(...statements: readonly JsonRecord[]) {
  return { Policies: [{ PolicyName: 'own', PolicyDocument: { Statement: statements } }] };
}

function render(...statements: readonly JsonRecord[]): string {
  return renderPermissions(rolePermissions(roleIn(inlinePolicy(...statements))));
}

function renderModel(hash: string): string {
  const Resource = `arn:aws:s3:::b/general-${hash}.tar.gz`;
  return render({ Effect: 'Allow', Action: 's3:GetObject', Resource });
}

function allowing(action: string): iam.PolicyStatement[] {
  return [new iam.PolicyStatement({ actions: [action], resources: ['x'] })];
}

function identitiesWith(properties: JsonRecord, type = 'AWS::IAM::Policy') {
  const PolicyDocument = { Statement: { Effect: 'Allow', Action: 'a:B', Resource: '*' } };
  const policy = { Type: type, Properties: { ...properties, PolicyDocument } };
  return rolePermissions({ Data: { Resources: { Policy: policy } } }).identities;
}

describe('the permissions of a role', () => {
  it('are complete across stacks and read without hashes', () => {
    const { store, serving, operations } = givenThreeStacks();
    expect(section(textOf(store, serving, operations), 'role Serving.ExecutionRole')).toBe(
      `role Serving.ExecutionRole
  trusted:
    - allow:
        principals: service sagemaker.amazonaws.com
        actions: sts:AssumeRole
        if: StringEquals aws:SourceAccount = 111111111111
  may:
    - allow:
        actions:
          - kms:Decrypt
          - kms:DescribeKey
        resources: \${ModelStore.Key.Arn}
    - allow:
        actions:
          - s3:GetBucket*
          - s3:GetObject*
          - s3:List*
        resources:
          - \${ModelStore.Bucket.Arn}
          - \${ModelStore.Bucket.Arn}/models/*
    - allow:
        actions:
          - sqs:GetQueueUrl
          - sqs:SendMessage
        resources: arn:aws:sqs:us-east-1:111111111111:queue`,
    );
  });

  it('do not change with the order of statements, actions and stacks', () => {
    const first = { Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: ['b', 'a'] };
    const second = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*' };
    const turned = { Effect: 'Allow', Action: ['s3:PutObject', 's3:GetObject'], Resource: ['a', 'b'] };
    expect(render(second, turned)).toBe(render(first, second));

    const { store, serving, operations } = givenThreeStacks();
    new iam.Role(store, 'Other', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') });
    expect(textOf(operations, serving, store)).toBe(textOf(store, serving, operations));
  });

  it('change with an action', () => {
    const texts = [['sqs:SendMessage'], ['sqs:*']].map((actions) => {
      const { store, serving, operations } = givenThreeStacks({ actions });
      return textOf(store, serving, operations);
    });
    expect(texts[0]).not.toBe(texts[1]);
  });

  it.each([
    ['the effect', { Effect: 'Deny', Action: 'a:B', Resource: '*' }],
    ['a resource', { Effect: 'Allow', Action: 'a:B', Resource: 'other' }],
    ['a condition', { Effect: 'Allow', Action: 'a:B', Resource: '*', Condition: { Bool: { 'x:y': true } } }],
    ['an exclusion', { Effect: 'Allow', NotAction: 'a:B', Resource: '*' }],
  ])('change with %s', (_part, statement) => {
    expect(render(statement)).not.toBe(render({ Effect: 'Allow', Action: 'a:B', Resource: '*' }));
  });

  it('name managed policies and the boundary', () => {
    const text = renderPermissions(
      rolePermissions(
        roleIn({
          ManagedPolicyArns: [{ 'Fn::Sub': 'arn:${AWS::Partition}:iam::aws:policy/ReadOnlyAccess' }],
          PermissionsBoundary: 'arn:aws:iam::111111111111:policy/boundary',
        }),
      ),
    );
    expect(text).toContain('  boundary: arn:aws:iam::111111111111:policy/boundary\n');
    expect(text).toContain('  managed policies: arn:${AWS::Partition}:iam::aws:policy/ReadOnlyAccess\n');
  });

  it('take in managed policies of the templates, attached from either side', () => {
    const { serving, operations, role } = givenThreeStacks();
    new iam.ManagedPolicy(operations, 'ByRole', { roles: [role], statements: allowing('a:FromPolicy') });
    role.addManagedPolicy(new iam.ManagedPolicy(serving, 'ByArn', { statements: allowing('a:FromRole') }));
    const text = section(textOf(serving, operations), 'role Serving.ExecutionRole');
    expect(text).toContain('actions: a:FromPolicy');
    expect(text).toContain('actions: a:FromRole');
    expect(text).not.toContain('managed policies');
  });

  it('do not change with the content of assets and models', () => {
    expect(renderModel('0123456789abcdef')).toBe(renderModel('f'.repeat(64)));
    expect(renderModel('0123456789abcdef')).toContain('resources: arn:aws:s3:::b/general-<asset>.tar.gz');
  });

  it.each(['Execution0123ABCD', 'Executionabcd01230123ABCD', `Execution0123ABCD${'0a'.repeat(16)}`])(
    'go by the name of the role without the hashes of %s',
    (logicalId) => {
      const role = { Type: 'AWS::IAM::Role', Properties: {} };
      const { identities } = rolePermissions({ Data: { Resources: { [logicalId]: role } } });
      expect(identities.map(({ name }) => name)).toEqual(['Data.Execution']);
    },
  );

  it('keep the hash of a logical id where the rest would be ambiguous', () => {
    const role = { Type: 'AWS::IAM::Role', Properties: {} };
    const { identities } = rolePermissions({
      Data: { Resources: { Role0123ABCD: role, RoleABCD0123: role, Other01234567: role } },
    });
    expect(identities.map(({ name }) => name)).toEqual([
      'Data.Role0123ABCD',
      'Data.RoleABCD0123',
      'Data.Other',
    ]);
  });
});

describe('policies without a role of these stacks', () => {
  it('are listed under the name that they are attached to', () => {
    expect(identitiesWith({ Roles: ['admin'] })).toMatchObject([{ kind: 'outside', name: 'admin' }]);
  });

  it('are listed when nothing uses them yet', () => {
    expect(identitiesWith({}, 'AWS::IAM::ManagedPolicy')).toMatchObject([
      { kind: 'unattached', name: 'Data.Policy' },
    ]);
  });
});

describe('what resources admit', () => {
  it('names the role of another stack', () => {
    const app = new App();
    const serving = new Stack(app, 'Serving');
    const store = new Stack(app, 'ModelStore');
    const role = new iam.Role(serving, 'ExecutionRole', {
      assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com'),
    });
    const bucket = new s3.Bucket(store, 'Bucket');
    bucket.addToResourcePolicy(
      new iam.PolicyStatement({
        principals: [new iam.ArnPrincipal(role.roleArn)],
        actions: ['s3:GetObject'],
        resources: [bucket.arnForObjects('*')],
      }),
    );
    expect(section(textOf(store, serving), 'resource ModelStore.Bucket')).toBe(
      `resource ModelStore.Bucket
  admits:
    - allow:
        principals: aws \${Serving.ExecutionRole.Arn}
        actions: s3:GetObject
        resources: \${ModelStore.Bucket.Arn}/*`,
    );
  });

  it.each<[string, JsonRecord, string]>([
    [
      'AWS::KMS::Key',
      { KeyPolicy: { Statement: { Effect: 'Allow', Principal: '*', Action: 'kms:Decrypt', Resource: '*' } } },
      'resource Data.It\n  admits:\n    - allow:\n        principals: anyone\n        actions: kms:Decrypt\n        resources: *',
    ],
    [
      'AWS::Lambda::Permission',
      {
        FunctionName: { 'Fn::GetAtt': ['Fn', 'Arn'] },
        Action: 'lambda:InvokeFunctionUrl',
        Principal: '*',
        FunctionUrlAuthType: 'AWS_IAM',
      },
      'resource Data.Fn\n  admits:\n    - allow:\n        principals: anyone\n        actions: lambda:InvokeFunctionUrl\n        if: StringEquals lambda:FunctionUrlAuthType = AWS_IAM',
    ],
    [
      'AWS::EKS::AccessEntry',
      {
        ClusterName: { Ref: 'Cluster' },
        PrincipalArn: { 'Fn::GetAtt': ['Admin', 'Arn'] },
        AccessPolicies: [
          { PolicyArn: 'arn:aws:eks::aws:cluster-access-policy/View', AccessScope: { Type: 'cluster' } },
        ],
      },
      'resource Data.Cluster\n  admits:\n    - allow:\n        principals: aws ${Data.Admin.Arn}\n        actions: arn:aws:eks::aws:cluster-access-policy/View\n        resources: cluster',
    ],
    [
      'AWS::EKS::PodIdentityAssociation',
      {
        ClusterName: { Ref: 'Cluster' },
        Namespace: 'xdr',
        ServiceAccount: 'backend',
        RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] },
      },
      'resource Data.Cluster\n  admits:\n    - allow:\n        principals: service account xdr/backend\n        actions: act as\n        resources: ${Data.Role.Arn}',
    ],
  ])('is read from %s', (type, properties, text) => {
    const templates = { Data: { Resources: { It: { Type: type, Properties: properties } } } };
    expect(renderPermissions(rolePermissions(templates))).toBe(`${text}\n`);
  });
});
