import { existsSync, readFileSync } from 'node:fs';
import { type DeployedPlan, deployedPlanOf } from '../plan/replacement/existing-deployment';
import { UserError } from '../util/user-error';
import { parseBaseline } from './baseline';

/**
 * The plan that an environment runs, from the report of its deployment.
 *
 * @throws UserError when the file is no report, or one of another environment
 */
export function readCurrentPlan(file: string | undefined, environment: string): DeployedPlan | undefined {
  if (file === undefined) return undefined;
  if (!existsSync(file)) {
    throw new UserError(
      `there is no current plan ${file}: give the report of what runs, written with --format json --out FILE`,
    );
  }
  const report = parseBaseline(readFileSync(file, 'utf8'), 'current plan');
  if (report.environment !== environment) {
    throw new UserError(
      `the current plan ${file} is of ${report.environment}, but the environment is ${environment}: give a report of ${environment}`,
    );
  }
  return deployedPlanOf(report.plan.endpoints);
}
