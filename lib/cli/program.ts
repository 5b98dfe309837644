import { Command, CommanderError, Option } from 'commander';
import manifest from '../../package.json';
import { EXIT, type ExitCode, UserError } from '../errors';
import { check } from './check';
import type { Io } from './io';
import { permissions } from './permissions';
import { FORMATS, type Format, preflight } from './preflight';
import { start } from './start';

interface PreflightFlags {
  env: string;
  format: Format;
  out?: string;
  snapshot?: string;
  region?: string;
  strict: boolean;
  color: boolean;
}

/** Runs a command's action and keeps its exit code. */
type Keep = (code: ExitCode | Promise<ExitCode>) => Promise<void>;

function addPreflight(program: Command, io: Io, keep: Keep): void {
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
    .option('--strict', 'warnings count: exit code 2', false)
    .option('--no-color', 'no colours (so does NO_COLOR)')
    .action(async (flags: PreflightFlags) => {
      await keep(preflight({ ...flags, color: flags.color && io.color }, io));
    });
}

function build(io: Io, keep: Keep): Command {
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
  program
    .command('start')
    .description('pre-flight, synth and compliance of dev, with no AWS account')
    .action(async () => keep(start(io)));
  program
    .command('permissions')
    .description('compare every role’s permissions with the reviewed files, from the last synthesis')
    .option('--env <name>', 'environment', 'dev')
    .option('--write', 'take the current permissions as reviewed', false)
    .action(async (flags: { env: string; write: boolean }) => keep(permissions(flags, io)));
  program
    .command('check')
    .description(
      'synthesize every environment, hold it to all compliance packs and to its reviewed permissions',
    )
    .action(async () => keep(check(io)));
  return program;
}

/**
 * Runs the command line.
 *
 * @param args arguments after the program's name
 * @returns the exit code: whatever the command decided, or 64 for wrong usage
 */
export async function run(args: readonly string[], io: Io): Promise<ExitCode> {
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
