/**
 * The evaluator cannot judge a policy or a request as IAM would, and does not guess. The message says what was met
 * and what to give instead.
 */
export class CannotJudge extends Error {
  override readonly name = 'CannotJudge';
}
