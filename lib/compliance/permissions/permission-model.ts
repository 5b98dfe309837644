import type { Statement } from '../iam/statement';
import type { JsonRecord } from '../../util/json';

/** The parts of a synthesised template that permissions are read from. */
export interface Template {
  readonly Resources?: JsonRecord;
  readonly Outputs?: JsonRecord;
}

/** Everything that one identity may do, and who may act as it. */
export interface IdentityPermissions {
  /**
   * `role`, `user` and `group` are resources of the templates; `outside` is an identity that policies are attached
   * to and that no template defines; `unattached` is a managed policy that nothing uses yet.
   */
  readonly kind: 'role' | 'user' | 'group' | 'outside' | 'unattached';
  /** `Stack.LogicalId`, or the name that an outside identity goes by. */
  readonly name: string;
  /** Statements of the trust policy; none for what cannot be assumed. */
  readonly trust: readonly Statement[];
  /** Policy that bounds the permissions. */
  readonly boundary?: string;
  /** Managed policies that no template defines, by ARN: AWS's own, or the account's. */
  readonly managedPolicies: readonly string[];
  /** Statements of all policies that the templates define for the identity. */
  readonly statements: readonly Statement[];
}

/** Who else a resource admits by a policy of its own. */
export interface ResourcePermissions {
  /** `Stack.LogicalId` of the resource. */
  readonly name: string;
  readonly statements: readonly Statement[];
}

/** The permissions of a set of stacks. */
export interface Permissions {
  readonly identities: readonly IdentityPermissions[];
  readonly resources: readonly ResourcePermissions[];
}
