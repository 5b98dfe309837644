/** Something wrong with a request; safe to show to whoever sent it. */
export interface Problem {
  /** Row of the request, counted from 0. */
  readonly row?: number;
  /** Feature by name, or by position where the names are not known. */
  readonly feature?: string;
  readonly message: string;
}

/** A request that the model cannot take. Its message holds names and positions, never values. */
export class InvalidRequestError extends Error {
  override readonly name = 'InvalidRequestError';

  constructor(
    message: string,
    readonly problems: readonly Problem[],
  ) {
    super(message);
  }

  /** An error about the request as a whole. */
  static of(message: string): InvalidRequestError {
    return new InvalidRequestError(message, []);
  }
}

/** The graph cannot be loaded or run, or is not the graph that `model.json` describes. */
export class GraphError extends Error {
  override readonly name = 'GraphError';
}

/** A model that answers something else than its golden vectors say. */
export class SelfTestError extends Error {
  override readonly name = 'SelfTestError';

  constructor(
    readonly model: string,
    /** Id of the vector, as in `golden.json`. */
    readonly vector: string,
    readonly expected: { readonly class: string; readonly probabilities: readonly number[] },
    readonly got: { readonly class: string; readonly probabilities: readonly number[] },
    /** How many of the vectors failed. */
    readonly failed: number,
    readonly total: number,
  ) {
    const spell = (answer: typeof expected) =>
      `${answer.class} [${answer.probabilities.map((p) => p.toPrecision(6)).join(', ')}]`;
    super(
      `${model} fails its self-test on ${failed} of ${total} golden vectors; ` +
        `"${vector}": expected ${spell(expected)}, got ${spell(got)}`,
    );
  }
}
