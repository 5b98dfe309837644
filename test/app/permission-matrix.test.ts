import * as fc from 'fast-check';
import type { Policy } from '../support/iam/evaluation';
import { readPolicy } from '../support/iam/evaluation';
import { environmentNames } from '../../lib/config/load-environment';
import { ACTIONS } from '../support/iam-matrix/actions';
import { escalation } from '../support/iam-matrix/common';
import { askedBy, askedOf, contextsOf, covered, PEOPLE, type Trust } from '../support/iam-matrix/rows';
import { rowsOf } from '../support/iam-matrix/table';
import { environmentWith } from '../support/stacks/infrastructure';
import { IMAGES, running } from '../support/stacks/workload-images';
import { delivered } from '../support/app/delivery';
import { planOf, shippedPlan } from '../support/app/environment-app';
import {
  ACCOUNT,
  type ModelResult,
  type Assuming,
  type Deployed,
  deployed,
  FOREIGN_ACCOUNT,
  type Role,
  roleIn,
} from '../support/app/policies';

const CAPTURING = 'dev with captures';
const RUNNING = 'dev with images';

/** Stack that an environment of the list was made for: its others are those of dev. */
const ONLY_STACK: Readonly<Record<string, string>> = { [CAPTURING]: 'Serving.', [RUNNING]: 'Platform.' };

/** What lets GitHub Actions into an account, which is no part of an environment. */
const DELIVERY = ['an account that GitHub Actions deploys to', delivered()] as const;

const ENVIRONMENTS: readonly (readonly [string, Deployed])[] = [
  ...environmentNames().map((name) => [name, deployed(shippedPlan(name))] as const),
  [
    CAPTURING,
    deployed(planOf(environmentWith({ inference: { capture: { sampleRate: 0.1, retentionDays: 7 } } }))),
  ],
  [RUNNING, deployed(planOf(environmentWith(running(IMAGES))))],
];

const APPS: readonly (readonly [string, Deployed])[] = [...ENVIRONMENTS, DELIVERY];

/** Every role of every environment and of the delivery, with what the table says about it. */
const ROLES = APPS.flatMap(([environment, app]) =>
  app.roles.flatMap((name) => {
    const rows = rowsOf(app, name);
    const same = !name.startsWith(ONLY_STACK[environment] ?? '');
    return rows === undefined || same ? [] : [{ title: `${name} of ${environment}`, app, name, rows }];
  }),
);

const allowing = (Action: string, Resource: string): Policy =>
  readPolicy('identity', {
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Action, Resource },
  });

const describeAsked = ({ action, resource, context }: ModelResult) =>
  `${action} on ${resource} with ${JSON.stringify(context ?? {})}`;

/** What of the list the role is not, or is, allowed, in words. */
function among(asked: readonly ModelResult[], role: Role, decision: 'allowed' | 'denied'): string[] {
  return asked.filter((one) => (role.may(one) === 'allowed') === (decision === 'allowed')).map(describeAsked);
}

/** Things to ask about in an environment: whatever any of its roles may use, and what lies right beside it. */
function poolOf(app: Deployed): {
  readonly resources: string[];
  readonly contexts: Record<string, string>[];
} {
  const grants = app.roles.flatMap((name) => rowsOf(app, name)?.grants ?? []);
  const own = [...new Set(grants.flatMap(askedBy).map(({ resource }) => resource))];
  const beside = own.flatMap((arn) => [
    `${arn}-2`,
    arn.replace(ACCOUNT, FOREIGN_ACCOUNT),
    arn.replace(/:[a-z]+-[a-z]+-\d:/, ':eu-west-3:'),
    arn.replace('arn:aws:', 'arn:aws-us-gov:'),
    arn.replace(/[^:/]+$/, 'another'),
  ]);
  return {
    resources: [
      ...new Set([
        ...own,
        ...beside.filter((arn) => arn.startsWith('arn:')),
        ...app.roles.map((name) => roleIn(app, name).arn),
      ]),
    ],
    contexts: [{}, ...grants.flatMap(({ where = {} }) => contextsOf(where))],
  };
}

const POOLS = new Map(APPS.map(([, app]) => [app, poolOf(app)] as const));

describe.each(APPS)('%s', (_environment, app) => {
  it('has rows in the table for every identity, and none but roles', () => {
    expect(app.roles.filter((name) => rowsOf(app, name) === undefined)).toEqual([]);
    expect(app.permissions.identities.filter(({ kind }) => kind !== 'role')).toEqual([]);
  });
});

