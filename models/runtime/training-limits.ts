import type { FeaturePopulation } from '../contract/population';

/** The raw values between which the training flows lie, with the margin that the contract gives them. */
export class TrainingLimits {
  private readonly low: Float64Array;
  private readonly high: Float64Array;

  /** @param population an entry a feature, in the model's order */
  constructor(population: readonly FeaturePopulation[]) {
    this.low = Float64Array.from(population, ({ low }) => low);
    this.high = Float64Array.from(population, ({ high }) => high);
  }

  /**
   * Whether every feature of a row lies within the limits, or on them.
   *
   * @param values raw features of single precision, row after row; none is NaN
   * @param row counted from 0
   */
  hold(values: Float32Array, row: number): boolean {
    const { low, high } = this;
    const from = row * low.length;
    for (let i = 0; i < low.length; i++) {
      const value = values[from + i] as number;
      if (value < (low[i] as number) || value > (high[i] as number)) return false;
    }
    return true;
  }
}
