/** What holds for every policy by AWS's "Policy evaluation logic", whatever stands in it. */
import * as fc from 'fast-check';
import { evaluate, type Policies, type Policy, type Request } from '../evaluation';
import type { Statement } from '../../../../lib/compliance/iam/statement';
import { ROLE } from './support';

const letters = fc.stringMatching(/^[a-c]{1,3}$/);
const wild = fc.stringMatching(/^[a-c*?]{1,3}$/);
const action = fc.tuple(letters, letters).map(([service, name]) => `${service}:${name}`);
const actionPattern = fc.oneof(
  fc.constant('*'),
  fc.tuple(wild, wild).map(([service, name]) => `${service}:${name}`),
);
const resource = fc.tuple(letters, letters).map(([a, b]) => `arn:aws:s3:::${a}/${b}`);
const resourcePattern = fc.oneof(
  fc.constant('*'),
  fc.tuple(wild, wild).map(([a, b]) => `arn:aws:s3:::${a}/${b}`),
);
const condition = fc
  .record({
    operator: fc.constantFrom(
      'StringEquals',
      'StringNotEquals',
      'StringLike',
      'StringEqualsIfExists',
      'Null',
    ),
    key: fc.constantFrom('k', 'l'),
    values: fc.uniqueArray(letters, { minLength: 1, maxLength: 2 }),
  })
  .map((one) => (one.operator === 'Null' ? { ...one, values: ['true'] } : one));

const statement: fc.Arbitrary<Statement> = fc
  .record({
    effect: fc.constantFrom<Statement['effect']>('Allow', 'Allow', 'Allow', 'Deny'),
    names: fc.array(actionPattern, { minLength: 1, maxLength: 3 }),
    notActions: fc.boolean(),
    on: fc.array(resourcePattern, { minLength: 1, maxLength: 3 }),
    notResources: fc.boolean(),
    conditions: fc.array(condition, { maxLength: 1 }),
  })
  .map(({ effect, names, notActions, on, notResources, conditions }) => ({
    effect,
    principals: [],
    notPrincipals: [],
    actions: notActions ? [] : names,
    notActions: notActions ? names : [],
    resources: notResources ? [] : on,
    notResources: notResources ? on : [],
    conditions,
  }));

const policyOf = (statements: readonly Statement[]): Policy => ({ name: 'policy', statements });
const policy = fc.array(statement, { maxLength: 4 }).map(policyOf);
const request: fc.Arbitrary<Request> = fc.record({
  principal: fc.constant(ROLE),
  action,
  resource,
  context: fc.oneof(
    fc.constant({}),
    letters.map((k) => ({ k })),
    letters.map((l) => ({ l })),
  ),
});

const RUNS = { numRuns: 300 };
const allows = (policies: Policies, asked: Request): boolean =>
  evaluate(policies, asked).decision === 'allowed';
const allowAll: Statement = {
  effect: 'Allow',
  principals: [],
  notPrincipals: [],
  actions: ['*'],
  notActions: [],
  resources: ['*'],
  notResources: [],
  conditions: [],
};

it('another Deny never allows more', () => {
  const check = (given: Policy, added: Statement, asked: Request) => {
    const denied = { ...given, statements: [...given.statements, { ...added, effect: 'Deny' as const }] };

    expect(allows({ identity: [denied] }, asked) && !allows({ identity: [given] }, asked)).toBe(false);
  };
  fc.assert(fc.property(policy, statement, request, check), RUNS);
});

it('another Allow never allows less', () => {
  const check = (given: Policy, added: Statement, asked: Request) => {
    const more = { ...given, statements: [...given.statements, { ...added, effect: 'Allow' as const }] };

    expect(allows({ identity: [given] }, asked) && !allows({ identity: [more] }, asked)).toBe(false);
  };
  fc.assert(fc.property(policy, statement, request, check), RUNS);
});

it('a boundary, a session and a service control policy allow exactly what both sides allow', () => {
  const check = (given: Policy, bound: Policy, asked: Request) => {
    const both = allows({ identity: [given] }, asked) && allows({ identity: [bound] }, asked);

    expect(allows({ identity: [given], boundary: bound }, asked)).toBe(both);
    expect(allows({ identity: [given], session: [bound] }, asked)).toBe(both);
    expect(allows({ identity: [given], serviceControl: [[bound]] }, asked)).toBe(both);
  };
  fc.assert(fc.property(policy, policy, request, check), RUNS);
});

it('the decision does not depend on the order of statements, nor on the policies that they stand in', () => {
  const given = fc
    .array(statement, { maxLength: 5 })
    .chain((statements) =>
      fc.tuple(fc.constant(statements), fc.shuffledSubarray(statements, { minLength: statements.length })),
    );
  const check = ([statements, shuffled]: readonly Statement[][], asked: Request) => {
    const decisionOf = (...policies: Policy[]) => evaluate({ identity: policies }, asked).decision;
    const expected = decisionOf(policyOf(statements ?? []));

    expect(decisionOf(policyOf(shuffled ?? []))).toBe(expected);
    expect(decisionOf(...(shuffled ?? []).map((one) => policyOf([one])))).toBe(expected);
  };
  fc.assert(fc.property(given, request, check), RUNS);
});

it('NotAction and NotResource are complements of Action and Resource', () => {
  const check = (actions: string[], resources: string[], asked: Request) => {
    const allowsBy = (parts: Partial<Statement>) =>
      allows({ identity: [policyOf([{ ...allowAll, ...parts }])] }, asked);

    expect(allowsBy({ actions: [], notActions: actions })).toBe(!allowsBy({ actions }));
    expect(allowsBy({ resources: [], notResources: resources })).toBe(!allowsBy({ resources }));
  };
  const some = <T>(of: fc.Arbitrary<T>) => fc.array(of, { minLength: 1, maxLength: 3 });
  fc.assert(fc.property(some(actionPattern), some(resourcePattern), request, check), RUNS);
});

it('a wildcard in place of any part of a literal matches whatever the literal matches', () => {
  const positions = fc.tuple(fc.nat(), fc.nat());
  const masked = (text: string, [from, length]: readonly [number, number]): string => {
    // The scheme and the service of an ARN take no wildcards.
    const start = text.startsWith('arn:') ? 'arn:aws:s3:::'.length : text.indexOf(':') + 1;
    const at = start + (from % (text.length - start));
    return `${text.slice(0, at)}*${text.slice(at + (length % (text.length - at + 1)))}`;
  };
  const check = (one: string, other: string, where: readonly [number, number], asked: Request) => {
    const literal = { ...allowAll, actions: [one, asked.action], resources: [other, asked.resource] };
    const wider = {
      ...literal,
      actions: literal.actions.map((text) => masked(text, where)),
      resources: literal.resources.map((text) => masked(text, where)),
    };

    expect(allows({ identity: [policyOf([literal])] }, asked)).toBe(true);
    expect(allows({ identity: [policyOf([wider])] }, asked)).toBe(true);
  };
  fc.assert(fc.property(action, resource, positions, request, check), RUNS);
});

it('a request is decided the same in whatever case its action is written', () => {
  const check = (given: Policy, asked: Request) => {
    const upper = { ...asked, action: asked.action.toUpperCase() };

    expect(evaluate({ identity: [given] }, upper)).toEqual(evaluate({ identity: [given] }, asked));
  };
  fc.assert(fc.property(policy, request, check), RUNS);
});
