import { InvalidArgumentError } from 'commander';
import type { ExitCode } from '../util/user-error';

/** Runs a command's action and keeps its exit code. */
export type SetExitCode = (code: ExitCode | Promise<ExitCode>) => Promise<void>;

/** A number above zero; commander shows the error with the option's name. */
export function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('It must be a number above zero.');
  return value;
}

/** A percentage from 0 to 100. */
export function percentage(text: string): number {
  const value = Number(text);
  if (!(value >= 0 && value <= 100)) throw new InvalidArgumentError('It must be a number from 0 to 100.');
  return value;
}
