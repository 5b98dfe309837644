/** Something to be put into a bin: what it takes of each of the bin's dimensions. */
export interface Item<Name> {
  readonly name: Name;
  readonly takes: readonly number[];
}

/** What a bin holds of each dimension. */
export type Capacity = readonly number[];

interface Bin<Name> {
  readonly capacity: Capacity;
  readonly items: Set<Item<Name>>;
  readonly load: number[];
}

/** Sums of floating-point amounts that are equal on paper differ by less. */
const ROUNDING = 1e-9;
/** Rounds of improvement: far more than a packing that can be found this way takes. */
const MOST_ROUNDS = 2000;

/** By how much a load exceeds a capacity, each dimension as a share of it. */
function excess(load: readonly number[], capacity: Capacity): number {
  return capacity.reduce((sum, most, at) => {
    const over = (load[at] ?? 0) - most;
    return over > ROUNDING ? sum + over / Math.max(most, ROUNDING) : sum;
  }, 0);
}

const plus = (load: readonly number[], item: Item<unknown>, sign: 1 | -1): number[] =>
  load.map((amount, at) => amount + sign * (item.takes[at] ?? 0));

function place<Name>(bin: Bin<Name>, item: Item<Name>, sign: 1 | -1): void {
  item.takes.forEach((amount, at) => (bin.load[at] = (bin.load[at] ?? 0) + sign * amount));
  if (sign > 0) bin.items.add(item);
  else bin.items.delete(item);
}

/** Largest first, each where the least is exceeded and then the least is left. */
function firstGuess<Name>(items: readonly Item<Name>[], bins: readonly Bin<Name>[]): void {
  const total = (bins[0]?.capacity ?? []).map((_most, at) =>
    bins.reduce((sum, { capacity }) => sum + (capacity[at] ?? 0), 0),
  );
  const bulk = ({ takes }: Item<Name>) =>
    Math.max(...takes.map((amount, at) => amount / Math.max(total[at] ?? 0, ROUNDING)));
  const left = ({ capacity, load }: Bin<Name>) =>
    Math.min(...capacity.map((most, at) => 1 - (load[at] ?? 0) / Math.max(most, ROUNDING)));
  for (const item of [...items].sort((a, b) => bulk(b) - bulk(a))) {
    const [best] = [...bins].sort(
      (a, b) =>
        excess(plus(a.load, item, 1), a.capacity) - excess(plus(b.load, item, 1), b.capacity) ||
        left(a) - left(b),
    );
    if (best !== undefined) place(best, item, 1);
  }
}

/** Best move of one item, or swap of two, out of an overfull bin; false when nothing improves. */
function improve<Name>(bins: readonly Bin<Name>[]): boolean {
  for (const from of bins) {
    const before = excess(from.load, from.capacity);
    if (before === 0) continue;
    let best: { gain: number; run: () => void } | undefined;
    for (const to of bins) {
      if (to === from) continue;
      const both = before + excess(to.load, to.capacity);
      for (const item of from.items) {
        const [less, more] = [plus(from.load, item, -1), plus(to.load, item, 1)];
        const consider = (back: Item<Name> | undefined) => {
          const after =
            back === undefined
              ? excess(less, from.capacity) + excess(more, to.capacity)
              : excess(plus(less, back, 1), from.capacity) + excess(plus(more, back, -1), to.capacity);
          const gain = both - after;
          if (gain <= (best?.gain ?? ROUNDING)) return;
          const run = () => {
            place(from, item, -1);
            place(to, item, 1);
            if (back === undefined) return;
            place(to, back, -1);
            place(from, back, 1);
          };
          best = { gain, run };
        };
        consider(undefined);
        for (const back of to.items) consider(back);
      }
    }
    if (best !== undefined) {
      best.run();
      return true;
    }
  }
  return false;
}

/**
 * Puts every item into a bin so that, if it can, no bin is overfull in any dimension: by best fit, then by moves and
 * swaps. A heuristic: it finds a packing or comes close to one; it never proves that there is none.
 *
 * @returns names by bin, in the bins' order
 */
export function pack<Name>(items: readonly Item<Name>[], capacities: readonly Capacity[]): Name[][] {
  const bins: Bin<Name>[] = capacities.map((capacity) => ({
    capacity,
    items: new Set(),
    load: capacity.map(() => 0),
  }));
  firstGuess(items, bins);
  for (let round = 0; round < MOST_ROUNDS; round += 1) if (!improve(bins)) break;
  return bins.map((bin) => [...bin.items].map(({ name }) => name));
}
