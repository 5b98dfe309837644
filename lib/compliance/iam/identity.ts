import { type JsonRecord, listOf, recordOf, textOf } from '../../util/json';
import { type Statement, statementsOf } from './statement';

/** Resource types that are an identity and may carry policies of their own. */
export const IDENTITY_TYPES = ['AWS::IAM::Role', 'AWS::IAM::User', 'AWS::IAM::Group'] as const;

/** Resource types that give permissions to identities by name. */
export const POLICY_TYPES = [
  'AWS::IAM::Policy',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::RolePolicy',
  'AWS::IAM::UserPolicy',
  'AWS::IAM::GroupPolicy',
] as const;

/** Resource type of IAM Identity Center that is a role in the accounts it is assigned to. */
export const PERMISSION_SET = 'AWS::SSO::PermissionSet';

/** Every resource type that gives permissions to an identity. */
export const PERMISSION_TYPES = [...IDENTITY_TYPES, ...POLICY_TYPES, PERMISSION_SET] as const;

/** Statements that the resource itself carries: its inline policies, or the document of a policy resource. */
export function ownStatements(type: string, properties: JsonRecord): readonly Statement[] {
  if (type === PERMISSION_SET) return statementsOf(properties['InlinePolicy']);
  if (isOneOf(POLICY_TYPES, type)) return statementsOf(properties['PolicyDocument']);
  if (!isOneOf(IDENTITY_TYPES, type)) return [];
  return listOf(properties['Policies']).flatMap((policy) => statementsOf(recordOf(policy)['PolicyDocument']));
}

/** ARNs of the managed policies that an identity or a permission set attaches to itself. */
export function attachedPolicies(type: string, properties: JsonRecord): readonly string[] {
  const list = type === PERMISSION_SET ? properties['ManagedPolicies'] : properties['ManagedPolicyArns'];
  return listOf(list).flatMap((arn) => textOf(arn) ?? []);
}

/** Names or references of the identities that a policy resource is attached to. */
export function attachedTo(properties: JsonRecord): readonly string[] {
  return [
    ...listOf(properties['Roles']),
    ...listOf(properties['Users']),
    ...listOf(properties['Groups']),
    properties['RoleName'],
    properties['UserName'],
    properties['GroupName'],
  ].flatMap((name) => textOf(name) ?? []);
}

/** Whether the type is one of the list's. */
export function isOneOf<T extends string>(types: readonly T[], type: string): type is T {
  return (types as readonly string[]).includes(type);
}
