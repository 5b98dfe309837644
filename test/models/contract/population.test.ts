import * as fc from 'fast-check';
import { SPECIALISTS } from '../../../models/catalogue';
import { parseModelContract } from '../../../models/contract/model-contract';
import { ContractError } from '../../../models/contract/contract-error';
import { binOf } from '../../../models/contract/population-stability';
import type { FeaturePopulation } from '../../../models/contract/population';
import { TrainingLimits } from '../../../models/runtime/training-limits';
import { contractOf, goldenOf } from '../../support/models/specialist';

const FEATURE: FeaturePopulation = { low: -1, high: 9, edges: [1, 4], shares: [0.5, 0.3, 0.2] };

/** What is wrong with the contract of ddos once some of its parts are others. */
function problemsWith(parts: object): string[] {
  try {
    parseModelContract('m', { ...contractOf('ddos'), ...parts });
  } catch (error) {
    if (error instanceof ContractError) return error.message.split('\n');
    throw error;
  }
  return [];
}

/** The same of one feature of its population. */
function problemsOf(feature: object): string[] {
  const population = contractOf('ddos').features.map((_, at) =>
    at === 3 ? { ...FEATURE, ...feature } : FEATURE,
  );
  return problemsWith({ population });
}

describe('the thresholds of a contract', () => {
  it('may be missing, as those of an imported model are', () => {
    expect(problemsWith({ decision: undefined, population: undefined })).toEqual([]);
  });

  it.each([
    [{ attackAt: 0, confidentAt: 0.9 }, 'decision.attackAt: given 0; allowed is more than 0, at most 0.5'],
    [
      { attackAt: 0.51, confidentAt: 0.9 },
      'decision.attackAt: given 0.51; allowed is more than 0, at most 0.5',
    ],
    [{ attackAt: 0.5, confidentAt: 0 }, 'decision.confidentAt: given 0; allowed is more than 0, less than 1'],
    [{ attackAt: 0.5, confidentAt: 1 }, 'decision.confidentAt: given 1; allowed is more than 0, less than 1'],
    [{ attackAt: 0.5 }, 'decision.confidentAt: given nothing; allowed is a value of type number'],
  ])('are refused as %j, with what is allowed', (decision, problem) => {
    expect(problemsWith({ decision })).toEqual([`m: ${problem}`]);
  });

  it('are refused where no class is called Normal', () => {
    const { training, evaluation, ...model } = contractOf('ddos');
    const imported = {
      checkpoint: { file: 'x.pth', sha256: 'ab'.repeat(32) },
      forward: 'a',
      chosenBy: 'expected outputs',
      scaler: 'b',
      parity: { rows: 3, largestDifference: 0 },
    };
    const classes = ['Benign', 'Attack'];
    const parts = { ...model, training: undefined, evaluation: undefined, imported, classes };
    expect(training ?? evaluation).toBeDefined();
    expect(problemsWith({ ...parts, decision: undefined })).toEqual([]);
    expect(problemsWith({ ...parts, decision: { attackAt: 0.4, confidentAt: 0.9 } })).toEqual([
      'm: decision: given {"attackAt":0.4,"confidentAt":0.9}; allowed is only for a model with a class "Normal": the others are attacks',
    ]);
  });
});

