import * as fc from 'fast-check';
import type { Answer } from '../../../lambda/inference/api/api-schema';
import { Failure } from '../../../lambda/inference/api/failure';
import type { Specialist } from '../../../models/catalogue';
import {
  type Setup,
  answering,
  context,
  embeddedAs,
  prediction,
  setUp,
} from '../../support/inference/call-inference';
import { steadyTime } from '../../support/jest/steady-time';

steadyTime();

/** What each specialist says of a row: probabilities by the row's first value. */
type Opinions = Readonly<Partial<Record<Specialist, Readonly<Record<number, readonly number[]>>>>>;

const NORMAL: Readonly<Record<Specialist, readonly number[]>> = {
  general: [1, 0, 0, 0],
  ddos: [1, 0],
  bruteforce: [1, 0],
  webattacks: [1, 0],
};

interface ModelResult {
  readonly specialist: Specialist;
  readonly rows: readonly (readonly number[])[];
}

function functionOf(
  opinions: Opinions,
  down: readonly Specialist[] = [],
): Setup & { readonly asked: ModelResult[] } {
  const asked: ModelResult[] = [];
  const setup = setUp({
    invoke: (_route, specialist, { body }) => {
      const { instances } = JSON.parse(body) as { instances: number[][] };
      asked.push({ specialist, rows: instances });
      if (down.includes(specialist)) {
        return Promise.reject(new Failure('unavailable', 'the model is not available'));
      }
      // bruteforce takes its features the other way round.
      const key = (row: readonly number[]) => (specialist === 'bruteforce' ? row[1] : row[0]) ?? 0;
      const predictions = instances.map((row) =>
        prediction(specialist, opinions[specialist]?.[key(row)] ?? NORMAL[specialist]),
      );
      return Promise.resolve(answering(specialist, predictions));
    },
  });
  return { ...setup, asked };
}

const ask = async ({ handler }: Setup, firsts: readonly number[]) =>
  (await handler({ instances: firsts.map((first) => [first, 100]) }, context())) as Answer;

describe('without a specialist, general answers and', () => {
  const opinions: Opinions = {
    general: {
      1: [0.05, 0.9, 0.05, 0],
      2: [0.05, 0.05, 0.9, 0],
      3: [0, 0, 0.1, 0.9],
      4: [0.05, 0.95, 0, 0],
      5: [0.55, 0.05, 0.4, 0],
    },
    ddos: { 1: [0.1, 0.9], 4: [0.99, 0.01] },
    bruteforce: { 2: [0.2, 0.8] },
  };

  it('has only the rows that it flagged confirmed, by whoever fits', async () => {
    const setup = functionOf(opinions);
    const { predictions } = await ask(setup, [0, 1, 2, 3, 0]);
    expect(predictions.map(({ verdict }) => verdict)).toEqual([
      'normal',
      'attack',
      'attack',
      'attack',
      'normal',
    ]);
    expect(predictions[1]?.confirmation).toEqual({
      specialist: 'ddos',
      version: '1.0.0',
      label: 'Attack',
      confidence: 0.9,
      agrees: true,
    });
    expect(predictions[3]).not.toHaveProperty('confirmation');
    const rows = new Map(setup.asked.map((each) => [each.specialist, each.rows]));
    expect(rows.get('ddos')).toEqual([[1, 100]]);
    // The features of bruteforce come in another order: rows are laid out by name.
    expect(rows.get('bruteforce')).toEqual([[100, 2]]);
    expect(rows.has('webattacks')).toBe(false);
  });

  it('is never cleared by a specialist that sees nothing: the row is disputed', async () => {
    const setup = functionOf(opinions);
    const { predictions } = await ask(setup, [4]);
    expect(predictions[0]).toMatchObject({
      label: 'DDoS/DoS',
      verdict: 'disputed',
      confirmation: { specialist: 'ddos', label: 'Normal', agrees: false },
    });
    expect(setup.answered.find(({ asked }) => asked.specialist === 'ddos')?.disputed).toBe(1);
  });

  it('flags by the threshold of its contract what it still calls Normal, and says how unsure it is', async () => {
    const { predictions } = await ask(functionOf(opinions), [5]);
    expect(predictions[0]).toMatchObject({ label: 'Normal', lowConfidence: true, verdict: 'disputed' });
    expect(predictions[0]?.confirmation?.specialist).toBe('bruteforce');
  });

  it('leaves a row unconfirmed, and the answer degraded, where the specialist cannot be asked', async () => {
    const answer = await ask(functionOf(opinions, ['ddos']), [1, 2]);
    expect(answer.degraded).toBe(true);
    expect(answer.predictions.map(({ verdict }) => verdict)).toEqual(['unconfirmed', 'attack']);
    expect(answer.predictions[0]).not.toHaveProperty('confirmation');
  });

  it('fails where general itself cannot be asked', async () => {
    const answer = (await ask(functionOf(opinions, ['general']), [1])) as unknown as { error: object };
    expect(answer).toMatchObject({ error: { status: 503, code: 'unavailable' } });
  });
});

