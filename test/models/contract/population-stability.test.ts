import * as fc from 'fast-check';
import { binOf, populationStability } from '../../../models/contract/population-stability';

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
// 0 and -0 are one edge.
const edgesOf = fc
  .uniqueArray(finite, { maxLength: 9, comparator: 'IsStrictlyEqual' })
  .map((edges) => edges.toSorted((a, b) => a - b));
const countsOf = (bins: number) =>
  fc
    .array(fc.integer({ min: 0, max: 1000 }), { minLength: bins, maxLength: bins })
    .filter((counts) => counts.some((count) => count > 0));
const twoSamples = fc.integer({ min: 1, max: 10 }).chain((bins) => fc.tuple(countsOf(bins), countsOf(bins)));

function sharesOf(counts: readonly number[]): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => count / total);
}

describe('a bin', () => {
  it('begins at its edge: as many edges lie at or below a value as bins lie below it', () => {
    const anyValue = fc.double({ noNaN: true });
    fc.assert(
      fc.property(edgesOf, anyValue, (edges, value) => {
        expect(binOf(edges, value)).toBe(edges.filter((edge) => edge <= value).length);
        edges.forEach((edge, at) => expect(binOf(edges, edge)).toBe(at + 1));
      }),
    );
  });

  it('is the only one where there are no edges, and the first for what is no number', () => {
    expect(binOf([], 7)).toBe(0);
    expect(binOf([1, 2], Number.NaN)).toBe(0);
  });
});

describe('the population stability index', () => {
  it('is 0 for the same distribution, however many values came', () => {
    fc.assert(
      fc.property(twoSamples, fc.integer({ min: 1, max: 50 }), ([counts], times) => {
        const more = counts.map((count) => count * times);
        expect(populationStability(sharesOf(counts), more)).toBeCloseTo(0, 10);
      }),
    );
  });

  it('is finite and not below 0 for any two distributions, and the same in both directions', () => {
    fc.assert(
      fc.property(twoSamples, ([one, other]) => {
        const index = populationStability(sharesOf(one), other);
        expect(Number.isFinite(index)).toBe(true);
        expect(index).toBeGreaterThanOrEqual(-1e-12);
        expect(populationStability(sharesOf(other), one)).toBeCloseTo(index, 10);
      }),
    );
  });

  it('does not depend on the order of the bins', () => {
    fc.assert(
      fc.property(twoSamples, ([one, other]) => {
        const index = populationStability(sharesOf(one), other);
        expect(populationStability(sharesOf(one).toReversed(), other.toReversed())).toBeCloseTo(index, 10);
      }),
    );
  });

  it('grows with what has moved from one bin to another', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 49 }), (moved) => {
        const after = (count: number) => populationStability([0.5, 0.5], [50 - count, 50 + count]);
        expect(after(moved)).toBeGreaterThan(after(moved - 1));
      }),
    );
  });

  it('is the sum that the definition says', () => {
    const expected = (0.2 - 0.5) * Math.log(0.2 / 0.5) + (0.8 - 0.5) * Math.log(0.8 / 0.5);
    expect(populationStability([0.5, 0.5], [2, 8])).toBeCloseTo(expected, 12);
  });

  it('counts an empty bin as 0.0001 on its side', () => {
    const expected = (1e-4 - 0.5) * Math.log(1e-4 / 0.5) + (1 - 0.5) * Math.log(1 / 0.5);
    expect(populationStability([0.5, 0.5], [0, 10])).toBeCloseTo(expected, 12);
    expect(populationStability([0, 1], [0, 10])).toBe(0);
  });

  it('is 0 where nothing came, and refuses counts of other bins', () => {
    expect(populationStability([0.5, 0.5], [0, 0])).toBe(0);
    expect(() => populationStability([0.5, 0.5], [1])).toThrow(
      new RangeError('1 counts for 2 shares: give one count for each bin that has a share'),
    );
  });
});
