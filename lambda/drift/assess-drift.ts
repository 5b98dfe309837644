import { populationStability } from '../../models/contract/population-stability';
import type { DriftContract } from './drift-contracts';
import { SHIFTED_PSI } from './drift-metrics';
import type { Tally } from './value-histogram';

/**
 * Rows below which no index is given. Chance alone gives a feature of ten bins an index of about (bins - 1) / rows:
 * 0.02 with 500, and among some eighty features hardly one reaches 0.1. With 50 rows several would be above 0.25.
 */
export const FEWEST_ROWS = 500;

/** Features that the log names, those that moved most first. */
const NAMED = 5;

/** A feature with its population stability index: 0 or more. */
export interface FeatureShift {
  readonly feature: string;
  readonly psi: number;
}

/** How far the flows have moved away from the training data. */
export interface PopulationShift {
  readonly largest: number;
  /** How many features have moved. */
  readonly shifted: number;
  readonly top: readonly FeatureShift[];
}

/** What a day says of one specialist. */
export interface Assessment {
  readonly rows: number;
  /** Undefined where `unknown` says why. */
  readonly population?: PopulationShift;
  /** Part of the answers that went to another class than the day before; undefined when either had too few rows. */
  readonly classShift?: number;
  /** Share of the answers of each class; empty with no rows. */
  readonly classes: Readonly<Record<string, number>>;
  /** Why there is no index. */
  readonly unknown?: string;
}

const round = (value: number): number => Number(value.toFixed(4));

function sharesOf({ classes, rows }: Tally): number[] {
  return classes.map((count) => count / rows);
}

/** Half the sum of differences: what would have to change its class for both days to be alike. */
function distance(left: readonly number[], right: readonly number[]): number {
  return left.reduce((sum, share, index) => sum + Math.abs(share - (right[index] ?? 0)), 0) / 2;
}

function populationShift({ features, population = [] }: DriftContract, { bins }: Tally): PopulationShift {
  const shifts = population.map(({ shares }, index) => ({
    feature: features[index] ?? '',
    psi: round(populationStability(shares, bins[index] ?? [])),
  }));
  const ordered = shifts.sort((a, b) => b.psi - a.psi);
  return {
    largest: ordered[0]?.psi ?? 0,
    shifted: ordered.filter(({ psi }) => psi > SHIFTED_PSI).length,
    top: ordered.slice(0, NAMED),
  };
}

function unknownBecause({ population }: DriftContract, { rows }: Tally): string | undefined {
  if (population === undefined) return 'the contract has no population to compare with';
  if (rows < FEWEST_ROWS) return `too few rows: ${rows}, and chance alone moves fewer than ${FEWEST_ROWS}`;
  return undefined;
}

/**
 * Compares a day's rows with the training data, and its answers with those of the day before.
 *
 * @param day counts of the day
 * @param before counts of the day before, of the same contract
 */
export function assess(contract: DriftContract, day: Tally, before: Tally): Assessment {
  const unknown = unknownBecause(contract, day);
  const comparable = day.rows >= FEWEST_ROWS && before.rows >= FEWEST_ROWS;
  const named = contract.classes.map((name, index) => [name, round((day.classes[index] ?? 0) / day.rows)]);
  return {
    rows: day.rows,
    ...(unknown === undefined ? { population: populationShift(contract, day) } : { unknown }),
    ...(comparable ? { classShift: round(distance(sharesOf(day), sharesOf(before))) } : {}),
    classes: day.rows === 0 ? {} : (Object.fromEntries(named) as Record<string, number>),
  };
}
