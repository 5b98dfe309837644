/**
 * The rules of AWS's "Policy evaluation logic", "Policy evaluation for requests within a single account",
 * "Cross-account policy evaluation logic", "IAM JSON policy elements: Action, NotAction, Resource, NotResource,
 * Principal" and "Permissions boundaries for IAM entities".
 */
import { CannotJudge, evaluate, type Policies, readPolicy } from '../evaluation';
import type { Json, JsonRecord } from '../../../../lib/util/json';
import { ACCOUNT, allow, decide, deny, document, OBJECT, policy, READ, ROLE, SESSION } from './support';

const everything = policy(allow('*'));
const nothing = policy(allow('sts:GetCallerIdentity'));

function resourcePolicy(principal: Json, mandatory = false): Policies['resource'] {
  const statement = { Effect: 'Allow', Principal: principal, Action: 's3:GetObject', Resource: OBJECT };
  return { ...readPolicy('bucket', document(statement), 'resource'), mandatory };
}

describe('an action', () => {
  it.each([
    ['s3:GetObject', 's3:GetObject', true],
    ['S3:getobject', 's3:GetObject', true],
    ['s3:Get*', 's3:GetObject', true],
    ['s3:*Object', 's3:GetObject', true],
    ['s3:Get?bject', 's3:GetObject', true],
    ['s3:Get?Object', 's3:GetObject', false],
    ['s3:Get', 's3:GetObject', false],
    ['s3:GetObject', 's3:GetObjectAcl', false],
    ['*', 's3:GetObject', true],
    ['*:GetObject', 's3:GetObject', true],
    ['iam:*', 's3:GetObject', false],
  ])('%s against %s: %s', (pattern, action, fits) => {
    expect(decide({ identity: [policy(allow(pattern))] }, { action })).toBe(
      fits ? 'allowed' : 'implicitly denied',
    );
  });

  it('is everything but what NotAction names', () => {
    const identity = [policy({ Effect: 'Allow', NotAction: ['iam:*', 's3:Put*'], Resource: '*' })];

    expect(decide({ identity }, { action: 's3:GetObject' })).toBe('allowed');
    expect(decide({ identity }, { action: 'iam:PassRole' })).toBe('implicitly denied');
    expect(decide({ identity }, { action: 's3:PutObject' })).toBe('implicitly denied');
  });

  it.each(['s3', 's3:', 's3:Get*', '*'])('has to be one in a request, not %s', (action) => {
    expect(() => decide({ identity: [everything] }, { action })).toThrow(CannotJudge);
  });
});

describe('a resource', () => {
  const endpoint = 'arn:aws:sagemaker:us-east-1:111122223333:endpoint/ddos';

  it.each([
    [endpoint, endpoint, true],
    ['arn:aws:sagemaker:us-east-1:111122223333:endpoint/*', endpoint, true],
    ['arn:aws:sagemaker:*:111122223333:endpoint/ddos', endpoint, true],
    ['arn:aws:sagemaker:us-*-1:111122223333:endpoint/ddos', endpoint, true],
    ['arn:aws:sagemaker:us-east-1:111122223333:*/ddos', endpoint, true],
    ['arn:aws:sagemaker:us-east-?:111122223333:endpoint/ddos', endpoint, true],
    ['arn:aws:sagemaker:us-east-1:111122223333:endpoint/DDOS', endpoint, false],
    ['arn:aws:sagemaker:us-east-1:111122223333:endpoint/dd', endpoint, false],
    ['arn:*:sagemaker:us-east-1:111122223333:endpoint/ddos', endpoint, true],
    ['*', endpoint, true],
    ['arn:aws:s3:::bucket/*', OBJECT, true],
    ['arn:aws:s3:::bucket*', OBJECT, true],
    ['arn:aws:s3:::*/object', OBJECT, true],
    ['arn:aws:s3:::bucket/*/object', OBJECT, true],
    ['arn:aws:s3:::bucket', OBJECT, false],
    ['arn:aws:logs:r:1:log-group:a:*', 'arn:aws:logs:r:1:log-group:a:log-stream:b', true],
    ['arn:aws:logs:r:1:log-group:a*:x', 'arn:aws:logs:r:1:log-group:a:b:x', true],
    ['arn:aws:logs:r:1:log-group:a*c:x', 'arn:aws:logs:r:1:log-group:a:c:x', false],
    ['arn:aws:logs:r:1:log-group:a?:x', 'arn:aws:logs:r:1:log-group:a::x', false],
    ['arn:aws:s3:::bucket', '*', false],
  ])('%s against %s: %s', (pattern, resource, fits) => {
    expect(decide({ identity: [policy(allow('*', pattern))] }, { resource })).toBe(
      fits ? 'allowed' : 'implicitly denied',
    );
  });

  it('is everything but what NotResource names', () => {
    const identity = [
      policy({ Effect: 'Allow', Action: '*', NotResource: ['arn:aws:s3:::bucket/folder/*'] }),
    ];

    expect(decide({ identity })).toBe('implicitly denied');
    expect(decide({ identity }, { resource: 'arn:aws:s3:::bucket/other' })).toBe('allowed');
  });

  it.each(['bucket', 'arn:aws:s3*', 'arn:aws:*:::bucket', 'arn*:aws:s3:::bucket'])(
    'cannot be %s in a policy',
    (resource) => {
      expect(() => decide({ identity: [policy(allow('*', resource))] })).toThrow(CannotJudge);
    },
  );

  it('has to be one in a request', () => {
    expect(() => decide({ identity: [everything] }, { resource: 'bucket' })).toThrow(CannotJudge);
  });
});

