import { binOf } from '../../models/contract/population-stability';
import type { CapturedRow } from '../inference/capture/capture-format';
import type { DriftContract } from './drift-contracts';

/**
 * Counts of one specialist's day: how many values of each feature fell into each bin of its training data, and how
 * often each class was answered. Its size depends on the contract alone, however many rows there are.
 */
export class Tally {
  /** Rows that were counted. */
  rows = 0;
  /** Rows of another version than the contract's, such as a challenger's; they are in no other count. */
  otherVersion = 0;
  /** Rows that hold another number of values than the contract has features; they are in no other count. */
  misfits = 0;
  /** Counts of each bin of each feature, in the contract's order; nothing where it has no population. */
  readonly bins: readonly number[][];
  /** Counts of each class, in the contract's order. */
  readonly classes: number[];

  constructor(private readonly contract: DriftContract) {
    this.bins = (contract.population ?? []).map(({ shares }) => shares.map(() => 0));
    this.classes = contract.classes.map(() => 0);
  }

  add({ version, label, row }: Pick<CapturedRow, 'version' | 'label' | 'row'>): void {
    const { features, classes, population = [] } = this.contract;
    const answered = classes.indexOf(label);
    if (version !== this.contract.version) this.otherVersion += 1;
    else if (row.length !== features.length || answered < 0) this.misfits += 1;
    else {
      this.rows += 1;
      this.classes[answered] = (this.classes[answered] ?? 0) + 1;
      population.forEach(({ edges }, feature) => {
        const counts = this.bins[feature];
        const bin = binOf(edges, row[feature] ?? Number.NaN);
        if (counts !== undefined) counts[bin] = (counts[bin] ?? 0) + 1;
      });
    }
  }
}
