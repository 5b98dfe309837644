import { EXIT, UserError } from '../../util/user-error';
import type { Problem } from './price-problem';

/** Options that settle a problem, as the command line spells them. */
const REMEDY = {
  keep: 'leave prices as they are with --keep KEY',
  accept: 'take over changes that you have checked with --accept-change KEY',
} as const;

/**
 * The refusal to write a book: every price that cannot be taken over, and what a user can do about it.
 *
 * @param file what stays as it is
 */
export function refusal(problems: readonly Problem[], file: string): UserError {
  const lines = problems
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ key, text }) => `  - ${key}: ${text}`);
  const remedies = [...(problems.some(({ kind }) => kind === 'change') ? [REMEDY.accept] : []), REMEDY.keep];
  return new UserError(
    `${problems.length} of the prices cannot be taken over, so ${file} stays as it is:\n${lines.join('\n')}\n  ${remedies.join(', or ')}`,
    EXIT.blocked,
  );
}
