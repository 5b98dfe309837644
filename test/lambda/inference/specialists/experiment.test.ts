import * as fc from 'fast-check';
import type { Answer } from '../../../../lambda/inference/api/api-schema';
import { variantFor } from '../../../../lambda/inference/specialists/experiment';
import { Failure } from '../../../../lambda/inference/api/failure';
import type { Specialist } from '../../../../models/catalogue';
import {
  KNOWN,
  answering,
  context,
  embeddedAs,
  prediction,
  setUp,
} from '../../../support/inference/call-inference';
import { steadyTime } from '../../../support/jest/steady-time';

steadyTime();

const ROW = { instances: [[1, 2]], specialist: 'ddos' };
const contracts = { champion: KNOWN, challenger: { ddos: { ...KNOWN.ddos, version: '9.0.0' } } };

/** The champion says Normal, the challenger Attack. */
function trial(share: number, shadow: boolean, embedded = embeddedAs(() => [0, 1])) {
  return setUp({
    configuration: { challengers: { ddos: { share, shadow } } },
    contracts,
    embedded,
    invoke: (_route, specialist: Specialist, { rows }) => {
      const say = specialist === 'general' ? [0, 1, 0, 0] : [1, 0];
      return Promise.resolve(
        answering(
          specialist,
          Array.from({ length: rows }, () => prediction(specialist, say)),
        ),
      );
    },
  });
}

describe('a split between two versions', () => {
  it('sends a key to the same version each time, and moves no key back when the share grows', () => {
    fc.assert(
      fc.property(fc.string(), fc.double({ min: 0, max: 1, noNaN: true }), (key, share) => {
        const variant = variantFor(key, 'ddos', share);
        expect(variantFor(key, 'ddos', share)).toBe(variant);
        if (variant === 'challenger') expect(variantFor(key, 'ddos', Math.min(1, share + 0.1))).toBe(variant);
      }),
    );
  });

  it('keeps to the share, for each specialist with other keys', () => {
    const keys = Array.from({ length: 4000 }, (_, at) => `caller-${at}`);
    const chosen = (name: Specialist) => keys.filter((key) => variantFor(key, name, 0.2) === 'challenger');
    expect(chosen('ddos').length / keys.length).toBeCloseTo(0.2, 1);
    const general = new Set(chosen('general'));
    const both = chosen('ddos').filter((key) => general.has(key));
    expect(both.length / keys.length).toBeCloseTo(0.04, 1);
    expect(keys.every((key) => variantFor(key, 'ddos', 0) === 'champion')).toBe(true);
    expect(keys.every((key) => variantFor(key, 'ddos', 1) === 'challenger')).toBe(true);
  });

  it('shows in the answer and to the metrics which version answered', async () => {
    const { handler, answered } = trial(0.5, false);
    const keys = Array.from({ length: 20 }, (_, at) => `k${at}`);
    for (const key of keys) {
      const { variant, model, predictions } = (await handler({ ...ROW, key }, context())) as Answer;
      const wanted = variantFor(key, 'ddos', 0.5);
      expect(variant).toBe(wanted);
      expect(model.version).toBe(wanted === 'challenger' ? '9.0.0' : '1.0.0');
      expect(predictions[0]?.label).toBe(wanted === 'challenger' ? 'Attack' : 'Normal');
    }
    expect(new Set(answered.map(({ asked }) => asked.variant)).size).toBe(2);
  });

  it('leaves a request to the champion where the challenger cannot answer', async () => {
    const broken = () => Promise.reject(new Failure('unavailable', 'the model is not available'));
    const { handler } = trial(1, false, broken);
    expect(await handler(ROW, context())).toMatchObject({
      variant: 'champion',
      servedBy: 'endpoint',
      degraded: false,
    });
  });
});

describe('a shadow', () => {
  it('changes nothing in the answer, and has its differences counted', async () => {
    const plain = await trial(0, false).handler(ROW, context());
    const { handler, shadows } = trial(0, true);
    expect(await handler(ROW, context())).toEqual(plain);
    expect(shadows).toEqual([['ddos', 1]]);
  });

  it.each([
    ['fails', () => Promise.reject(new Error('broken'))],
    ['hangs', () => new Promise<never>(() => undefined)],
  ])('that %s holds no answer up', async (_, embedded) => {
    const { handler, shadows } = trial(0, true, embedded);
    const start = performance.now();
    expect(await handler(ROW, context())).toMatchObject({ variant: 'champion' });
    expect(performance.now() - start).toBeLessThan(300);
    expect(shadows).toEqual([['ddos', undefined]]);
  });

  it('is not asked about a specialist that has none', async () => {
    const { handler, shadows } = trial(0, true);
    await handler({ ...ROW, specialist: 'webattacks' }, context());
    expect(shadows).toEqual([]);
  });
});
