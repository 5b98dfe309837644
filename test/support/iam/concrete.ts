import { isRecord, type Json, listOf, recordOf } from '../../../lib/util/json';
import {
  type IdentityPermissions,
  type Permissions,
  rolePermissions,
  type Template,
} from '../../../lib/compliance/permissions/role-permissions';
import { type ReadResource, readResources } from '../../../lib/compliance/permissions/resource-policies';
import { concreteName, digest, type Target } from './concrete-names';
import { CannotJudge, type Policy, readPolicy } from './evaluation';
import { IDENTITY_TYPES, isOneOf, POLICY_TYPES } from '../../../lib/compliance/iam/identity';
import type { Statement } from '../../../lib/compliance/iam/statement';

/** The permissions of a set of stacks with every reference resolved, ready to be evaluated. */
export interface ConcretePermissions extends Permissions {
  readonly target: Target;
  /**
   * What a reference gives once deployed.
   *
   * @param name `Stack.LogicalId` as {@link rolePermissions} writes it, such as `ModelStore.StoreBucket`
   * @param attribute of `Fn::GetAtt`. @default - what `Ref` gives
   */
  readonly reference: (name: string, attribute?: string) => string;
}

/**
 * Reads every permission out of templates as {@link rolePermissions} does, and puts names, accounts and ARNs as they
 * could be in place of references: the same for the same templates and target, and different for any two resources.
 *
 * @throws {CannotJudge} for a document that breaks IAM's grammar, and for a reference or a function that is not
 *   known to give a text
 */
export function concretePermissions(
  templates: Readonly<Record<string, Template>>,
  target: Target,
): ConcretePermissions {
  const resources = readResources(templates);
  for (const resource of resources) checkDocuments(resource);
  const text = resolver(resources, target);
  const permissions = rolePermissions(templates);
  return {
    target,
    reference: (name, attribute) => text(`\${${[name, attribute].filter(Boolean).join('.')}}`),
    identities: permissions.identities.map((identity) => ({
      ...identity,
      ...(identity.boundary === undefined ? {} : { boundary: text(identity.boundary) }),
      managedPolicies: identity.managedPolicies.map(text),
      trust: identity.trust.map((statement) => resolved(statement, text)),
      statements: identity.statements.map((statement) => resolved(statement, text)),
    })),
    resources: permissions.resources.map(({ name, statements }) => ({
      name,
      statements: statements.map((statement) => resolved(statement, text)),
    })),
  };
}

/**
 * The identity policies of a role, complete.
 *
 * @param managed documents of managed policies that no template holds, by ARN
 * @throws {CannotJudge} where the role attaches a managed policy, or a boundary, whose document is not given
 */
export function identityPoliciesOf(
  identity: IdentityPermissions,
  managed: Readonly<Record<string, Json>> = {},
): { readonly identity: readonly Policy[]; readonly boundary?: Policy } {
  const read = (arn: string): Policy => {
    const document = managed[arn];
    if (document !== undefined) return readPolicy(arn, document);
    throw new CannotJudge(
      `${identity.name} has the managed policy ${arn}, whose document is in no template: give the document`,
    );
  };
  return {
    identity: [
      { name: identity.name, statements: identity.statements },
      ...identity.managedPolicies.map(read),
    ],
    ...(identity.boundary === undefined ? {} : { boundary: read(identity.boundary) }),
  };
}

type Resolver = (text: string) => string;

/** What every content hash of an asset reads: they change with the content and say nothing about permissions. */
export const ASSET_HASH = digest('the content of an asset');
/** A function that could not be written out reads like a call. */
const UNRESOLVED =
  /(?<![A-Za-z0-9])(base64|cidr|findInMap|getAZs|if|import|join|select|split|toJsonString|transform)\(/;

function resolver(resources: readonly ReadResource[], target: Target): Resolver {
  const byName = new Map(resources.map((resource) => [resource.name, resource]));
  const pseudo: Readonly<Record<string, string>> = {
    'AWS::AccountId': target.account,
    'AWS::Region': target.region,
    'AWS::Partition': target.partition,
    'AWS::URLSuffix': target.partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com',
  };
  const inner = (whole: string, name: string): string => {
    if (name in pseudo) return pseudo[name] ?? '';
    const [stack = '', id = '', ...path] = name.split('.');
    const found = byName.get(`${stack}.${id}`);
    if (found !== undefined) return text(concreteName(found, path.join('.'), target));
    // What is neither of CloudFormation's stays: a policy variable such as ${aws:username}, or ${*}.
    if (/^([a-z0-9-]+:.+|[*?$])$/.test(name)) return whole;
    throw new CannotJudge(`${whole} points at nothing in the templates`);
  };
  const text: Resolver = (value) => {
    if (UNRESOLVED.test(value)) throw new CannotJudge(`${value} holds a function that is not resolved`);
    return value.replaceAll('<asset>', ASSET_HASH).replace(/\$\{([^{}]+)\}/g, inner);
  };
  return text;
}

function resolved(statement: Statement, text: Resolver): Statement {
  return {
    effect: statement.effect,
    principals: statement.principals.map(text),
    notPrincipals: statement.notPrincipals.map(text),
    actions: statement.actions.map(text),
    notActions: statement.notActions.map(text),
    resources: statement.resources.map(text),
    notResources: statement.notResources.map(text),
    conditions: statement.conditions.map(({ operator, key, values }) => ({
      operator,
      key: text(key),
      values: values.map(text),
    })),
  };
}

/** Holds documents of roles and policies to the grammar: the reader of statements itself forgives. */
function checkDocuments({ name, type, properties }: ReadResource): void {
  if (isOneOf(POLICY_TYPES, type)) readPolicy(name, properties['PolicyDocument']);
  if (!isOneOf(IDENTITY_TYPES, type)) return;
  for (const policy of listOf(properties['Policies'])) {
    readPolicy(name, recordOf(policy)['PolicyDocument']);
  }
  const trust = properties['AssumeRolePolicyDocument'];
  if (isRecord(trust)) readPolicy(name, trust, 'trust');
}
