import type { Statement } from '../../../../lib/compliance/iam/statement';
import { applies } from './applies';
import { CannotJudge } from './errors';
import type { Policy } from './policy';
import { type Naming, namingOf } from './principals';
import { accountOf, checkRequest, contextOf, hasNoPolicies, type Request } from './request';

/** Every policy that has a say in a request. */
export interface Policies {
  /** Inline policies and documents of managed policies. A service or an identity provider has none. */
  readonly identity: readonly Policy[];
  /** Bounds what identity policies give. @default - no bounds */
  readonly boundary?: Policy;
  /** Session policies: all together bound what the session has. @default - no bounds */
  readonly session?: readonly Policy[];
  /** Policy of the resource itself. @default - none */
  readonly resource?: Policy & {
    /** Whether nobody gets in that it does not admit, as with a role's trust policy and a key's policy. */
    readonly mandatory: boolean;
  };
  /** Service control policies, level by level from the organization's root. @default - none */
  readonly serviceControl?: readonly (readonly Policy[])[];
}

/** The statement that settled a request. */
export interface Decisive {
  readonly policy: string;
  readonly statement: Statement;
}

/** Which policies did not allow what they had to. */
export type Missing =
  | 'identity policies'
  | 'permissions boundary'
  | 'session policies'
  | 'resource policy'
  | 'service control policies';

/** IAM's answer to a request. */
export type Verdict =
  | { readonly decision: 'allowed'; readonly by: Decisive }
  | { readonly decision: 'explicitly denied'; readonly by: Decisive }
  | { readonly decision: 'implicitly denied'; readonly missing: Missing };

/**
 * Decides a request as AWS documents it under "Policy evaluation logic": an explicit deny goes before everything;
 * service control policies, boundary and session policies only take away; inside an account an allow of the
 * identity's or of the resource's policies is enough, and across accounts both have to allow.
 *
 * @throws {CannotJudge} where a policy or the request holds what the documentation does not define
 */
export function evaluate(policies: Policies, request: Request): Verdict {
  checkRequest(request);
  if (hasNoPolicies(request.principal)) refuseIdentityPolicies(policies);
  const seen = applicable(policies, request);
  const denied = seen.all.find(({ statement }) => statement.effect === 'Deny');
  if (denied !== undefined) return { decision: 'explicitly denied', by: decisive(denied) };
  if (seen.serviceControl.some((level) => allowOf(level) === undefined))
    return lacking('service control policies');
  return isCrossAccount(request) ? acrossAccounts(seen) : insideAccount(seen, policies);
}

interface Match extends Decisive {
  /** How a resource's policy names who asks. */
  readonly naming?: Naming;
}

interface Applicable {
  readonly identity: readonly Match[];
  readonly boundary?: readonly Match[];
  readonly session?: readonly Match[];
  readonly resource: readonly Match[];
  readonly serviceControl: readonly (readonly Match[])[];
  readonly all: readonly Match[];
}

/** Statements that are about the request, by the policies that they stand in. */
function applicable(policies: Policies, request: Request): Applicable {
  const context = contextOf(request);
  const matching = (list: readonly Policy[]): readonly Match[] =>
    list.flatMap(({ name, statements }) =>
      statements
        .filter((statement) => applies(statement, request, context))
        .map((statement) => ({ policy: name, statement })),
    );
  const { boundary, session, resource, serviceControl = [] } = policies;
  const layers = {
    identity: matching(policies.identity),
    ...(boundary === undefined ? {} : { boundary: matching([boundary]) }),
    ...(session === undefined ? {} : { session: matching(session) }),
    resource: matching(resource === undefined ? [] : [resource]).flatMap((match) => {
      const naming = namingOf(match.statement, request.principal);
      return naming === undefined ? [] : [{ ...match, naming }];
    }),
    serviceControl: serviceControl.map(matching),
  };
  const all = [
    ...layers.serviceControl.flat(),
    ...layers.resource,
    ...layers.identity,
    ...(layers.boundary ?? []),
    ...(layers.session ?? []),
  ];
  return { ...layers, all };
}

function allowOf(matching: readonly Match[], ...namings: readonly Naming[]): Match | undefined {
  const allows = matching.filter(({ statement }) => statement.effect === 'Allow');
  if (namings.length === 0) return allows[0];
  return allows.find(({ naming }) => naming !== undefined && namings.includes(naming));
}

/** "Policy evaluation for requests within a single account", with its table for principals of resource policies. */
function insideAccount(seen: Applicable, { resource }: Policies): Verdict {
  // A grant to the user or the session itself is not limited by what boundary and session policies leave out.
  const direct = allowOf(seen.resource, 'itself');
  if (direct !== undefined) return allowed(direct);
  const bound = boundBy(seen);
  const anyone = allowOf(seen.resource, 'anyone');
  const granted = allowOf(seen.resource, 'role') ?? anyone;
  const identity = allowOf(seen.identity);
  if (bound !== undefined && anyone !== undefined) {
    throw new CannotJudge(
      `${anyone.policy} admits anyone, and AWS does not say whether the ${bound} limit that`,
    );
  }
  if (granted !== undefined) return bound === undefined ? allowed(granted) : lacking(bound);
  if (resource?.mandatory === true && allowOf(seen.resource) === undefined) return lacking('resource policy');
  if (identity === undefined) return lacking('identity policies');
  return bound === undefined ? allowed(identity) : lacking(bound);
}

/** "Cross-account policy evaluation logic": the identity's account and the resource's have to allow. */
function acrossAccounts(seen: Applicable): Verdict {
  const identity = allowOf(seen.identity);
  if (identity === undefined) return lacking('identity policies');
  const bound = boundBy(seen);
  if (bound !== undefined) return lacking(bound);
  return allowOf(seen.resource) === undefined ? lacking('resource policy') : allowed(identity);
}

/** What does not let the request through, of boundary and session policies. */
function boundBy({ boundary, session }: Applicable): Missing | undefined {
  if (boundary !== undefined && allowOf(boundary) === undefined) return 'permissions boundary';
  return session !== undefined && allowOf(session) === undefined ? 'session policies' : undefined;
}

/** Grants name a service or an identity provider; for whom these act, the grants' conditions say. */
function isCrossAccount({ principal, resource, resourceAccount }: Request): boolean {
  if (hasNoPolicies(principal)) return false;
  const own = accountOf(principal.arn);
  if (own === undefined) throw new CannotJudge(`${principal.arn} names no account of its own`);
  return (resourceAccount ?? accountOf(resource) ?? own) !== own;
}

function refuseIdentityPolicies({ identity, boundary, session, serviceControl }: Policies): void {
  if (
    identity.length > 0 ||
    boundary !== undefined ||
    session !== undefined ||
    serviceControl !== undefined
  ) {
    throw new CannotJudge(
      'a service or an identity provider has no policies but those of the resource: leave them out',
    );
  }
}

function allowed(by: Match): Verdict {
  return { decision: 'allowed', by: decisive(by) };
}

function lacking(missing: Missing): Verdict {
  return { decision: 'implicitly denied', missing };
}

function decisive({ policy, statement }: Match): Decisive {
  return { policy, statement };
}
