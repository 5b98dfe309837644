import { Command, CommanderError, Option } from 'commander';
import manifest from '../../package.json';
import { EXIT, type ExitCode, UserError } from '../util/user-error';
import { check } from './commands/check-command';
import type { Terminal } from './terminal';
import { addModels } from './commands/models-options';
import { type SetExitCode, percentage, positive } from './option-values';
import { permissions } from './commands/permissions-command';
import { addPredict } from './commands/predict-options';
import { FORMATS } from '../report/render';
import type { PlanOptions } from './commands/plan-command';
import { type PreflightOptions, preflight } from './commands/preflight-command';
import { PRICES_FORMATS } from './commands/prices-formats';
import type { PricesRefreshOptions } from './commands/prices-command';
import { QUOTAS_FORMATS } from './commands/quotas-formats';
import type { QuotasRequestOptions, QuotasStatusOptions } from './commands/quotas-command';
import { start } from './commands/start-command';
import { stateful } from './commands/stateful-command';
import { addVerify } from './commands/verify-options';

const CURRENT =
  'report (JSON) of the plan that runs: what it runs is kept unless a move saves enough (default: as the snapshot recorded)';

function addPreflight(program: Command, io: Terminal, keep: SetExitCode): void {
  program
    .command('preflight')
    .description('whether an environment fits its account: quotas, cost, alternatives')
    .option('--env <name>', 'environment', 'dev')
    .addOption(
      new Option('--format <format>', 'how to show the report').choices([...FORMATS]).default('table'),
    )
    .option('--out <file>', 'write the report to a file')
    .option(
      '--snapshot <name|file>',
      'recorded quotas to plan on (default: those that the environment names)',
    )
    .option('--region <region>', 'region in place of the environment’s')
    .option('--current <file>', CURRENT)
    .option('--baseline <file>', 'earlier report (JSON) that --format md compares with')
    .option('--strict', 'warnings count: exit code 2', false)
    .option('--verbose', 'list also what fits easily', false)
    .option('--live', 'read the account instead of recorded quotas', false)
    .option('--record <file>', 'with --live: write what was read as a snapshot')
    .option(
      '--against-snapshot',
      'with --live: fail unless the recorded quotas still give the same plan',
      false,
    )
    .option('--profile <name>', 'with --live: profile of the AWS configuration')
    .option('--expect-account <id>', 'with --live: account that the credentials must belong to')
    .option('--deadline <seconds>', 'with --live: answer after so long with what was read', positive, 30)
    .option('--print-policy', 'print the IAM policy that --live needs, and do nothing else', false)
    .option('--no-color', 'no colours (so does NO_COLOR)')
    .action(async (flags: PreflightOptions) => {
      await keep(preflight({ ...flags, color: flags.color && io.color }, io));
    });
}

function addPlan(program: Command, io: Terminal, keep: SetExitCode): void {
  program
    .command('plan')
    .description('the plan of an environment; what it would be with other values; two environments compared')
    .option('--env <name>', 'environment (default: "dev")')
    .option(
      '--set <path=value>',
      'plan with another value, such as traffic.ddos.peakRps=50 or quotas.L-C1E62DF0=4, and show the difference (repeatable)',
      (setting: string, earlier: readonly string[]) => [...earlier, setting],
      [],
    )
    .option('--compare <environments...>', 'two environments, side by side')
    .addOption(new Option('--format <format>', 'how to show it').choices([...FORMATS]).default('table'))
    .option('--out <file>', 'write it to a file')
    .option(
      '--snapshot <name|file>',
      'recorded quotas to plan on (default: those that the environment names)',
    )
    .option('--region <region>', 'region in place of the environment’s')
    .option('--current <file>', CURRENT)
    .option('--strict', 'warnings count: exit code 2', false)
    .option('--verbose', 'list also what fits easily', false)
    .option('--no-color', 'no colours (so does NO_COLOR)')
    .action(async (flags: PlanOptions) => {
      const { plan } = await import('./commands/plan-command');
      await keep(plan({ ...flags, color: flags.color && io.color }, io));
    });
}

