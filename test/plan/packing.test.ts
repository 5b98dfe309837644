import * as fc from 'fast-check';
import { pack } from '../../lib/plan/fleet/packing';

const items = fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 20 })), {
  maxLength: 20,
});
const named = (takes: readonly (readonly number[])[]) =>
  takes.map((amounts, name) => ({ name, takes: amounts }));

describe('packing', () => {
  it('puts every item into exactly one bin, whatever the bins hold', () => {
    fc.assert(
      fc.property(items, fc.integer({ min: 1, max: 4 }), (takes, count) => {
        const bins = pack(
          named(takes),
          Array.from({ length: count }, () => [15, 15]),
        );
        expect(bins).toHaveLength(count);
        expect(bins.flat().sort((a, b) => a - b)).toEqual(takes.map((_amounts, name) => name));
      }),
      { numRuns: 200 },
    );
  });

  it('finds the only packing where the first guess fails', () => {
    // Largest first gives 7 and 6 a bin each, and then neither 5, 4, 4 nor 2, 2 fit: 7+5, 6+4+2, 4+2 needs swaps.
    const takes = [[7], [6], [5], [4], [2]];
    const bins = pack(named(takes), [[12], [12]]);
    for (const bin of bins) {
      expect(bin.reduce((sum, name) => sum + (takes[name]?.[0] ?? 0), 0)).toBe(12);
    }
  });

  it('minds every dimension, not only the first', () => {
    const bins = pack(
      named([
        [1, 9],
        [1, 9],
        [1, 1],
        [1, 1],
      ]),
      [
        [4, 10],
        [4, 10],
      ],
    );
    for (const bin of bins) expect(bin).toHaveLength(2);
    expect(bins.find((bin) => bin.includes(0))).not.toContain(1);
  });
});