describe('the population of a contract', () => {
  it('has an entry for each feature', () => {
    expect(problemsWith({ population: [FEATURE, FEATURE] })).toEqual([
      'm: population: given "2 entries"; allowed is 78 entries, one a feature',
    ]);
    expect(problemsOf({})).toEqual([]);
  });

  it.each([
    [{ low: 10 }, 'population[3].low: given 10; allowed is at most "high", 9'],
    [
      { edges: [4, 1] },
      'population[3].edges: given [4,1]; allowed is ascending values that differ from each other',
    ],
    [
      { edges: [4, 4] },
      'population[3].edges: given [4,4]; allowed is ascending values that differ from each other',
    ],
    [
      { edges: [1, Number.POSITIVE_INFINITY] },
      'population[3].edges[1]: given null; allowed is a value of type number',
    ],
    [{ high: Number.NaN }, 'population[3].high: given null; allowed is a value of type number'],
    [
      { edges: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], shares: [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] },
      'population[3].edges: given [1,2,3,4,5,6,7,8,9,10]; allowed is at most 9 of them',
    ],
    [
      { shares: [0.5, 0.5] },
      'population[3].shares: given "2 shares"; allowed is 3 shares, one more than edges',
    ],
    [
      { shares: [0.5, 0.3, 0.1] },
      'population[3].shares: given [0.5,0.3,0.1]; allowed is shares that add up to 1 within 0.001',
    ],
    [{ shares: [1.5, -0.5, 0] }, 'population[3].shares[0]: given 1.5; allowed is at most 1'],
    [{ name: 'Flow Duration' }, 'population[3].name: given "name"; allowed is no such key'],
  ])('is refused with %j, with what is allowed', (feature, problem) => {
    expect(problemsOf(feature)).toContain(`m: ${problem}`);
  });
});

describe('the limits of the training flows', () => {
  const value = fc.float({ noNaN: true, noDefaultInfinity: true });

  it('hold a row of which every feature lies between them, wherever it stands in the batch', () => {
    const limit = fc.tuple(value, value).map(([a, b]) => ({ low: Math.min(a, b), high: Math.max(a, b) }));
    const batch = fc
      .array(limit, { minLength: 1, maxLength: 5 })
      .chain((limits) =>
        fc.tuple(
          fc.constant(limits),
          fc.array(fc.tuple(...limits.map(({ low, high }) => fc.oneof(value, fc.constantFrom(low, high))))),
        ),
      );
    fc.assert(
      fc.property(batch, ([limits, rows]) => {
        const found = new TrainingLimits(limits.map((each) => ({ ...each, edges: [], shares: [1] })));
        const values = Float32Array.from(rows.flat());
        rows.forEach((row, at) => {
          const inside = limits.every(({ low, high }, i) => {
            const feature = row[i] ?? Number.NaN;
            return feature >= low && feature <= high;
          });
          expect(found.hold(values, at)).toBe(inside);
        });
      }),
    );
  });
});

describe('what the reference models carry', () => {
  it.each(SPECIALISTS)(
    '%s: thresholds, and what they lead to on flows that they were not chosen on',
    (name) => {
      const { decision, evaluation } = contractOf(name);
      expect(decision?.attackAt).toBeGreaterThan(0);
      const { heldOut, otherCapture } = evaluation?.atWork ?? {};
      expect(heldOut?.rightWhenSure).toBeGreaterThan(0.99);
      expect(heldOut?.outside).toBeLessThan(0.001);
      expect(otherCapture?.outside).toBeGreaterThan(0.5);
    },
  );

  it.each(SPECIALISTS)('%s: limits that hold every golden row, or all but one', (name) => {
    const { vectors, features } = goldenOf(name);
    const { population = [] } = contractOf(name);
    expect(population).toHaveLength(features.length);
    const limits = new TrainingLimits(population);
    const values = Float32Array.from(vectors.flatMap(({ row }) => row));
    // Golden rows are held-out flows, of which one in some thousands has a value that no training flow came near.
    const outside = vectors.filter((_, at) => !limits.hold(values, at));
    expect(outside.length).toBeLessThanOrEqual(1);
  });

  it('a port that no training flow had lies outside, and in the last bin', () => {
    const [port] = contractOf('ddos').population ?? [];
    if (port === undefined) throw new Error('no population');
    expect(port.low).toBeLessThan(0);
    expect(port.high).toBeGreaterThan(65_535);
    expect(binOf(port.edges, 1e9)).toBe(port.shares.length - 1);
  });
});
