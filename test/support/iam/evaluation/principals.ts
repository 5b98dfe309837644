import type { Statement } from '../../../../lib/compliance/iam/statement';
import { CannotJudge } from './errors';
import { accountOf, hasNoPolicies, type Principal } from './request';

/**
 * How a statement of a resource's policy names who asks. `itself`: the user, the session, the service or the identity
 * provider. `role`: the role behind the session. `account`: the account, which leaves the decision to the identity's
 * own policies.
 */
export type Naming = 'itself' | 'role' | 'account' | 'anyone';

/**
 * How the statement names the principal, the most direct way first; undefined where it does not.
 *
 * @throws {CannotJudge} for NotPrincipal, wildcards inside a principal, and kinds of principals that are not known
 */
export function namingOf({ principals, notPrincipals }: Statement, principal: Principal): Naming | undefined {
  if (notPrincipals.length > 0) {
    throw new CannotJudge(`NotPrincipal ${notPrincipals.join(', ')}: name who is meant, with conditions`);
  }
  const namings = new Set(principals.map((name) => naming(name, principal)));
  return (['itself', 'role', 'account', 'anyone'] as const).find((way) => namings.has(way));
}

function naming(name: string, principal: Principal): Naming | undefined {
  if (name === 'anyone') return 'anyone';
  const [, kind, id = ''] = /^(service|aws|federated) (\S+)$/.exec(name) ?? [];
  switch (kind) {
    case 'service':
    case 'federated':
      return principal.kind === kind && principal.name === id ? 'itself' : undefined;
    case 'aws':
      return awsNaming(id, principal);
    default:
      throw new CannotJudge(
        `${name} is no principal that can be judged: give an ARN, an account or a service`,
      );
  }
}

function awsNaming(id: string, principal: Principal): Naming | undefined {
  const account = /^\d{12}$/.test(id) ? id : /^arn:[^:]+:iam::(\d{12}):root$/.exec(id)?.[1];
  if (account === undefined && !/^arn:[^:*?]+:(iam|sts)::\d{12}:[^*?]+$/.test(id)) {
    throw new CannotJudge(
      `${id} is no principal: IAM takes an account or the full ARN of a user, role or session`,
    );
  }
  if (hasNoPolicies(principal)) return undefined;
  if (account !== undefined) return accountOf(principal.arn) === account ? 'account' : undefined;
  if (principal.kind === 'user') return principal.arn === id ? 'itself' : undefined;
  if (principal.session === id) return 'itself';
  return principal.arn === id ? 'role' : undefined;
}