function addQuotas(program: Command, io: Terminal, keep: SetExitCode): void {
  const quotas = program.command('quotas').description('quota increases that an environment needs');
  const withOptions = (name: string, description: string) =>
    quotas
      .command(name)
      .description(description)
      .option('--env <name>', 'environment', 'dev')
      .addOption(
        new Option('--format <format>', 'how to show it').choices([...QUOTAS_FORMATS]).default('table'),
      )
      .option(
        '--snapshot <name|file>',
        'recorded quotas to plan on (default: those that the environment names)',
      )
      .option('--region <region>', 'region in place of the environment’s')
      .option('--profile <name>', 'profile of the AWS configuration')
      .option('--expect-account <id>', 'account that the credentials must belong to');
  withOptions('request', 'show what to ask for and why; --yes files it')
    .option('--yes', 'file the requests through Service Quotas', false)
    .option('--headroom <percent>', 'what to ask for beyond the need', percentage, 0)
    .action(async ({ headroom, ...flags }: QuotasRequestOptions & { headroom: number }) => {
      const { quotasRequest } = await import('./commands/quotas-command');
      await keep(quotasRequest({ ...flags, headroomPercent: headroom }, io));
    });
  withOptions('status', 'what became of the requests').action(async (flags: QuotasStatusOptions) => {
    const { quotasStatus } = await import('./commands/quotas-command');
    await keep(quotasStatus(flags, io));
  });
}

function addPrices(program: Command, io: Terminal, keep: SetExitCode): void {
  program
    .command('prices')
    .description('the price book that plans rest on')
    .command('refresh')
    .description('bring the book of a region up to date from the AWS Price List API')
    .option('--region <region>', 'region of the book; one that has none gets one', 'us-east-1')
    .option('--profile <name>', 'profile of the AWS configuration')
    .addOption(
      new Option('--format <format>', 'how to show what changes')
        .choices([...PRICES_FORMATS])
        .default('table'),
    )
    .option('--out <file>', 'write the book there instead')
    .option('--dry-run', 'only show what would change', false)
    .option('--keep <keys...>', 'leave these prices as they are')
    .option('--accept-change <keys...>', 'these prices may double or halve')
    .option('--deadline <seconds>', 'give up after so long', positive, 60)
    .action(async (flags: PricesRefreshOptions) => {
      const { pricesRefresh } = await import('./commands/prices-command');
      await keep(pricesRefresh(flags, io));
    });
}

function build(io: Terminal, keep: SetExitCode): Command {
  const program = new Command('xdr')
    .description(manifest.description)
    .version(manifest.version)
    .showHelpAfterError('(--help lists what there is)')
    .configureOutput({ writeOut: io.out, writeErr: io.err })
    .addHelpText(
      'after',
      '\nExit codes: 0 fits, 1 blocked, 2 warnings under --strict, 3 undetermined, 64 wrong usage.',
    )
    .exitOverride();
  addPreflight(program, io, keep);
  addPlan(program, io, keep);
  addQuotas(program, io, keep);
  addPrices(program, io, keep);
  addModels(program, io, keep);
  addPredict(program, io, keep);
  addVerify(program, io, keep);
  program
    .command('start')
    .description('pre-flight, synth and compliance of dev, with no AWS account')
    .action(async () => keep(start(io)));
  program
    .command('permissions')
    .description('synthesize, and compare every role’s permissions with the reviewed file')
    .option('--env <name>', 'environment', 'dev')
    .option('--write', 'take the current permissions as reviewed', false)
    .action(async (flags: { env: string; write: boolean }) => keep(await permissions(flags, io)));
  program
    .command('stateful')
    .description('synthesize, and stop whatever would delete or replace a stateful resource')
    .option('--env <name>', 'environment (default: every one)')
    .option('--write', 'take the current stateful resources as reviewed', false)
    .action(async (flags: { env?: string; write: boolean }) => keep(await stateful(flags, io)));
  program
    .command('delivery')
    .description(
      'account, region and role that GitHub Actions deploys an environment with, as outputs of a step',
    )
    .option('--env <name>', 'environment', 'dev')
    .action(async (flags: { env: string }) => {
      const { delivery } = await import('./commands/delivery-command');
      await keep(delivery(flags, io));
    });
  program
    .command('check')
    .description('synthesize every environment, hold it to all packs and to what was reviewed of it')
    .action(async () => keep(check(io)));
  return program;
}

/**
 * Runs the command line.
 *
 * @param args arguments after the program's name
 * @returns the exit code: whatever the command decided, or 64 for wrong usage
 */
export async function run(args: readonly string[], io: Terminal): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.fits;
  const program = build(io, async (code) => {
    exitCode = await code;
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof UserError) {
      io.err(`xdr: ${error.message}\n`);
      return error.exitCode;
    }
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.fits : EXIT.usage;
    throw error;
  }
}