it('calls nothing normal that general takes for an attack, whatever the specialists say or fail to say', async () => {
  const certain = fc.constantFrom(
    [1, 0, 0, 0],
    [0.3, 0.7, 0, 0],
    [0, 0, 1, 0],
    [0.5, 0, 0.2, 0.3],
    [0.61, 0.39, 0, 0],
  );
  const binary = fc.constantFrom([1, 0], [0, 1], [0.5, 0.5]);
  const down = fc.subarray<Specialist>(['ddos', 'bruteforce', 'webattacks']);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(certain, binary), { minLength: 1, maxLength: 6 }),
      down,
      async (rows, gone) => {
        const general = Object.fromEntries(rows.map(([say], at) => [at, say]));
        const other = Object.fromEntries(rows.map(([, say], at) => [at, say]));
        const setup = functionOf({ general, ddos: other, bruteforce: other, webattacks: other }, gone);
        const { predictions } = await ask(
          setup,
          rows.map((_, at) => at),
        );
        expect(predictions).toHaveLength(rows.length);
        predictions.forEach(({ label, verdict }, at) => {
          const isAttack = label !== 'Normal' || 1 - (rows[at]?.[0][0] ?? 0) >= 0.4;
          expect(verdict !== 'normal').toBe(isAttack);
        });
      },
    ),
    { numRuns: 60 },
  );
});

describe('a specialist that is asked by name', () => {
  it('decides alone, by its own threshold', async () => {
    const { handler, asked } = functionOf({ ddos: { 1: [0.55, 0.45], 2: [0.8, 0.2] } });
    const body = {
      instances: [
        [1, 0],
        [2, 0],
      ],
      specialist: 'ddos',
    };
    const { predictions } = (await handler(body, context())) as Answer;
    expect(predictions.map(({ verdict, lowConfidence }) => [verdict, lowConfidence])).toEqual([
      ['attack', true],
      ['normal', false],
    ]);
    expect(asked.map(({ specialist }) => specialist)).toEqual(['ddos']);
  });
});

describe('an endpoint that fails', () => {
  const failing = () => Promise.reject(new Failure('bad_model_answer', 'the model failed on this request'));
  const embedded = embeddedAs((name) => (name === 'general' ? [0, 1, 0, 0] : [0, 1]));

  it('is answered for by the function, marked degraded, each specialist for itself', async () => {
    const { handler, requests } = setUp({ configuration: { fallback: true }, invoke: failing, embedded });
    const answer = (await handler({ instances: [[1, 2]] }, context())) as Answer;
    expect(requests[0]?.cause).toBe('general: bad_model_answer; ddos: bad_model_answer');
    expect(answer).toMatchObject({ servedBy: 'embedded', degraded: true, variant: 'champion' });
    expect(answer.predictions[0]).toMatchObject({ verdict: 'attack', confirmation: { agrees: true } });
  });

  it('is an honest 503 where the function cannot answer either', async () => {
    const broken = () =>
      Promise.reject(new Failure('unavailable', 'the model is not available', [], 'SelfTestError'));
    const setup = setUp({ configuration: { fallback: true }, invoke: failing, embedded: broken });
    expect(await setup.handler({ instances: [[1, 2]] }, context())).toMatchObject({
      error: { status: 503, code: 'unavailable', retryAfterSeconds: 5 },
    });
    expect(setup.requests[0]?.cause).toBe('bad_model_answer, then unavailable (SelfTestError)');
  });

  it('leaves the function ten seconds to open a model, where an endpoint hangs for all the time it has', async () => {
    const hanging = () => new Promise<never>(() => undefined);
    const patient = { endpointName: 'slow', maxPayloadBytes: 4096, patienceMs: 60_000 };
    let opened = Number.NaN;
    const { handler } = setUp({
      configuration: { fallback: true, routes: { ddos: patient } },
      invoke: hanging,
      embedded: (...asked) => {
        opened = performance.now();
        return embedded(...asked);
      },
    });
    const end = performance.now() + 60_000;
    const answer = handler({ instances: [[1, 2]], specialist: 'ddos' }, context(60_000));
    for (let second = 0; second < 60; second += 1) {
      await new Promise(setImmediate);
      jest.advanceTimersByTime(1000);
    }

    expect(await answer).toMatchObject({ servedBy: 'embedded', degraded: true });
    expect(end - opened).toBeGreaterThan(9900);
    expect(end - opened).toBeLessThan(20_000);
  });

  it('leaves the function time to answer, however little there is', async () => {
    const hanging = () => new Promise<never>(() => undefined);
    const { handler } = setUp({ configuration: { fallback: true }, invoke: hanging, embedded });
    const start = performance.now();
    const body = { instances: [[1, 2]], specialist: 'ddos', timeoutMs: 600 };
    expect(await handler(body, context())).toMatchObject({ servedBy: 'embedded', degraded: true });
    expect(performance.now() - start).toBeLessThan(600);
  });
});
