import {
  attachedPolicies,
  attachedTo,
  IDENTITY_TYPES,
  isOneOf,
  ownStatements,
  POLICY_TYPES,
} from '../iam/identity';
import { type Statement, statementsOf } from '../iam/statement';
import { textOf } from '../../util/json';
import type { IdentityPermissions } from './permission-model';
import type { ReadResource } from './resource-policies';

const KINDS = {
  'AWS::IAM::Role': 'role',
  'AWS::IAM::User': 'user',
  'AWS::IAM::Group': 'group',
} as const;

/** Permissions of every identity that the resources define, or attach a policy to. */
export function identitiesOf(resources: readonly ReadResource[]): readonly IdentityPermissions[] {
  const policies = resources.filter(({ type }) => isOneOf(POLICY_TYPES, type));
  const identities = resources.flatMap((resource) => {
    const { type } = resource;
    return isOneOf(IDENTITY_TYPES, type) ? [identity(KINDS[type], resource, policies)] : [];
  });
  const known = new Set(resources.filter(({ type }) => isOneOf(IDENTITY_TYPES, type)).flatMap(aliasesOf));
  const outside = new Set(policies.flatMap(targetsOf).filter((target) => !known.has(target)));
  return [
    ...identities,
    ...[...outside].map((target) => given('outside', target, statementsFor(new Set([target]), policies))),
    ...policies
      .filter((policy) => targetsOf(policy).length === 0 && !isReferenced(policy, resources))
      .map((policy) => given('unattached', policy.name, ownStatements(policy.type, policy.properties))),
  ];
}

function identity(
  kind: IdentityPermissions['kind'],
  resource: ReadResource,
  policies: readonly ReadResource[],
): IdentityPermissions {
  const { type, properties } = resource;
  const arns = attachedPolicies(type, properties);
  const attached = policies.filter((policy) => arns.includes(referenceTo(policy)));
  return {
    kind,
    name: resource.name,
    trust: statementsOf(properties['AssumeRolePolicyDocument']),
    boundary: textOf(properties['PermissionsBoundary']),
    managedPolicies: arns.filter((arn) => !policies.some((policy) => referenceTo(policy) === arn)),
    statements: [
      ...ownStatements(type, properties),
      ...statementsFor(new Set(aliasesOf(resource)), policies),
      ...attached.flatMap((policy) => ownStatements(policy.type, policy.properties)),
    ],
  };
}

function given(
  kind: 'outside' | 'unattached',
  name: string,
  statements: readonly Statement[],
): IdentityPermissions {
  return { kind, name, trust: [], managedPolicies: [], statements };
}

function statementsFor(
  aliases: ReadonlySet<string>,
  policies: readonly ReadResource[],
): readonly Statement[] {
  return policies
    .filter((policy) => targetsOf(policy).some((target) => aliases.has(target)))
    .flatMap((policy) => ownStatements(policy.type, policy.properties));
}

function targetsOf(policy: ReadResource): readonly string[] {
  return attachedTo(policy.properties);
}

/** What policies may call an identity: its reference, or the name it was given. */
function aliasesOf({ name, properties }: ReadResource): readonly string[] {
  const own = ['RoleName', 'UserName', 'GroupName'].flatMap((key) => textOf(properties[key]) ?? []);
  return [`\${${name}}`, ...own];
}

function referenceTo({ name }: ReadResource): string {
  return `\${${name}}`;
}

function isReferenced(policy: ReadResource, resources: readonly ReadResource[]): boolean {
  return resources.some(({ type, properties }) =>
    attachedPolicies(type, properties).includes(referenceTo(policy)),
  );
}
