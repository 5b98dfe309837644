import { type Command, InvalidArgumentError, Option } from 'commander';
import type { HowMany } from '../../verify/serving/check-golden-rows';
import type { Terminal } from '../terminal';
import { type SetExitCode, positive } from '../option-values';
import type { VerifyCommandOptions } from './verify-command';

/** Formats of what `xdr verify` shows. */
export const VERIFY_FORMATS = ['table', 'json'] as const;
export type VerifyFormat = (typeof VERIFY_FORMATS)[number];

function howMany(text: string): HowMany {
  if (text === 'all') return text;
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('It must be all, or a whole number above zero.');
}

/**
 * Adds `verify`. What it runs is loaded when it runs.
 *
 * @param keep takes the exit code
 */
export function addVerify(program: Command, io: Terminal, keep: SetExitCode): void {
  program
    .command('verify')
    .description('after a deploy: whether what runs is what was planned, and answers right')
    .option('--env <name>', 'environment', 'dev')
    .addOption(
      new Option('--format <format>', 'how to show it').choices([...VERIFY_FORMATS]).default('table'),
    )
    .option('--golden <all|N>', 'golden vectors of each specialist that are asked', howMany, 'all')
    .option('--region <region>', 'region in place of the environment’s')
    .option('--profile <name>', 'profile of the AWS configuration')
    .option(
      '--snapshot <name|file>',
      'recorded quotas that it was deployed with (default: the environment’s)',
    )
    .option('--current <file>', 'report (JSON) that it was deployed with: -c current=FILE')
    .option('--models <folder>', 'models that it was deployed with (default: the project’s models)')
    .option('--deadline <seconds>', 'give up after so long: what is open then is undetermined', positive, 180)
    .option('--print-policy', 'print the IAM policy that it needs, and do nothing else', false)
    .addHelpText(
      'after',
      '\nExit codes: 0 all is right, 1 something is wrong, 3 something could not be determined, 64 wrong usage.',
    )
    .action(async (flags: VerifyCommandOptions) => {
      const { verify } = await import('./verify-command');
      await keep(verify(flags, io));
    });
}
