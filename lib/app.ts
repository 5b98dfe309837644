import { App, type AppProps } from 'aws-cdk-lib';
import type { Candidate } from '../models/proof';
import { challengersOf, mustBeComparable } from './challengers';
import { planEnvironment } from './cli/context';
import { applyCompliance } from './compliance';
import { EXIT, UserError } from './errors';
import type { DeploymentPlan } from './plan/deployment-plan';
import { projectPath } from './project-path';
import { mustAnswerRight } from './proven-models';
import { HOSTING_TYPES, QUOTA, endpointQuotaKey } from './quotas/catalogue';
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

/** Builds every stack of an environment under an app, with all compliance packs attached. */
export function buildEnvironment(app: App, plan: DeploymentPlan, modelsFolder: string): EnvironmentStage {
  mustFit(plan);
  const stage = new EnvironmentStage(app, { plan, modelsFolder });
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
 * The CDK app. Context: `env` (default dev), `snapshot` (name or file, default that of the environment), `current`
 * (report of the plan that runs, default what the snapshot recorded), `models` (folder of the specialists, default
 * `models`). Nothing is built of specialists that do not answer their golden vectors right.
 *
 * A {@link UserError} ends the process with its message and exit code, without a stack trace.
 *
 * @param prove refuses specialists, and second versions on trial, that are not proven to answer right.
 *   @default mustAnswerRight
 */
export async function buildApp(
  surroundings: NodeJS.ProcessEnv,
  props: AppProps = {},
  prove: (modelsFolder: string, challengers: readonly Candidate[]) => Promise<void> = mustAnswerRight,
): Promise<void> {
  const app = new App(props);
  const context = (key: string): string | undefined => {
    const value: unknown = app.node.tryGetContext(key);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  try {
    const { plan } = planEnvironment(
      context('env') ?? 'dev',
      { account: surroundings['CDK_DEFAULT_ACCOUNT'], region: surroundings['CDK_DEFAULT_REGION'] },
      { snapshot: context('snapshot'), current: context('current') },
    );
    const modelsFolder = context('models') ?? projectPath('models');
    const challengers = challengersOf(plan.environment);
    await prove(modelsFolder, challengers);
    mustBeComparable(modelsFolder, challengers);
    buildEnvironment(app, plan, modelsFolder);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(error.exitCode);
  }
}
