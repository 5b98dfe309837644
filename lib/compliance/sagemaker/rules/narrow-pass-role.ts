import { ownStatements, PERMISSION_TYPES } from '../../iam/identity';
import { isWildcard, mayAllow } from '../../iam/statement';
import type { Rule } from '../sagemaker-rule';

/** Roles are passed by name only. */
export const narrowPassRole: Rule = {
  id: 'NarrowPassRole',
  types: PERMISSION_TYPES,
  why: 'Whoever passes any role to a service acts with the rights of the strongest role in the account.',
  check: ({ type, properties }) => {
    const resources = ownStatements(type, properties)
      .filter((statement) => mayAllow(statement, 'iam:PassRole'))
      .flatMap((statement) => statement.resources.filter(isWildcard));
    return [...new Set(resources)].map((resource) => ({
      key: `Resource::${resource}`,
      problem: `iam:PassRole is allowed on ${resource}, which stands for more than one role.`,
      fix: 'Name the one role to pass (role.grantPassRole) and keep the iam:PassedToService condition.',
    }));
  },
};
