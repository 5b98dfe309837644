import type { Batch } from './feature-batch';
import type { Scorer } from './scorer';

/** Rows that are scored together at most; more would keep the next request waiting without winning anything. */
const MOST_ROWS = 256;

interface Waiting {
  readonly batch: Batch;
  readonly done: (probabilities: Float32Array) => void;
  readonly fail: (error: unknown) => void;
}

/** The requests that are scored next: the first, and those after it that fit beside it. */
function next(queue: Waiting[]): Waiting[] {
  let rows = 0;
  const end = queue.findIndex(({ batch }, at) => {
    rows += batch.rows;
    return at > 0 && rows > MOST_ROWS;
  });
  return queue.splice(0, end < 0 ? queue.length : end);
}

function joined(batches: readonly Batch[], width: number): Batch {
  const rows = batches.reduce((sum, batch) => sum + batch.rows, 0);
  const values = new Float32Array(rows * width);
  let at = 0;
  for (const batch of batches) {
    values.set(batch.values, at);
    at += batch.values.length;
  }
  return { values, rows };
}

/**
 * Scores requests that arrive together in one run of the graph, which costs hardly more than a run for one row. Nobody
 * waits for a batch to fill: what has arrived by the end of the event loop's turn goes.
 *
 * @param width values of a row
 * @param classes probabilities of a row
 */
export function microBatched(scorer: Scorer, width: number, classes: number): Scorer {
  const queue: Waiting[] = [];
  const flush = async (): Promise<void> => {
    const taken = next(queue);
    if (queue.length > 0) setImmediate(() => void flush());
    try {
      const scores = await scorer.score(
        joined(
          taken.map(({ batch }) => batch),
          width,
        ),
      );
      let at = 0;
      for (const { batch, done } of taken) done(scores.subarray(at, (at += batch.rows * classes)));
    } catch (error) {
      if (taken.length > 1) await apart(taken);
      else taken[0]?.fail(error);
    }
  };
  /** One by one after a failure, so that nobody gets the error of another's rows. */
  const apart = async (taken: readonly Waiting[]): Promise<void> => {
    for (const { batch, done, fail } of taken) await scorer.score(batch).then(done, fail);
  };
  return {
    score: (batch) =>
      new Promise((done, fail) => {
        if (queue.length === 0) setImmediate(() => void flush());
        queue.push({ batch, done, fail });
      }),
    release: () => scorer.release(),
  };
}
