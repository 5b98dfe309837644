import * as fc from 'fast-check';
import { rollingBatch } from '../../../lib/plan/hosting/rolling-batch';
import { BAKING_SECONDS, updateTimeoutSeconds } from '../../../lib/plan/hosting/update-time';

/** Bounds of MaximumExecutionTimeoutInSeconds in SageMaker's API. */
const API = { min: 600, max: 28_800 };

/** Seconds for a batch: watched for five minutes, and ten to come up. */
const BATCH = BAKING_SECONDS + 600;

/** Batches that replace a fleet, where AWS rounds a share of it down and takes one instance at least. */
function batchesFor(fleet: number, { unit, size }: ReturnType<typeof rollingBatch>): number {
  const each = unit === 'instances' ? size : Math.max(1, Math.floor((fleet * size) / 100));
  return Math.ceil(fleet / each);
}

const fleets = fc
  .tuple(fc.integer({ min: 2, max: 400 }), fc.integer({ min: 0, max: 400 }))
  .map(([initial, more]) => ({ initial, max: initial + more }));

describe('an update that rolls', () => {
  it('has time for all of its batches, however far the fleet is scaled out', () => {
    fc.assert(
      fc.property(fleets, (size) => {
        const batch = rollingBatch(size);
        const timeout = updateTimeoutSeconds({ rollingBatch: batch, maxInstances: size.max });
        expect(timeout).toBeGreaterThanOrEqual(API.min);
        expect(timeout).toBeLessThanOrEqual(API.max);
        const slowest = Array.from({ length: size.max }, (_, at) => batchesFor(at + 1, batch));
        expect(timeout).toBeGreaterThan(Math.max(...slowest) * BATCH);
      }),
    );
  });

  it('takes batches of 5 to 50 % of the fleet, as AWS asks', () => {
    fc.assert(
      fc.property(fleets, ({ initial, max }) => {
        const { unit, size } = rollingBatch({ initial, max });
        const percent = unit === 'percent' ? [size] : [initial, max].map((fleet) => (100 * size) / fleet);
        for (const share of percent) {
          expect(share).toBeGreaterThanOrEqual(5);
          expect(share).toBeLessThanOrEqual(50);
        }
      }),
    );
  });

  it.each([
    [{ initial: 2, max: 3 }, '1 instances, 4050 s'],
    [{ initial: 2, max: 20 }, '1 instances, 27000 s'],
    [{ initial: 20, max: 21 }, '5 percent, 28350 s'],
    // In batches of 5 % a fleet of 39 would be replaced one by one: more than the eight hours that AWS allows.
    [{ initial: 20, max: 39 }, '10 percent, 25650 s'],
    [{ initial: 4, max: 300 }, '25 percent, 9450 s'],
  ])('%j is replaced in %s', (size, expected) => {
    const batch = rollingBatch(size);
    const timeout = updateTimeoutSeconds({ rollingBatch: batch, maxInstances: size.max });
    expect(`${batch.size} ${batch.unit}, ${timeout} s`).toBe(expected);
  });
});

describe('an update all at once', () => {
  it('has an hour, whatever the size of the fleet, because all instances come up together', () => {
    expect(updateTimeoutSeconds({ maxInstances: 1 })).toBe(3600);
    expect(updateTimeoutSeconds({ maxInstances: 200 })).toBe(3600);
  });
});
