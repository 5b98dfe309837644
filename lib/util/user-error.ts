/** Exit codes of every command; a contract with CI. */
export const EXIT = {
  /** The environment fits. */
  fits: 0,
  /** The environment does not fit, or a check failed. */
  blocked: 1,
  /** It fits, with warnings, under `--strict`. */
  warnings: 2,
  /** Something could not be determined. */
  unknown: 3,
  /** The command was used wrongly, or its input is not valid. */
  usage: 64,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/**
 * A mistake that the user can mend: the message says what was wrong, what was given and what is allowed.
 * Safe to print as it is; the command line shows it without a stack trace and exits with {@link exitCode}.
 */
export class UserError extends Error {
  override readonly name = 'UserError';

  constructor(
    message: string,
    readonly exitCode: ExitCode = EXIT.usage,
  ) {
    super(message);
  }
}
