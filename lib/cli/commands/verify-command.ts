import { statSync } from 'node:fs';
import { loadEnvironment, resolveTarget } from '../../config/load-environment';
import { EXIT, type ExitCode, UserError } from '../../util/user-error';
import { projectPath } from '../../util/project-path';
import { renderVerify } from '../../report/verify-table';
import type { CheckOutcome } from '../../verify/check-outcome';
import type { HowMany } from '../../verify/serving/check-golden-rows';
import { verifyPolicy } from '../../verify/verify-actions';
import { readExpectedModels } from '../../verify/expected-models';
import { planEnvironment } from '../../plan/load-plan';
import { readCurrentPlan } from '../../report/current-plan';
import type { Terminal } from '../terminal';
import type { VerifyFormat } from './verify-options';

export interface VerifyCommandOptions {
  readonly env: string;
  readonly format: VerifyFormat;
  readonly golden: HowMany;
  readonly region?: string;
  readonly profile?: string;
  /** Name or file of the snapshot that was deployed with. @default - the one that the environment names */
  readonly snapshot?: string;
  /** Report (JSON) that was deployed with. */
  readonly current?: string;
  /** Folder of the models that were deployed. @default - the project's own */
  readonly models?: string;
  /** Seconds after which what is open is undetermined. */
  readonly deadline: number;
  /** Whether to print the policy that the verification needs, and do nothing else. */
  readonly printPolicy?: boolean;
}

const EXIT_OF: Readonly<Record<CheckOutcome, ExitCode>> = {
  ok: EXIT.fits,
  failed: EXIT.blocked,
  undetermined: EXIT.unknown,
};

function printPolicy(
  { env, region }: VerifyCommandOptions,
  cdk: { region?: string },
  io: Terminal,
): ExitCode {
  const environment = loadEnvironment(env);
  const target = resolveTarget({ ...environment, region: region ?? environment.region }, cdk);
  const { account } = environment;
  const policy = verifyPolicy({
    environment: env,
    region: target.region,
    ...(account === undefined ? {} : { account }),
  });
  io.out(`${JSON.stringify(policy, null, 2)}\n`);
  return EXIT.fits;
}

function modelsFolder({ models = projectPath('models') }: VerifyCommandOptions): string {
  if (statSync(models, { throwIfNoEntry: false })?.isDirectory() === true) return models;
  throw new UserError(`--models ${models} is no folder; it must hold one folder for each specialist`);
}

/**
 * Verifies a deployment: stacks, endpoints, scaling, platform, database, the Function URL, and the golden vectors
 * through it.
 *
 * @returns 0 when all is right, 1 when something is wrong, 3 when something could not be determined
 * @throws UserError for input that cannot be used
 */
export async function verify(options: VerifyCommandOptions, io: Terminal): Promise<ExitCode> {
  const { env, format, golden, profile, region, snapshot, current, deadline } = options;
  const cdk = { account: io.variables['CDK_DEFAULT_ACCOUNT'], region: io.variables['CDK_DEFAULT_REGION'] };
  if (options.printPolicy) return printPolicy(options, cdk, io);
  const { environment, plan } = planEnvironment(env, cdk, {
    region,
    snapshot,
    current: readCurrentPlan(current, env),
  });
  const tree = readExpectedModels(environment, { models: modelsFolder(options), root: projectPath() });
  // The AWS clients take longer to load than a mistake in the options to be found.
  const [{ createReader }, { verifyDeployment }] = await Promise.all([
    import('../../verify/verify-reader'),
    import('../../verify/verify-deployment'),
  ]);
  const reader = createReader({
    region: plan.target.region,
    ...(profile === undefined ? {} : { profile }),
    signal: AbortSignal.timeout(deadline * 1000),
    random: Math.random,
  });
  try {
    const document = await verifyDeployment({ plan, tree, howMany: golden }, reader);
    io.out(format === 'json' ? `${JSON.stringify(document, null, 2)}\n` : renderVerify(document));
    return EXIT_OF[document.verdict];
  } finally {
    reader.close();
  }
}
