import { z } from 'zod';
import { UserError } from '../../util/user-error';
import { environmentNames, loadEnvironment } from '../load-environment';
import type { Environment } from '../environment';

/** Branch that GitHub Actions deploys from. */
export const DEPLOY_BRANCH = 'main';

/**
 * Hours that a deployment may take: a job of GitHub Actions gets six. The role's sessions last as long, because the
 * CDK assumes its own roles again every hour, and cannot once the session has ended. (GitHub Docs, "Actions limits";
 * IAM user guide, role chaining.)
 */
export const DEPLOY_HOURS = 6;

/** An environment that GitHub Actions deploys. */
export type DeliveredEnvironment = Environment &
  Readonly<Required<Pick<Environment, 'account' | 'region' | 'delivery'>>>;

/** Whether GitHub Actions deploys the environment. */
export function isDelivered(environment: Environment): environment is DeliveredEnvironment {
  const { account, region, delivery } = environment;
  return delivery !== undefined && account !== undefined && region !== undefined;
}

const ACCOUNT = z.string().regex(/^\d{12}$/);

/**
 * The environments of an account that GitHub Actions deploys, in the order in which they are promoted.
 *
 * @param environments to choose from. @default - all of the project
 * @throws UserError where there is none, or where they disagree about the account's identity provider
 */
export function deliveredTo(
  account: string,
  environments: readonly Environment[] = environmentNames().map(loadEnvironment),
): readonly [DeliveredEnvironment, ...DeliveredEnvironment[]] {
  if (!ACCOUNT.safeParse(account).success) {
    throw new UserError(`-c delivery=${account} is no account: give the 12 digits of an AWS account`);
  }
  const found = environments.filter(isDelivered).filter((environment) => environment.account === account);
  const [first, ...others] = found;
  if (first === undefined) {
    throw new UserError(
      `GitHub Actions deploys no environment to account ${account}: set "account" and "delivery" in the file of one`,
    );
  }
  const providers = new Set(found.map(({ delivery }) => delivery.provider));
  if (providers.size > 1) {
    const given = found.map(({ name, delivery }) => `${name} has ${delivery.provider}`).join(', ');
    throw new UserError(
      `the environments of account ${account} disagree about delivery.provider (${given}): an account has one ` +
        'identity provider for GitHub, so give all of them the same value',
    );
  }
  return [first, ...others];
}
