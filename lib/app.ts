import { App, type AppProps } from 'aws-cdk-lib';
import type { Candidate } from '../models/verification/prove-specialists';
import { challengersOf, mustBeComparable } from './config/challengers';
import { planEnvironment } from './plan/load-plan';
import { readCurrentPlan } from './report/current-plan';
import { applyCompliance } from './compliance/apply-compliance';
import { deliveredTo } from './config/delivery/delivered-environments';
import { ROLLBACK_ALARMS, type RollbackAlarmsSwitch } from './constructs/serving/endpoint-deployment';
import { EXIT, UserError } from './util/user-error';
import type { DeploymentPlan } from './plan/deployment-plan';
import { projectPath } from './util/project-path';
import { assertVerified } from '../models/verification/assert-verified';
import { HOSTING_TYPES, QUOTA, endpointQuotaKey } from './quotas/quota-catalogue';
import { DeliveryStack } from './stacks/delivery-stack';
import { EnvironmentStage } from './stage';

/**
 * Refuses to build what is not proven to fit: a blocked plan would fail half-way, and an unknown one might.
 *
 * @throws UserError with every reason and its remedy
 */
function mustFit(plan: DeploymentPlan): void {
  if (plan.verdict === 'fits') return;
  const errors = plan.findings.filter(({ severity }) => severity === 'error');
  throw new UserError(
    `${plan.environment.name} is ${plan.verdict === 'blocked' ? 'blocked' : 'undecided'}, so nothing is synthesized:\n${errors
      .map(({ title, remedy }) => `  - ${title}.\n    ${remedy}.`)
      .join('\n')}`,
    plan.verdict === 'blocked' ? EXIT.blocked : EXIT.unknown,
  );
}

/**
 * The switch that a deploy during an incident may set.
 *
 * @throws UserError for any other value: a mistyped one must not deploy with alarms that take the fix back
 */
function rollbackAlarmsOf(given: unknown): RollbackAlarmsSwitch {
  const found = given === undefined ? 'on' : ROLLBACK_ALARMS.find((allowed) => allowed === given);
  if (found !== undefined) return found;
  throw new UserError(
    `context rollbackAlarms is ${JSON.stringify(given)}; allowed are ${ROLLBACK_ALARMS.join(' and ')}: leave it out, or give -c rollbackAlarms=off to deploy a fix that the alarms would take back (docs/runbook.md, Fix during an incident)`,
  );
}

/**
 * Builds every stack of an environment under an app, with all compliance packs attached.
 *
 * @param rollbackAlarms whether alarms roll updates of endpoints back
 */
export function buildEnvironment(
  app: App,
  plan: DeploymentPlan,
  modelsFolder: string,
  rollbackAlarms: RollbackAlarmsSwitch = 'on',
): EnvironmentStage {
  mustFit(plan);
  const stage = new EnvironmentStage(app, { plan, modelsFolder, rollbackAlarms });
  const limitOf = (code: string) => {
    const row = plan.ledger.find((entry) => `${entry.service}/${entry.code}` === code);
    return row === undefined || row.limit === null ? undefined : row.limit - (row.usedByOthers ?? 0);
  };
  applyCompliance(app, {
    instanceQuota: (instanceType) => {
      const type = HOSTING_TYPES.get(instanceType);
      return type === undefined ? undefined : limitOf(endpointQuotaKey(type));
    },
    serverlessConcurrency: limitOf(QUOTA.serverlessConcurrency) ?? 0,
    modelBucket: stage.store.store.bucket,
  });
  return stage;
}

/**
 * Builds what lets GitHub Actions into an account, with all compliance packs attached.
 *
 * @throws UserError where GitHub Actions deploys no environment to the account
 */
export function buildDelivery(app: App, account: string): DeliveryStack {
  const stack = new DeliveryStack(app, { environments: deliveredTo(account) });
  applyCompliance(app);
  return stack;
}

/**
 * The CDK app. Context: `env` (default dev), `snapshot` (name or file, default that of the environment), `current`
 * (report of the plan that runs, default what the snapshot recorded), `models` (folder of the specialists, default
 * `models`), `rollbackAlarms` (`off` deploys endpoints without the alarms that roll an update back, default `on`).
 * Nothing is built of specialists that do not answer their golden vectors right. With `delivery`, an account, the app
 * is what lets GitHub Actions into that account, and no environment.
 *
 * A {@link UserError} ends the process with its message and exit code, without a stack trace.
 *
 * @param prove refuses specialists, and second versions on trial, that are not proven to answer right.
 *   @default assertVerified
 */
export async function buildApp(
  surroundings: NodeJS.ProcessEnv,
  props: AppProps = {},
  prove: (modelsFolder: string, challengers: readonly Candidate[]) => Promise<void> = assertVerified,
): Promise<void> {
  const app = new App(props);
  const context = (key: string): string | undefined => {
    const value: unknown = app.node.tryGetContext(key);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  try {
    const account = context('delivery');
    if (account !== undefined) {
      buildDelivery(app, account);
      return;
    }
    const rollbackAlarms = rollbackAlarmsOf(app.node.tryGetContext('rollbackAlarms'));
    const name = context('env') ?? 'dev';
    const { plan } = planEnvironment(
      name,
      { account: surroundings['CDK_DEFAULT_ACCOUNT'], region: surroundings['CDK_DEFAULT_REGION'] },
      { snapshot: context('snapshot'), current: readCurrentPlan(context('current'), name) },
    );
    const modelsFolder = context('models') ?? projectPath('models');
    const challengers = challengersOf(plan.environment);
    await prove(modelsFolder, challengers);
    mustBeComparable(modelsFolder, challengers);
    buildEnvironment(app, plan, modelsFolder, rollbackAlarms);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(error.exitCode);
  }
}
