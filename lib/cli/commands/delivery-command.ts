import { RegionInfo } from 'aws-cdk-lib/region-info';
import { DEPLOY_HOURS, isDelivered } from '../../config/delivery/delivered-environments';
import { loadEnvironment } from '../../config/load-environment';
import { EXIT, type ExitCode, UserError } from '../../util/user-error';
import { deployRoleName } from '../../config/resource-names';
import type { Terminal } from '../terminal';

/**
 * Prints what GitHub Actions needs to deploy an environment, as outputs of a step: account, region, role, and how many
 * seconds its session lasts.
 *
 * @throws UserError for an environment that GitHub Actions does not deploy
 */
export function delivery(options: { readonly env: string }, io: Terminal): ExitCode {
  const environment = loadEnvironment(options.env);
  if (!isDelivered(environment)) {
    throw new UserError(
      `GitHub Actions does not deploy ${environment.name}: set "account" and "delivery" in its file, and deploy the ` +
        'role (docs/runbook.md, "Let CI deploy")',
    );
  }
  const { name, account, region } = environment;
  const partition = RegionInfo.get(region).partition ?? 'aws';
  const outputs = {
    account,
    region,
    role: `arn:${partition}:iam::${account}:role/${deployRoleName(name)}`,
    seconds: DEPLOY_HOURS * 3600,
  };
  for (const [output, value] of Object.entries(outputs)) io.out(`${output}=${value}\n`);
  return EXIT.fits;
}
