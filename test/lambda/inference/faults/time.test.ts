import { answerInside, endpointOf, inferenceFunction } from '../../../support/inference/inference-function';
import { ANSWERED, INSTEAD, type Outcome, outcomeOf } from '../../../support/inference/inference-outcome';
import { type Behaviour, FAULTS, slow } from '../../../support/aws/sagemaker-faults';
import { SageMakerStandIn } from '../../../support/aws/sagemaker-runtime';
import { steadyTime } from '../../../support/jest/steady-time';

const DDOS = endpointOf('ddos');

steadyTime();

let sagemaker: SageMakerStandIn;
beforeAll(async () => {
  sagemaker = await SageMakerStandIn.start();
});
afterAll(() => sagemaker.stop());

async function timed(run: () => Promise<Outcome>): Promise<{ outcome: Outcome; ms: number }> {
  const started = performance.now();
  const outcome = await run();
  return { outcome, ms: performance.now() - started };
}

/** Milliseconds between the calls that an endpoint saw. */
function gaps(endpoint: string): number[] {
  const times = sagemaker.callsTo(endpoint).map(({ atMs }) => atMs);
  return times.slice(1).map((atMs, index) => atMs - (times[index] ?? Number.NaN));
}

describe('an endpoint that recovers', () => {
  const passing: readonly (readonly [string, Behaviour, number])[] = [
    ['throttling', FAULTS.throttled, 3],
    ['an outage', FAULTS.unavailable, 3],
    ['connections that were cut', FAULTS.cut, 3],
    // More than other faults: a cold start takes as long as it takes.
    ['a cold start', FAULTS.notReady, 12],
  ];
  it.each(passing)('from %s answers the same request', async (_, fault, failures) => {
    sagemaker.reply(...Array.from({ length: failures }, () => fault), 'answer');
    const { handler } = inferenceFunction({ url: sagemaker.url });
    expect(await outcomeOf(handler, 'ddos')).toEqual(ANSWERED);
    expect(sagemaker.callsTo(DDOS).length).toBe(failures + 1);
  });
});

describe('the wait between tries', () => {
  it('is anything up to a ceiling that doubles: nothing at the least', async () => {
    sagemaker.reply(FAULTS.throttled);
    const { handler } = inferenceFunction({ url: sagemaker.url, random: () => 0 });
    await outcomeOf(handler, 'ddos');
    expect(Math.max(...gaps(DDOS))).toBeLessThan(50);
  });

  it('is anything up to a ceiling that doubles: all of it at the most', async () => {
    sagemaker.reply(FAULTS.throttled);
    const { handler } = inferenceFunction({ url: sagemaker.url, random: () => 0.999 });
    await outcomeOf(handler, 'ddos');
    [50, 100, 200].forEach((ceiling, at) =>
      expect(gaps(DDOS)[at]).toBeGreaterThanOrEqual(Math.floor(ceiling * 0.999)),
    );
  });
});

describe('with little time left', () => {
  const REMAINING_MS = 700;
  const never: readonly (readonly [string, Behaviour])[] = [
    ['hangs', FAULTS.hang],
    ['is slow', slow(5000)],
    ['does not start', FAULTS.notReady],
    ['throttles', FAULTS.throttled],
  ];

  it.each(never)('the function answers in time for an endpoint that %s', async (_, fault) => {
    sagemaker.reply(fault);
    const { handler } = inferenceFunction({ url: sagemaker.url, random: () => 0.999 });
    const { outcome, ms } = await timed(() => outcomeOf(handler, 'ddos', { remainingMs: REMAINING_MS }));
    expect(outcome).toEqual(INSTEAD);
    expect(ms).toBeLessThan(REMAINING_MS);
  });

  it.each(never)('says so in time, without a fallback, for one that %s', async (_, fault) => {
    sagemaker.reply(fault);
    const { handler } = inferenceFunction({ url: sagemaker.url, fallback: false, random: () => 0.999 });
    const { outcome, ms } = await timed(() => outcomeOf(handler, 'ddos', { remainingMs: REMAINING_MS }));
    expect([429, 503, 504]).toContain(outcome.status);
    expect(outcome.retryAfterSeconds).toBeGreaterThan(0);
    expect(ms).toBeLessThan(REMAINING_MS);
  });

  it('a third is kept for the function to answer itself', async () => {
    sagemaker.reply(FAULTS.hang);
    const started = performance.now();
    let askedAfterMs = Number.NaN;
    const { handler } = inferenceFunction({
      url: sagemaker.url,
      embedded: (...asked) => {
        askedAfterMs = performance.now() - started;
        return answerInside(...asked);
      },
    });
    // Half a second of it is kept for the way back, so that the endpoint has two thirds of 900 ms.
    expect(await outcomeOf(handler, 'ddos', { remainingMs: 1400 })).toEqual(INSTEAD);
    expect(askedAfterMs).toBeGreaterThan(500);
    expect(askedAfterMs).toBeLessThan(850);
  });

  it('an endpoint that hangs is asked once', async () => {
    sagemaker.reply(FAULTS.hang);
    const { handler } = inferenceFunction({ url: sagemaker.url, fallback: false });
    const outcome = await outcomeOf(handler, 'ddos', { remainingMs: REMAINING_MS });
    expect(outcome).toMatchObject({ status: 504, code: 'out_of_time' });
    expect(sagemaker.callsTo(DDOS).length).toBe(1);
  });

  it('nobody is asked when none is left', async () => {
    sagemaker.reply();
    const { handler } = inferenceFunction({ url: sagemaker.url, fallback: false });
    expect((await outcomeOf(handler, 'ddos', { remainingMs: 400 })).status).toBe(504);
    expect(sagemaker.seen.length).toBe(0);
  });
});
