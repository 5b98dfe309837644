import { type Command, Option } from 'commander';
import type { Terminal } from '../terminal';
import { type SetExitCode, positive } from '../option-values';
import type { PredictOptions } from './predict-command';

/** Formats of what `xdr predict` shows. */
export const PREDICT_FORMATS = ['table', 'json', 'jsonl'] as const;
export type PredictFormat = (typeof PREDICT_FORMATS)[number];

/**
 * Adds `predict`. What it runs is loaded when it runs.
 *
 * @param keep takes the exit code
 */
export function addPredict(program: Command, io: Terminal, keep: SetExitCode): void {
  program
    .command('predict')
    .description('have flows classified: by the deployed inference Lambda, or by its code here')
    .requiredOption(
      '--file <file>',
      'flows: JSON lines, a JSON document, or CSV with a header; - is standard input',
    )
    .addOption(
      new Option(
        '--specialist <name>',
        'who is asked (default: general, and the fitting specialist confirms)',
      ).conflicts('threatType'),
    )
    .option('--threat-type <type>', 'ask the specialist of this threat')
    .option('--env <name>', 'environment', 'dev')
    .option('--local', 'run the function’s code here, on the models of the tree: no AWS account', false)
    .option(
      '--models <folder>',
      'with --local: folder with one folder for each specialist (default: the project’s models)',
    )
    .addOption(
      new Option('--format <format>', 'how to show it').choices([...PREDICT_FORMATS]).default('table'),
    )
    .option('--region <region>', 'region in place of the environment’s')
    .option('--profile <name>', 'profile of the AWS configuration')
    .option('--deadline <seconds>', 'give up after so long', positive, 120)
    .addHelpText(
      'after',
      '\nExit codes: 0 answered, 1 refused by the service, 3 not deployed or not reachable, 64 wrong usage or file.',
    )
    .action(async (flags: PredictOptions) => {
      const { predict } = await import('./predict-command');
      await keep(predict(flags, io));
    });
}