describe('the decision', () => {
  it('is an implicit deny without a policy', () => {
    expect(evaluate({ identity: [] }, READ)).toEqual({
      decision: 'implicitly denied',
      missing: 'identity policies',
    });
  });

  it.each<[string, Partial<Policies>]>([
    ['identity policy', { identity: [everything, policy(deny('s3:*'))] }],
    ['boundary', { identity: [everything], boundary: policy(allow('*'), deny('s3:*')) }],
    ['session policy', { identity: [everything], session: [policy(allow('*'), deny('s3:*'))] }],
    [
      'service control policy',
      { identity: [everything], serviceControl: [[everything, policy(deny('s3:*'))]] },
    ],
    [
      'resource policy',
      {
        identity: [everything],
        resource: {
          ...readPolicy('bucket', document({ ...deny('s3:*'), Principal: '*' }), 'resource'),
          mandatory: false,
        },
      },
    ],
  ])('is an explicit deny for one in an %s, whatever allows', (_where, policies) => {
    const verdict = evaluate({ identity: [], ...policies }, READ);

    expect(verdict.decision).toBe('explicitly denied');
    expect(verdict).toMatchObject({ by: { statement: { effect: 'Deny', actions: ['s3:*'] } } });
  });

  it('names the statement that allowed', () => {
    const identity = [policy(allow('sqs:*'), allow('s3:Get*', 'arn:aws:s3:::bucket/*'))];

    expect(evaluate({ identity }, READ)).toMatchObject({
      decision: 'allowed',
      by: { policy: 'policy', statement: { actions: ['s3:Get*'] } },
    });
  });

  it.each<[Partial<Policies>, string]>([
    [{ boundary: nothing }, 'permissions boundary'],
    [{ session: [nothing] }, 'session policies'],
    [{ session: [] }, 'session policies'],
    [{ serviceControl: [[everything], [nothing]] }, 'service control policies'],
  ])('needs the allow of whatever bounds it: %#', (policies, missing) => {
    expect(evaluate({ identity: [everything], ...policies }, READ)).toEqual({
      decision: 'implicitly denied',
      missing,
    });
  });

  it('gets nothing from a boundary, a session or a service control policy alone', () => {
    expect(decide({ boundary: everything, session: [everything], serviceControl: [[everything]] })).toBe(
      'implicitly denied',
    );
  });
});

