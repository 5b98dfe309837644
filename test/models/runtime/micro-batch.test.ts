import * as fc from 'fast-check';
import { microBatched } from '../../../models/runtime/micro-batch';
import type { Scorer } from '../../../models/runtime/scorer';

const WIDTH = 2;
const CLASSES = 3;

/** Answers a row with its sum, its difference and its first value; fails on a value of 666. */
function recorder() {
  const runs: number[] = [];
  const scorer: Scorer = {
    async score({ values, rows }) {
      runs.push(rows);
      await Promise.resolve();
      if (values.includes(666)) throw new Error('cannot score 666');
      return Float32Array.from({ length: rows * CLASSES }, (_, at) => {
        const row = Math.floor(at / CLASSES) * WIDTH;
        const [a = 0, b = 0] = values.subarray(row, row + WIDTH);
        return [a + b, a - b, a][at % CLASSES] ?? Number.NaN;
      });
    },
    release: () => Promise.resolve(),
  };
  return { runs, scorer: microBatched(scorer, WIDTH, CLASSES) };
}

const request = (rows: readonly (readonly number[])[]) => ({
  values: Float32Array.from(rows.flat()),
  rows: rows.length,
});
const answer = (rows: readonly (readonly number[])[]) => rows.flatMap(([a = 0, b = 0]) => [a + b, a - b, a]);

describe('requests that arrive together', () => {
  it('get their own rows, in their own order, however many rows each has', async () => {
    const small = fc.integer({ min: -100, max: 100 });
    const rows = fc.array(fc.tuple(small, small), { minLength: 1, maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(fc.array(rows, { minLength: 1, maxLength: 8 }), async (requests) => {
        const { scorer } = recorder();
        const answers = await Promise.all(requests.map((each) => scorer.score(request(each))));
        expect(answers.map((scores) => [...scores])).toEqual(requests.map(answer));
      }),
      { numRuns: 50 },
    );
  });

  it('are scored in one run', async () => {
    const { scorer, runs } = recorder();
    await Promise.all([1, 2, 3].map((value) => scorer.score(request([[value, 0]]))));
    expect(runs).toEqual([3]);
  });

  it('are scored in several runs where they have many rows, and a large one alone', async () => {
    const { scorer, runs } = recorder();
    const many = (count: number) => request(Array.from({ length: count }, () => [1, 2]));
    await Promise.all([many(200), many(56), many(1), many(1000), many(1)].map((each) => scorer.score(each)));
    expect(runs).toEqual([256, 1, 1000, 1]);
  });

  it('do not share the failure of one of them', async () => {
    const { scorer } = recorder();
    const rows = [
      [1, 2],
      [666, 1],
      [3, 4],
    ].map((row) => scorer.score(request([row])));
    const [first, second, third] = await Promise.allSettled(rows);
    expect(first).toMatchObject({ status: 'fulfilled' });
    expect(second).toMatchObject({ status: 'rejected', reason: new Error('cannot score 666') });
    expect(third).toMatchObject({ status: 'fulfilled' });
  });
});
