import * as fc from 'fast-check';
import { checkRows, readBatch } from '../../../models/runtime/feature-batch';
import { InvalidRequestError } from '../../../models/contract/model-errors';

const FEATURES = ['Flow Duration', 'Destination Port', 'SYN Flag Count'];

function refusal(body: unknown, features: readonly string[] = FEATURES): InvalidRequestError {
  try {
    checkRows(body, features);
  } catch (error) {
    if (error instanceof InvalidRequestError) return error;
    throw error;
  }
  throw new Error('the request was taken');
}

describe('a batch', () => {
  it('lays records out in the order of the features, as instances are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.float({ noNaN: true, noDefaultInfinity: true }), fc.integer(), fc.nat()), {
          minLength: 1,
        }),
        (rows) => {
          const records = rows.map(([a, b, c]) => ({
            'SYN Flag Count': c,
            'Flow Duration': a,
            'Destination Port': b,
          }));
          const byName = readBatch({ records }, FEATURES);
          const byPosition = readBatch({ instances: rows }, FEATURES);
          expect(byName).toEqual(byPosition);
          expect(byName.rows).toBe(rows.length);
          expect([...byName.values]).toEqual(rows.flat().map(Math.fround));
        },
      ),
    );
  });

  it('names the row and the feature of a value that is null, text, or not finite', () => {
    const instances = [
      [1, 2, 3],
      [null, 2, 3],
      [1, '2', Number.NaN],
      [1, 2, 1e300],
    ];
    expect(refusal({ instances }).problems).toEqual([
      { row: 1, feature: 'Flow Duration', message: 'must be a number, but is null' },
      { row: 2, feature: 'Destination Port', message: 'must be a number, but is a value of type string' },
      { row: 2, feature: 'SYN Flag Count', message: 'must be a finite number of single precision' },
      { row: 3, feature: 'SYN Flag Count', message: 'must be a finite number of single precision' },
    ]);
  });

  it('names the row and the feature that a record lacks, and the one that nobody knows', () => {
    const records = [{ 'Flow Duration': 1, 'Destination Port': 80, 'Syn Flag Count': 1 }];
    expect(refusal({ records }).problems).toEqual([
      { row: 0, feature: 'SYN Flag Count', message: 'is missing' },
      { row: 0, feature: 'Syn Flag Count', message: 'is not a feature of this model' },
    ]);
  });

  it('does not take what a record inherits for a value', () => {
    expect(refusal({ records: [{}] }, ['constructor']).problems).toEqual([
      { row: 0, feature: 'constructor', message: 'is missing' },
    ]);
  });

  it('names the row of a wrong length and what length is right', () => {
    expect(
      refusal({
        instances: [
          [1, 2, 3],
          [1, 2, 3, 4],
        ],
      }).problems,
    ).toEqual([{ row: 1, message: 'must have 3 values, but has 4' }]);
  });

  it.each([
    [[], 'the body must be a JSON object'],
    [{}, 'give exactly one of "instances" and "records"'],
    [{ instances: [[1]], records: [] }, 'give exactly one of "instances" and "records"'],
    [{ instances: [] }, '"instances" must hold at least one row'],
    [{ records: { a: 1 } }, '"records" must be an array, but is a value of type object'],
  ])('is refused for %j', (body, message) => {
    expect(refusal(body).message).toBe(message);
  });

  it('lists twenty problems, and counts them all', () => {
    const error = refusal({ instances: Array.from({ length: 50 }, () => ['a', 'b', 'c']) });
    expect(error.problems).toHaveLength(20);
    expect(error.message).toBe('150 problems in "instances"; the first 20 are listed');
  });

  it('never repeats a value of the request', () => {
    const error = refusal({ instances: [['secret-token', 2, 3]], specialist: 'secret' });
    expect(JSON.stringify([error.message, error.problems])).not.toContain('secret');
  });

  it('is checked without a list of features for numbers alone', () => {
    expect(checkRows({ instances: [[1], [1, 2]] })).toBe(2);
    expect(checkRows({ records: [{ anything: 1 }] })).toBe(1);
    expect(() => checkRows({ instances: [[1, null]] })).toThrow(InvalidRequestError);
  });
});
