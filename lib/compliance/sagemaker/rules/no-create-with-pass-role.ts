import {
  attachedTo,
  IDENTITY_TYPES,
  isOneOf,
  ownStatements,
  PERMISSION_TYPES,
  POLICY_TYPES,
} from '../../iam/identity';
import { mayAllow, type Statement } from '../../iam/statement';
import { textOf } from '../../../util/json';
import { type RenderedResource, targetOf } from '../../rendered-resource';
import type { Rule } from '../sagemaker-rule';
import type { ResourceTree } from '../resource-tree';

/**
 * No identity may both create SageMaker resources and pass a role. Policies add up, so an identity is judged with
 * every policy of the tree that is attached to it.
 */
export const noCreateWithPassRole: Rule = {
  id: 'NoCreateWithPassRole',
  types: PERMISSION_TYPES,
  why: 'iam:PassRole with sagemaker:CreateNotebookInstance or CreateTrainingJob runs any code under the passed role.',
  check: (resource, tree) => {
    const statements = statementsFor(resource, tree);
    const passes = statements.some((statement) => mayAllow(statement, 'iam:PassRole'));
    const creates = new Set(passes ? statements.flatMap(creating) : []);
    return [...creates].map((action) => ({
      key: `Action::${action}`,
      problem: `${action} is allowed together with iam:PassRole.`,
      fix: 'Let CloudFormation create SageMaker resources with its own role, and take one of the two permissions away.',
    }));
  },
};

function creating(statement: Statement): readonly string[] {
  return statement.actions.filter((action) =>
    mayAllow({ ...statement, actions: [action] }, 'sagemaker:Create'),
  );
}

function statementsFor(resource: RenderedResource, tree: ResourceTree): readonly Statement[] {
  const own = ownStatements(resource.type, resource.properties);
  if (!isOneOf(IDENTITY_TYPES, resource.type)) return own;
  const policies = tree.ofType(...POLICY_TYPES).filter((policy) => isAttached(policy, resource));
  return [...own, ...policies.flatMap((policy) => ownStatements(policy.type, policy.properties))];
}

function isAttached(policy: RenderedResource, identity: RenderedResource): boolean {
  const name = ['RoleName', 'UserName', 'GroupName']
    .map((key) => textOf(identity.properties[key]))
    .find(Boolean);
  const byName = attachedTo(policy.properties).some(
    (target) => targetOf(target) === identity.path || (name !== undefined && target === name),
  );
  const arns = identity.properties['ManagedPolicyArns'];
  return byName || (Array.isArray(arns) && arns.some((arn) => targetOf(arn) === policy.path));
}
