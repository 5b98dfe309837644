import { type Command, Option } from 'commander';
import type { Terminal } from '../terminal';
import type { ModelsOptions, ModelsPackageOptions, ModelsVerifyOptions } from './models-command';
import type { SetExitCode } from '../option-values';

/** Formats of what the commands on specialists show. */
export const MODELS_FORMATS = ['table', 'json'] as const;
export type ModelsFormat = (typeof MODELS_FORMATS)[number];

/**
 * Adds `models list | verify | package | inspect`. What they run is loaded when one of them runs.
 *
 * @param keep takes the exit code of the command that ran
 */
export function addModels(program: Command, io: Terminal, keep: SetExitCode): void {
  const models = program
    .command('models')
    .description('the specialists: what is here, whether it answers right');
  const command = (name: string, description: string) =>
    models
      .command(name)
      .description(description)
      .option(
        '--models <folder>',
        'folder with one folder for each specialist (default: the project’s models)',
      )
      .addOption(
        new Option('--format <format>', 'how to show it').choices([...MODELS_FORMATS]).default('table'),
      );
  const specialist = ['--specialist <name>', 'only this one, by name or alias (default: all)'] as const;
  command('list', 'version, origin, sizes, held-out figures and content hash of each').action(
    async (flags: ModelsOptions) => {
      const { modelsList } = await import('./models-command');
      await keep(modelsList(flags, io));
    },
  );
  command('verify', 'whether contract, golden vectors and artifact of each are right')
    .option(...specialist)
    .action(async (flags: ModelsVerifyOptions) => {
      const { modelsVerify } = await import('./models-command');
      await keep(modelsVerify(flags, io));
    });
  command('package', 'write model.tar.gz of each that verifies, named by its content')
    .requiredOption('--out <folder>', 'folder for the archives')
    .option(...specialist)
    .action(async (flags: ModelsPackageOptions) => {
      const { modelsPackage } = await import('./models-command');
      await keep(modelsPackage(flags, io));
    });
  command('inspect', 'the contract of one in full, with its figures')
    .argument('<name>', 'name or alias of the specialist')
    .action(async (name: string, flags: ModelsOptions) => {
      const { modelsInspect } = await import('./models-command');
      await keep(modelsInspect(name, flags, io));
    });
}
