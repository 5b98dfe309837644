import { loadEnvironment } from '../config/load';
import type { ExitCode } from '../errors';
import { loadModels } from '../plan/fleet/models-file';
import { planFleet } from '../plan/fleet/plan-fleet';
import { fleetReportOf } from '../report/fleet-report';
import { renderFleet } from '../report/fleet-table';
import { writeNamedFile } from '../write-file';
import { loadInput } from './context';
import type { FleetFormat } from './fleet-formats';
import type { Io } from './io';

export interface FleetOptions {
  readonly env: string;
  /** File of models (JSON). */
  readonly models: string;
  readonly format: FleetFormat;
  readonly color: boolean;
  /** Whether the table lists every endpoint, model and quota. */
  readonly verbose?: boolean;
  /** File instead of standard output. */
  readonly out?: string;
  /** Name or file of a snapshot. @default - the one that the environment names */
  readonly snapshot?: string;
  readonly region?: string;
  /** Seconds after which a step of the solver is given up. @default 20 */
  readonly deadline?: number;
}

/**
 * Whether an account holds a fleet of models in place of an environment's specialists, how they would be hosted and
 * what that costs, on recorded quotas. Nothing deploys it.
 *
 * @returns the exit code of the verdict
 * @throws UserError for input that cannot be used
 */
export async function fleet(options: FleetOptions, io: Io): Promise<ExitCode> {
  const { env, models: file, format, out, verbose, deadline } = options;
  const models = loadModels(file);
  const cdk = { account: io.variables['CDK_DEFAULT_ACCOUNT'], region: io.variables['CDK_DEFAULT_REGION'] };
  const { input, snapshotName } = loadInput(loadEnvironment(env), cdk, options);
  // The solver is WebAssembly: only this command waits for it.
  const { default: loadHighs } = await import('highs');
  const plan = planFleet(
    input,
    models,
    await loadHighs(),
    deadline === undefined ? {} : { seconds: deadline },
  );
  const report = fleetReportOf(plan, snapshotName);
  const color = options.color && out === undefined;
  const text =
    format === 'json' ? `${JSON.stringify(report, null, 2)}\n` : renderFleet(report, { color, verbose });
  if (out === undefined) io.out(text);
  else {
    writeNamedFile(out, text);
    io.err(`wrote ${out}\n`);
  }
  return report.exitCode;
}