describe('a resource policy', () => {
  const principal = { ...ROLE, session: SESSION };
  const user = { kind: 'user', arn: `arn:aws:iam::${ACCOUNT}:user/ann` } as const;

  it.each<[string, Json, Partial<Policies>, string]>([
    ['the role', { AWS: ROLE.arn }, {}, 'allowed'],
    ['the role, within a boundary', { AWS: ROLE.arn }, { boundary: nothing }, 'implicitly denied'],
    ['the role, within a session policy', { AWS: ROLE.arn }, { session: [nothing] }, 'implicitly denied'],
    ['the session, whatever the boundary', { AWS: SESSION }, { boundary: nothing }, 'allowed'],
    ['the account, which leaves it to its identities', { AWS: ACCOUNT }, {}, 'implicitly denied'],
    ['the account', { AWS: `arn:aws:iam::${ACCOUNT}:root` }, { identity: [everything] }, 'allowed'],
    ['anyone', '*', {}, 'allowed'],
    ['anyone of AWS', { AWS: '*' }, {}, 'allowed'],
    ['another role', { AWS: `arn:aws:iam::${ACCOUNT}:role/other` }, {}, 'implicitly denied'],
    ['another account', { AWS: '999988887777' }, {}, 'implicitly denied'],
    ['a service', { Service: 'lambda.amazonaws.com' }, {}, 'implicitly denied'],
  ])('of the same account that admits %s', (_who, who, policies, decision) => {
    expect(decide({ ...policies, resource: resourcePolicy(who) }, { principal })).toBe(decision);
  });

  it('admits a user whatever the boundary leaves out', () => {
    expect(
      decide({ boundary: nothing, resource: resourcePolicy({ AWS: user.arn }) }, { principal: user }),
    ).toBe('allowed');
  });

  it('keeps out whom it does not admit where it has to', () => {
    const identity = [everything];

    expect(decide({ identity, resource: resourcePolicy({ AWS: ACCOUNT }, true) })).toBe('allowed');
    expect(decide({ identity, resource: resourcePolicy({ AWS: '999988887777' }, true) })).toBe(
      'implicitly denied',
    );
    expect(decide({ identity, resource: resourcePolicy({ AWS: '999988887777' }) })).toBe('allowed');
  });

  it('and the identity both have to allow across accounts', () => {
    const resourceAccount = '999988887777';
    const admitted = resourcePolicy({ AWS: ACCOUNT });

    expect(decide({ identity: [everything], resource: admitted }, { resourceAccount })).toBe('allowed');
    expect(decide({ identity: [everything] }, { resourceAccount })).toBe('implicitly denied');
    expect(decide({ resource: resourcePolicy({ AWS: ROLE.arn }) }, { resourceAccount })).toBe(
      'implicitly denied',
    );
    expect(decide({ identity: [everything] }, { resource: 'arn:aws:sqs:us-east-1:999988887777:q' })).toBe(
      'implicitly denied',
    );
  });

  it.each<[string, JsonRecord, Partial<Policies>]>([
    ['NotPrincipal', { NotPrincipal: { AWS: ROLE.arn } }, {}],
    ['a wildcard in a principal', { Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/*` } }, {}],
    ['a unique id', { Principal: { AWS: 'AROAEXAMPLE' } }, {}],
    ['a canonical user', { Principal: { CanonicalUser: '79a5' } }, {}],
    ['anyone, within a boundary', { Principal: '*' }, { boundary: nothing }],
  ])('with %s is not judged', (_what, who, policies) => {
    const statement = { Effect: 'Allow', Action: 's3:*', Resource: '*', ...who };
    const resource = { ...readPolicy('bucket', document(statement), 'resource'), mandatory: false };

    expect(() => decide({ ...policies, resource })).toThrow(CannotJudge);
  });
});

describe('a service that asks by itself', () => {
  const asks = {
    principal: { kind: 'service', name: 'lambda.amazonaws.com' },
    action: 'sts:AssumeRole',
    resource: ROLE.arn,
  } as const;
  const trusting = (service: string) => {
    const statement = { Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' };
    return { ...readPolicy('trust', document(statement), 'trust'), mandatory: true };
  };

  it('gets in where the resource admits it, and nowhere else', () => {
    expect(decide({ resource: trusting('lambda.amazonaws.com') }, asks)).toBe('allowed');
    expect(decide({ resource: trusting('ec2.amazonaws.com') }, asks)).toBe('implicitly denied');
  });

  it('has no identity policies', () => {
    expect(() => decide({ identity: [everything] }, asks)).toThrow(CannotJudge);
  });
});

describe('a token of an identity provider', () => {
  const provider = `arn:aws:iam::${ACCOUNT}:oidc-provider/token.example.com`;
  const asks = {
    principal: { kind: 'federated', name: provider },
    action: 'sts:AssumeRoleWithWebIdentity',
    resource: ROLE.arn,
  } as const;
  const trust = {
    ...readPolicy(
      'trust',
      document({
        Effect: 'Allow',
        Principal: { Federated: provider },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringEquals: { 'token.example.com:sub': 'one' } },
      }),
      'trust',
    ),
    mandatory: true,
  };

  it('gets in where the role trusts the provider and what the token says, and nowhere else', () => {
    const says = (sub: string) => ({ ...asks, context: { 'token.example.com:sub': sub } });

    expect(decide({ resource: trust }, says('one'))).toBe('allowed');
    expect(decide({ resource: trust }, says('another'))).toBe('implicitly denied');
    expect(decide({ resource: trust }, asks)).toBe('implicitly denied');
    for (const principal of [
      { kind: 'federated', name: provider.replace('token', 'other') },
      { kind: 'service', name: provider },
      ROLE,
    ] as const) {
      expect(decide({ resource: trust }, { ...says('one'), principal })).toBe('implicitly denied');
    }
  });

  it('has no identity policies', () => {
    expect(() => decide({ identity: [everything], resource: trust }, asks)).toThrow(CannotJudge);
  });
});

describe('a policy document', () => {
  it.each<[string, Json]>([
    ['is no object', 'text'],
    ['has no statement', { Version: '2012-10-17' }],
    ['has an unknown version', { Version: '2020-01-01', Statement: [allow('*')] }],
    [
      'has variables in the old version',
      { Version: '2008-10-17', Statement: [allow('*', '${aws:username}')] },
    ],
    ['has an unknown element', document({ ...allow('*'), Resources: '*' })],
    ['neither allows nor denies', document({ ...allow('*'), Effect: 'allow' })],
    ['names no action', document({ Effect: 'Allow', Resource: '*' })],
    ['names actions twice', document({ ...allow('*'), NotAction: 's3:*' })],
    ['names no resource', document({ Effect: 'Allow', Action: '*', Resource: [] })],
    ['names resources twice', document({ ...allow('*'), NotResource: '*' })],
    ['names a principal', document({ ...allow('*'), Principal: '*' })],
    ['has conditions that are none', document({ ...allow('*'), Condition: { Bool: 'true' } })],
  ])('that %s is refused', (_what, given) => {
    expect(() => readPolicy('it', given)).toThrow(CannotJudge);
  });

  it('is read from its text as well, with one statement alone', () => {
    const text = JSON.stringify({ Version: '2012-10-17', Statement: allow('s3:*') });

    expect(readPolicy('it', text).statements).toHaveLength(1);
  });
});
