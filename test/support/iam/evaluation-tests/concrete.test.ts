import { type ConcretePermissions, concretePermissions, identityPoliciesOf } from '../concrete';
import { CannotJudge, evaluate } from '../evaluation';
import type { JsonRecord } from '../../../../lib/util/json';
import type { Template } from '../../../../lib/compliance/permissions/role-permissions';
import { ACCOUNT, allow, deny, document } from './support';

const TARGET = { account: ACCOUNT, region: 'eu-central-1', partition: 'aws' };
const TRUST = document({
  Effect: 'Allow',
  Principal: { Service: 'lambda.amazonaws.com' },
  Action: 'sts:AssumeRole',
});
const role = (properties: JsonRecord = {}) => ({
  Type: 'AWS::IAM::Role',
  Properties: { AssumeRolePolicyDocument: TRUST, ...properties },
});
const attached = (...statements: JsonRecord[]) => ({
  Type: 'AWS::IAM::Policy',
  Properties: { PolicyDocument: document(...statements), Roles: [{ Ref: 'RoleAAAABBBB' }] },
});

/** A bucket in one stack, another beside it, and a role in a second stack that reads the first. */
const STACKS: Record<string, Template> = {
  Store: {
    Resources: {
      BucketAAAABBBB: { Type: 'AWS::S3::Bucket' },
      OtherCCCCDDDD: { Type: 'AWS::S3::Bucket' },
      KeyAAAABBBB: { Type: 'AWS::KMS::Key' },
    },
    Outputs: {
      Bucket: {
        Value: { 'Fn::GetAtt': ['BucketAAAABBBB', 'Arn'] },
        Export: { Name: 'Store:Bucket' },
      },
    },
  },
  Serving: {
    Resources: {
      RoleAAAABBBB: role({
        Policies: [
          {
            PolicyName: 'own',
            PolicyDocument: document(
              allow('sqs:*', {
                'Fn::Sub': 'arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:queue',
              }),
            ),
          },
        ],
        ManagedPolicyArns: [{ Ref: 'SharedAAAABBBB' }],
      }),
      PolicyAAAABBBB: attached(
        allow('s3:GetObject', {
          'Fn::Join': ['', [{ 'Fn::ImportValue': 'Store:Bucket' }, '/${aws:PrincipalTag/team}/*']],
        }),
      ),
      SharedAAAABBBB: {
        Type: 'AWS::IAM::ManagedPolicy',
        Properties: {
          PolicyDocument: document(deny('s3:GetObject', '*', { Bool: { 'aws:SecureTransport': 'false' } })),
        },
      },
    },
  },
};

function given(resources: JsonRecord): ConcretePermissions {
  return concretePermissions({ Serving: { Resources: resources } }, TARGET);
}

function policiesIn(permissions: ConcretePermissions, managed: JsonRecord = {}) {
  const found = permissions.identities.find(({ name }) => name === 'Serving.Role');
  if (found === undefined) throw new Error('the role is gone');
  return identityPoliciesOf(found, managed);
}

describe('concrete permissions', () => {
  const permissions = concretePermissions(STACKS, TARGET);
  const ask = (action: string, resource: string, context: Record<string, string> = {}) =>
    evaluate(policiesIn(permissions), {
      principal: { kind: 'role', arn: permissions.reference('Serving.Role', 'Arn') },
      action,
      resource,
      context: { 'aws:PrincipalTag/team': 'red', ...context },
    }).decision;
  const own = permissions.reference('Store.Bucket', 'Arn');

  it('are those of inline, attached and managed policies, across stacks', () => {
    expect(ask('s3:GetObject', `${own}/red/file`)).toBe('allowed');
    expect(ask('s3:GetObject', `${own}/blue/file`)).toBe('implicitly denied');
    expect(ask('sqs:SendMessage', `arn:aws:sqs:eu-central-1:${ACCOUNT}:queue`)).toBe('allowed');
    expect(ask('sqs:SendMessage', `arn:aws:sqs:us-east-1:${ACCOUNT}:queue`)).toBe('implicitly denied');
    expect(ask('s3:GetObject', `${own}/red/file`, { 'aws:SecureTransport': 'false' })).toBe(
      'explicitly denied',
    );
  });

  it('tell any two resources apart', () => {
    const other = permissions.reference('Store.Other', 'Arn');

    expect(other).not.toBe(own);
    expect(ask('s3:GetObject', `${other}/red/file`)).toBe('implicitly denied');
    expect(permissions.reference('Store.Key')).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });

  it('are the same for the same templates', () => {
    expect(concretePermissions(STACKS, TARGET).identities).toEqual(permissions.identities);
  });

  it('follow the account, the region and the partition', () => {
    const target = { account: '999988887777', region: 'cn-north-1', partition: 'aws-cn' };

    expect(concretePermissions(STACKS, target).reference('Store.Key', 'Arn')).toMatch(
      /^arn:aws-cn:kms:cn-north-1:999988887777:key\//,
    );
  });

  it('take the names that templates give', () => {
    const named = given({
      RoleAAAABBBB: role({ RoleName: 'worker' }),
      QueueAAAABBBB: {
        Type: 'AWS::SQS::Queue',
        Properties: { QueueName: { 'Fn::Sub': 'q-${AWS::Region}' } },
      },
    });

    expect(named.reference('Serving.Role', 'Arn')).toBe(`arn:aws:iam::${ACCOUNT}:role/worker`);
    expect(named.reference('Serving.Queue', 'Arn')).toBe(
      `arn:aws:sqs:eu-central-1:${ACCOUNT}:q-eu-central-1`,
    );
  });
});

describe('what cannot be known', () => {
  const AWS_POLICY = 'arn:aws:iam::aws:policy/ReadOnlyAccess';

  it('is what a managed policy allows that no template holds', () => {
    const permissions = given({ RoleAAAABBBB: role({ ManagedPolicyArns: [AWS_POLICY] }) });

    expect(() => policiesIn(permissions)).toThrow(AWS_POLICY);
    expect(policiesIn(permissions, { [AWS_POLICY]: document(allow('s3:Get*')) }).identity).toHaveLength(2);
  });

  it('is what a boundary bounds that no template holds', () => {
    const permissions = given({ RoleAAAABBBB: role({ PermissionsBoundary: AWS_POLICY }) });

    expect(() => policiesIn(permissions)).toThrow(AWS_POLICY);
    expect(policiesIn(permissions, { [AWS_POLICY]: document(allow('s3:Get*')) }).boundary?.name).toBe(
      AWS_POLICY,
    );
  });

  it.each<[string, JsonRecord]>([
    ['a reference to nothing', allow('*', { 'Fn::GetAtt': ['Nowhere', 'Arn'] })],
    ['an import from outside', allow('*', { 'Fn::ImportValue': 'Elsewhere' })],
    ['an attribute that is not known', allow('*', { 'Fn::GetAtt': ['RoleAAAABBBB', 'RoleId'] })],
    ['a condition of the template', allow('*', { 'Fn::If': ['Prod', '*', 'arn:aws:s3:::b'] })],
    ['a document against the grammar', { ...allow('*'), Effect: 'Permit' }],
  ])('is %s', (_what, statement) => {
    expect(() => given({ RoleAAAABBBB: role(), PolicyAAAABBBB: attached(statement) })).toThrow(CannotJudge);
  });
});
