/**
 * Least share that a bin counts with. A bin that is empty on one side would make the index infinite; with one hundredth
 * of a percent on the empty side it speaks up only where the other side holds a share that matters.
 */
const SMALLEST_SHARE = 1e-4;

/**
 * Which bin a value lies in: the number of inner edges that are not above it, so that an edge is the lowest value of the bin
 * above it.
 *
 * @param edges ascending inner edges; none means one bin
 * @param value infinite values lie in an outer bin, NaN in the first
 * @returns 0 to `edges.length`
 */
export function binOf(edges: readonly number[], value: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (value >= (edges[middle] ?? Number.POSITIVE_INFINITY)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The population stability index: how far the values that came are distributed otherwise than those that were expected,
 * the sum over the bins of (came - expected) · ln(came / expected), both as shares. 0 means the same distribution; the usual
 * reading is that above 0.1 it has moved and above 0.25 it is another one. It says little for fewer than some hundred
 * values: chance alone gives about (bins - 1) / values.
 *
 * @param expected share of each bin, as in the contract's `population`
 * @param counts how many values fell into each bin
 * @returns 0 or more, finite: an empty bin counts as 0.0001 on its side; 0 when nothing came
 * @throws RangeError when there are not as many counts as shares
 */
export function populationStability(expected: readonly number[], counts: readonly number[]): number {
  if (expected.length !== counts.length) {
    throw new RangeError(
      `${counts.length} counts for ${expected.length} shares: give one count for each bin that has a share`,
    );
  }
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return 0;
  return expected.reduce((sum, share, bin) => {
    const wanted = Math.max(share, SMALLEST_SHARE);
    const came = Math.max((counts[bin] ?? 0) / total, SMALLEST_SHARE);
    return sum + (came - wanted) * Math.log(came / wanted);
  }, 0);
}