describe.each(ENVIRONMENTS)('the model bucket of %s', (_environment, app) => {
  const name = app.roles.find((role) => role.startsWith('Serving.Endpoint')) ?? '';
  const artifact = rowsOf(app, name)
    ?.grants.flatMap(askedBy)
    .find(({ action }) => action === 's3:GetObject');

  it.each([
    ['TLS 1.2', { 'aws:SecureTransport': true, 's3:TlsVersion': 1.2 }, 'allowed'],
    ['TLS 1.1', { 'aws:SecureTransport': true, 's3:TlsVersion': 1.1 }, 'explicitly denied'],
    ['no TLS', { 'aws:SecureTransport': false }, 'explicitly denied'],
  ])('gives an endpoint its artifact over %s: %s', (_over, context, decision) => {
    if (artifact === undefined) throw new Error('no endpoint reads an artifact');

    expect(roleIn(app, name).may({ ...artifact, context }, 'ModelStore.StoreBucket')).toBe(decision);
  });
});

describe.each(ROLES)('$title', ({ app, name, rows }) => {
  const role = roleIn(app, name);

  it('may do all that it is granted in the table', () => {
    expect(among(rows.grants.flatMap(askedBy), role, 'denied')).toEqual([]);
  });

  it('may do nothing that the table denies it', () => {
    const asked = [...rows.denied, ...escalation(app, role.arn)].flatMap(
      ({ actions, resources, context = {} }) =>
        actions.flatMap((action) => resources.map((resource) => ({ action, resource, context }))),
    );

    expect(among(asked, role, 'allowed')).toEqual([]);
  });

  it('may do nothing by any statement of its policies that is in no row', () => {
    const asked = role.statements.flatMap(askedOf).filter((one) => !covered(rows.grants, one));

    expect(among(asked, role, 'allowed')).toEqual([]);
  });

  it('may do nothing that is in no row: any action, on any resource, under any circumstance', () => {
    const { resources, contexts } = POOLS.get(app) ?? { resources: [], contexts: [] };
    const own = [...rows.grants, ...role.statements].flatMap(({ actions }) => actions);
    const asked = fc.record({
      action: fc.oneof(fc.constantFrom(...ACTIONS), fc.constantFrom(...(own.length > 0 ? own : ACTIONS))),
      resource: fc.oneof({ arbitrary: fc.constantFrom(...resources), weight: 9 }, fc.constant('*')),
      context: fc.constantFrom(...contexts),
    });
    const check = (one: ModelResult) => {
      const allowed = role.may(one) === 'allowed';
      if (allowed !== covered(rows.grants, one)) {
        throw new Error(`${describeAsked(one)} is ${allowed ? 'allowed' : 'denied'}`);
      }
    };

    const numRuns = name === 'Serving.InferenceRole' ? 1000 : 100;
    expect(() => fc.assert(fc.property(asked, check), { numRuns })).not.toThrow();
  });

  it('may take no action of any service on everything that it has no row for', () => {
    const contexts = [{}, ...rows.grants.flatMap(({ where = {} }) => contextsOf(where))];
    const asked = ACTIONS.flatMap((action) =>
      contexts.map((context) => ({ action, resource: '*', context })),
    );

    expect(among(asked, role, 'allowed').sort()).toEqual(
      asked
        .filter((one) => covered(rows.grants, one))
        .map(describeAsked)
        .sort(),
    );
  });

  it('names its actions one by one, and allows nothing by leaving out', () => {
    expect(role.statements.flatMap(({ actions }) => actions).filter((action) => /[*?]/.test(action))).toEqual(
      [],
    );
    expect(
      role.statements.flatMap(({ notActions, notResources }) => [...notActions, ...notResources]),
    ).toEqual([]);
  });

  it('has no policy that AWS manages but those in the table', () => {
    expect([...role.managedPolicies].sort()).toEqual([...(rows.managed ?? [])].sort());
  });

  if (rows.trust === PEOPLE) trustsPeople(role);
  else trusts(role, rows.trust);
});

