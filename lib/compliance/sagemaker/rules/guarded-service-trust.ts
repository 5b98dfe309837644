import { type Condition, type Statement, statementsOf } from '../../iam/statement';
import type { Rule } from '../sagemaker-rule';

const SERVICE = 'service sagemaker.amazonaws.com';
const GUARDS = ['aws:SourceAccount', 'aws:SourceArn'] as const;
const BINDING = /^(ForAllValues:|ForAnyValue:)?(String|Arn)(Equals|Like|EqualsIgnoreCase)$/i;

/** SageMaker assumes a role only on behalf of this account's own resources. */
export const guardedServiceTrust: Rule = {
  id: 'GuardedServiceTrust',
  types: ['AWS::IAM::Role'],
  why: 'Without them another account could have SageMaker use the role on its behalf (the confused deputy).',
  check: ({ properties }) => {
    const trusting = statementsOf(properties['AssumeRolePolicyDocument']).filter(trustsSageMaker);
    return GUARDS.filter((key) => trusting.some((statement) => !binds(statement, key))).map((key) => ({
      key: `Condition::${key}`,
      problem: `SageMaker may assume the role, and no condition binds ${key}.`,
      fix:
        key === 'aws:SourceAccount'
          ? "Add StringEquals aws:SourceAccount with this account's id to the trust policy."
          : 'Add ArnLike aws:SourceArn arn:<partition>:sagemaker:<region>:<account>:* to the trust policy.',
    }));
  },
};

function trustsSageMaker(statement: Statement): boolean {
  return statement.effect === 'Allow' && statement.principals.includes(SERVICE);
}

function binds(statement: Statement, key: string): boolean {
  return statement.conditions.some(
    (condition: Condition) =>
      condition.key.toLowerCase() === key.toLowerCase() &&
      BINDING.test(condition.operator) &&
      condition.values.length > 0 &&
      condition.values.every((value) => value !== '*'),
  );
}
