import { attachedPolicies, ownStatements, PERMISSION_TYPES } from '../../iam/identity';
import type { Statement } from '../../iam/statement';
import type { Rule } from '../sagemaker-rule';

/** `AmazonS3FullAccess`, `AWSLambda_FullAccess`, `CloudWatchFullAccessV2`, `AdministratorAccess-Amplify`, `…PowerUser`. */
const FULL_ACCESS = /(FullAccess(V\d+)?|AdministratorAccess(-\w+)?|PowerUser(Access)?)$/i;

/** AWS managed policies that give a whole service away, and statements that do the same by hand. */
export const noFullAccessPolicy: Rule = {
  id: 'NoFullAccessPolicy',
  types: PERMISSION_TYPES,
  why: 'AmazonSageMakerFullAccess alone brings 204 actions and iam:PassRole on every role: any code that runs with it owns the account.',
  check: ({ type, properties }) => [
    ...attachedPolicies(type, properties).flatMap((arn) => {
      const name = fullAccessName(arn);
      if (name === undefined) return [];
      return {
        key: `Policy::${name}`,
        problem: `The AWS managed policy ${name} is attached, which allows far more than this identity needs.`,
        fix: 'Detach it and use grants of the constructs (bucket.grantRead, endpoint.grantInvoke) for what is needed.',
      };
    }),
    ...[...new Set(ownStatements(type, properties).flatMap(wholeServices))].map((action) => ({
      key: `Action::${action}`,
      problem: `A statement allows ${action} on every resource, as a *FullAccess policy would.`,
      fix: 'Name the actions that are needed and the resources they are needed on.',
    })),
  ],
};

function fullAccessName(arn: string): string | undefined {
  const name = arn.split('/').at(-1) ?? '';
  return arn.includes(':iam::aws:policy/') && FULL_ACCESS.test(name) ? name : undefined;
}

function wholeServices(statement: Statement): readonly string[] {
  if (statement.effect === 'Deny' || !statement.resources.includes('*')) return [];
  return statement.actions.filter((action) => /^\*+$|^[a-z0-9-]+:\*+$/i.test(action));
}