function trustsPeople(role: Role): void {
  const identity = [allowing('sts:AssumeRole', role.arn)];
  const admits = (kind: 'role' | 'user', account: string, more: Partial<Assuming> = {}) => {
    const arn = `arn:aws:iam::${account}:${kind}/ann`;
    const context = { 'aws:PrincipalArn': arn, ...more.context };
    return role.admits({ principal: { kind, arn }, identity, ...more, context });
  };
  const mfa = (present: boolean) => ({ context: { 'aws:MultiFactorAuthPresent': present } });

  it('is assumed by roles of its account, and by users with MFA, whom the account lets', () => {
    expect([admits('role', ACCOUNT), admits('user', ACCOUNT, mfa(true))]).toEqual(['allowed', 'allowed']);
  });

  it('is assumed by nobody else: without permission, without MFA, of another account, no service', () => {
    const own = [allowing('sts:AssumeRole', `${role.arn}-2`)];
    const refused = [
      admits('role', ACCOUNT, { identity: own }),
      admits('user', ACCOUNT, { identity: own, ...mfa(true) }),
      admits('user', ACCOUNT),
      admits('user', ACCOUNT, mfa(false)),
      admits('role', FOREIGN_ACCOUNT),
      admits('user', FOREIGN_ACCOUNT, mfa(true)),
      admits('role', ACCOUNT, { action: 'sts:TagSession' }),
      role.admits({ principal: { kind: 'service', name: 'ec2.amazonaws.com' }, ...mfa(true) }),
    ];
    expect(refused.filter((decision) => decision === 'allowed')).toEqual([]);
  });
}

function trusts(role: Role, trust: Trust): void {
  const { service, federated = false, actions = ['sts:AssumeRole'], where = {} } = trust;
  const principal = { kind: federated ? 'federated' : 'service', name: service } as const;

  it('is assumed by its service or identity provider', () => {
    for (const action of actions) {
      expect([action, role.admits({ principal, action, context: where })]).toEqual([action, 'allowed']);
    }
  });

  it('is assumed by it for nobody else: no other account, no other source, no other claim', () => {
    const wrong = Object.entries(where).flatMap(([key, value]) => {
      const { [key]: _left, ...rest } = where;
      const others = [
        value.replace(ACCOUNT, FOREIGN_ACCOUNT),
        value.replace('us-east-1', 'eu-west-3'),
        `${value}0`,
      ];
      // A source's name may be left open, as the source does not exist when the role is first assumed.
      const differing = others.filter(
        (other) => other !== value && !(value.endsWith('any') && other.endsWith('any0')),
      );
      return [rest, ...differing.map((other) => ({ ...rest, [key]: other }))];
    });

    expect(
      wrong.filter((context) =>
        actions.some((action) => role.admits({ principal, action, context }) === 'allowed'),
      ),
    ).toEqual([]);
  });

  it('is assumed by nobody else, whatever their own policies say', () => {
    const identity = [allowing('*', '*')];
    const services = [
      'apigateway',
      'ec2',
      'ecs-tasks',
      'eks',
      'events',
      'lambda',
      'pods.eks',
      'sagemaker',
      'ssm',
    ]
      .map((one) => `${one}.amazonaws.com`)
      .filter((one) => one !== service);
    const people = [ACCOUNT, FOREIGN_ACCOUNT].flatMap((account) => [
      { kind: 'role' as const, arn: `arn:aws:iam::${account}:role/admin` },
      { kind: 'user' as const, arn: `arn:aws:iam::${account}:user/ann` },
    ]);

    const providers = ['token.actions.githubusercontent.com', 'accounts.example.com']
      .flatMap((host) => [ACCOUNT, FOREIGN_ACCOUNT].map((of) => `arn:aws:iam::${of}:oidc-provider/${host}`))
      .filter((one) => one !== service);

    for (const action of actions) {
      for (const one of services) {
        expect(role.admits({ principal: { kind: 'service', name: one }, action, context: where })).toBe(
          'implicitly denied',
        );
      }
      for (const one of providers) {
        expect(role.admits({ principal: { kind: 'federated', name: one }, action, context: where })).toBe(
          'implicitly denied',
        );
      }
      for (const one of people) {
        expect(role.admits({ principal: one, identity, action, context: where })).toBe('implicitly denied');
      }
    }
  });

  it('is assumed in no other way', () => {
    const ways = [
      'AssumeRole',
      'TagSession',
      'SetSourceIdentity',
      'AssumeRoleWithWebIdentity',
      'AssumeRoleWithSAML',
    ];
    const others = ways.map((way) => `sts:${way}`).filter((way) => !actions.includes(way));

    expect(
      others.filter((action) => role.admits({ principal, action, context: where }) === 'allowed'),
    ).toEqual([]);
  });
}
