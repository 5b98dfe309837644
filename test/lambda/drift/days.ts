import { SPECIALISTS, type Specialist } from '../../../models/catalogue';
import type { DriftContract, DriftContracts } from '../../../lambda/drift/drift-contracts';
import type { CapturedRequest } from '../../../lambda/inference/capture/capture';

const TENTHS = Array.from({ length: 10 }, () => 0.1);

/** Features of {@link contract}: the first two have ten equal bins between 0 and 10, the third is always 0. */
export const FEATURES = ['Flow Duration', 'Flow Bytes/s', 'Bwd PSH Flags'] as const;

/** A contract with the data that its model was trained on. */
export function contract(changes: Partial<DriftContract> = {}): DriftContract {
  const edges = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  return {
    version: '1.0.0',
    features: [...FEATURES],
    classes: ['Normal', 'Attack'],
    population: [
      { low: 0, high: 10, edges, shares: TENTHS },
      { low: 0, high: 10, edges, shares: TENTHS },
      { low: 0, high: 0, edges: [], shares: [1] },
    ],
    ...changes,
  };
}

/** The same contract for everybody, but for these. */
export function contracts(changes: Partial<Record<Specialist, DriftContract>> = {}): DriftContracts {
  return {
    ...(Object.fromEntries(SPECIALISTS.map((name) => [name, contract()])) as DriftContracts),
    ...changes,
  };
}

/** Row i of what the model was trained on, when rows come in tens. */
export function trained(i: number): number[] {
  return [(i % 10) + 0.5, ((i * 3) % 10) + 0.5, 0];
}

/** Row i of flows that last longer than they used to: half of them as long as only a tenth did. */
export function drifted(i: number): number[] {
  const [, bytes = 0, flags = 0] = trained(i);
  return [i % 2 === 0 ? 9.5 : ((i >> 1) % 10) + 0.5, bytes, flags];
}

/** Requests of a day, a hundred rows each, every tenth row called an attack. */
export function requestsOf(
  specialist: Specialist,
  day: string,
  rows: number,
  rowOf: (i: number) => number[],
  changes: Partial<CapturedRequest> = {},
): CapturedRequest[] {
  return Array.from({ length: Math.ceil(rows / 100) }, (_, at) => {
    const count = Math.min(100, rows - at * 100);
    return {
      requestId: `request-${at}`,
      at: new Date(Date.parse(`${day}T00:00:00Z`) + at * 60_000),
      specialist,
      version: '1.0.0',
      variant: 'champion',
      rows: Array.from({ length: count }, (__, i) => rowOf(at * 100 + i)),
      predictions: Array.from({ length: count }, (__, i) => ({
        label: i % 10 === 0 ? 'Attack' : 'Normal',
        confidence: 0.9,
      })),
      ...changes,
    };
  });
}

/** Numbers from 0 to below 1 that are the same in every run (a linear congruential generator). */
export function draws(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Rows that fill the bins of a contract's features as its training data does. */
export function asTrained({ features, population = [] }: DriftContract, rows: number): number[][] {
  const columns = features.map((_, feature) => {
    const { edges = [], shares = [1] } = population[feature] ?? {};
    const middles = shares.map((__, bin) => {
      const low = edges[bin - 1] ?? (edges[0] ?? 0) - 1;
      return bin < edges.length ? (low + (edges[bin] ?? 0)) / 2 : low;
    });
    // Whole rows by the cumulated shares: no bin is off by more than one row.
    let sum = 0;
    const ends = shares.map((share) => (sum += share) * rows);
    return Array.from({ length: rows }, (__, row) => {
      const bin = ends.findIndex((end) => row + 0.5 < end);
      return middles[bin < 0 ? middles.length - 1 : bin] ?? 0;
    });
  });
  return Array.from({ length: rows }, (_, row) => columns.map((column) => column[row] ?? 0));
}
