import { answerSchema } from '../../../../lambda/inference/api/api-schema';
import { endpointOf, inferenceFunction } from '../../../support/inference/inference-function';
import { ANSWERED, INSTEAD, outcomeOf } from '../../../support/inference/inference-outcome';
import { FAULTS, modelError, slow } from '../../../support/aws/sagemaker-faults';
import { rowOf } from '../../../support/aws/sagemaker-model';
import { SageMakerStandIn } from '../../../support/aws/sagemaker-runtime';
import { steadyTime } from '../../../support/jest/steady-time';
import { context } from '../../../support/inference/call-inference';

const DDOS = endpointOf('ddos');

steadyTime();

let sagemaker: SageMakerStandIn;
beforeAll(async () => {
  sagemaker = await SageMakerStandIn.start();
});
beforeEach(() => sagemaker.reply());
afterAll(() => sagemaker.stop());

/** Lets what a request has left behind, such as a call that it gave up, come to its end. */
const settled = () =>
  new Promise((done) => {
    setTimeout(done, 30);
  });

/** Moves the clock by which a breaker counts. */
function later(ms: number): void {
  jest.setSystemTime(Date.now() + ms);
}

describe('the breaker of an endpoint', () => {
  /** A function whose breaker for ddos is open, and an endpoint that is well again. */
  async function opened(options: { readonly fallback?: boolean } = {}) {
    sagemaker.replyAt(DDOS, FAULTS.missing);
    const running = inferenceFunction({ url: sagemaker.url, ...options });
    for (let request = 0; request < 5; request++) await outcomeOf(running.handler, 'ddos');
    sagemaker.reply();
    return running;
  }

  it('has the function answer at once while it is open', async () => {
    const { handler } = await opened();
    expect(await outcomeOf(handler, 'ddos')).toEqual(INSTEAD);
    expect(sagemaker.seen.length).toBe(0);
  });

  it('leaves other endpoints alone', async () => {
    const { handler } = await opened();
    for (const other of ['general', 'bruteforce', 'webattacks'] as const) {
      expect(await outcomeOf(handler, other)).toEqual(ANSWERED);
    }
  });

  it('stays open for ten seconds, and then lets one request through at a time', async () => {
    const { handler } = await opened();
    later(9900);
    expect(await outcomeOf(handler, 'ddos')).toEqual(INSTEAD);
    expect(sagemaker.seen.length).toBe(0);
    later(200);
    sagemaker.replyAt(DDOS, slow(100));
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => outcomeOf(handler, 'ddos')));
    expect(sagemaker.callsTo(DDOS).length).toBe(1);
    expect(outcomes.filter(({ servedBy }) => servedBy === 'endpoint')).toEqual([ANSWERED]);
    expect(outcomes.filter(({ servedBy }) => servedBy === 'embedded')).toHaveLength(7);
  });

  it('closes when that request is answered', async () => {
    const { handler } = await opened();
    later(10_100);
    await outcomeOf(handler, 'ddos');
    const outcomes = await Promise.all(Array.from({ length: 4 }, () => outcomeOf(handler, 'ddos')));
    expect(outcomes).toEqual([ANSWERED, ANSWERED, ANSWERED, ANSWERED]);
  });

  it('opens for ten seconds more when it is not', async () => {
    const { handler } = await opened();
    later(10_100);
    sagemaker.replyAt(DDOS, FAULTS.missing);
    await outcomeOf(handler, 'ddos');
    await outcomeOf(handler, 'ddos');
    expect(sagemaker.callsTo(DDOS).length).toBe(1);
  });

  it('does not close because a caller was in too much of a hurry to see', async () => {
    const { handler } = await opened();
    later(10_100);
    sagemaker.replyAt(DDOS, FAULTS.hang);
    await outcomeOf(handler, 'ddos', { remainingMs: 700 });
    await settled();
    await outcomeOf(handler, 'ddos', { remainingMs: 700 });
    expect(sagemaker.callsTo(DDOS).length).toBe(1);
  });

  it('does not open for callers in a hurry', async () => {
    sagemaker.replyAt(DDOS, slow(2000));
    const { handler } = inferenceFunction({ url: sagemaker.url });
    const hurried = Array.from({ length: 6 }, () => outcomeOf(handler, 'ddos', { remainingMs: 650 }));
    expect(await Promise.all(hurried)).toEqual(hurried.map(() => INSTEAD));
    sagemaker.replyAt(DDOS, 'answer');
    expect(await outcomeOf(handler, 'ddos')).toEqual(ANSWERED);
  });

  it('opens for an endpoint that takes longer than it may', async () => {
    sagemaker.replyAt(DDOS, FAULTS.hang);
    const { handler } = inferenceFunction({ url: sagemaker.url, patienceMs: 100, fallback: false });
    const patient = Array.from({ length: 5 }, () => outcomeOf(handler, 'ddos'));
    for (const outcome of await Promise.all(patient)) {
      expect(outcome).toMatchObject({ status: 504, code: 'timed_out' });
    }
    await settled();
    expect(await outcomeOf(handler, 'ddos')).toMatchObject({ status: 503 });
    expect(sagemaker.callsTo(DDOS).length).toBe(5);
  });

  it('does not open for a batch in parts of which one is refused', async () => {
    const refusal = modelError(400, { error: { message: '1 problem', details: [] } });
    sagemaker.decideAt(DDOS, ({ rows }) => (rows.includes(0) ? refusal : slow(200)));
    const { handler } = inferenceFunction({ url: sagemaker.url, maxPayloadBytes: 1024 });
    const firsts = Array.from({ length: 60 }, (_, at) => at);
    expect(await outcomeOf(handler, 'ddos', { firsts })).toMatchObject({ status: 400 });
    expect(sagemaker.callsTo(DDOS).length).toBeGreaterThan(5);
    await settled();
    sagemaker.reply();
    expect(await outcomeOf(handler, 'ddos')).toEqual(ANSWERED);
  });
});

describe('a request that waits for its turn', () => {
  it('has the whole patience of the endpoint from then on', async () => {
    sagemaker.replyAt(DDOS, slow(600));
    const { handler } = inferenceFunction({ url: sagemaker.url, patienceMs: 1100, fallback: false });
    const two = await Promise.all(Array.from({ length: 64 }, () => outcomeOf(handler, 'ddos')));
    expect(two).toEqual(two.map(() => ANSWERED));
  });
});

describe('endpoints that hang', () => {
  it('take no place from the others, and get no more than their own', async () => {
    let release: (value?: unknown) => void = () => undefined;
    const until = new Promise((done) => {
      release = done;
    });
    const hanging = ['ddos', 'bruteforce', 'webattacks'] as const;
    for (const name of hanging) sagemaker.replyAt(endpointOf(name), { until, behaviour: 'answer' });
    const { handler } = inferenceFunction({ url: sagemaker.url, fallback: false, patienceMs: 60_000 });
    const remainingMs = 60_000;
    let done = 0;
    const stuck = hanging.flatMap((name) =>
      Array.from({ length: 40 }, () => outcomeOf(handler, name, { remainingMs }).finally(() => (done += 1))),
    );
    const places = 32;
    const isFull = () => hanging.every((name) => sagemaker.callsTo(endpointOf(name)).length >= places);
    while (!isFull()) await settled();
    const well = await Promise.all(Array.from({ length: 10 }, () => outcomeOf(handler, 'general')));
    expect(well).toEqual(well.map(() => ANSWERED));
    expect(done).toBe(0);
    for (const name of hanging) expect(sagemaker.mostInFlight(endpointOf(name))).toBe(places);
    release();
    expect(await Promise.all(stuck)).toEqual(stuck.map(() => ANSWERED));
  });
});

describe('an attack that general sees', () => {
  // General takes the first and the last for DDoS and is sure that the second is nothing. ddos takes the first for an
  // attack, and is sure that the last is none.
  const [ATTACK, NORMAL, DISPUTED] = [1, 7 * 3900, 7008];

  async function verdicts(firsts: readonly number[]) {
    const { handler } = inferenceFunction({
      url: sagemaker.url,
      embedded: () => Promise.reject(new Error('the model does not load')),
    });
    const said = answerSchema.parse(await handler({ instances: firsts.map(rowOf) }, context()));
    return { degraded: said.degraded, verdicts: said.predictions.map(({ verdict }) => verdict) };
  }

  it('is confirmed or disputed by ddos, and never cleared', async () => {
    expect(await verdicts([ATTACK, NORMAL, DISPUTED])).toEqual({
      degraded: false,
      verdicts: ['attack', 'normal', 'disputed'],
    });
  });

  it.each([
    ['throttles', FAULTS.throttled],
    ['is unavailable', FAULTS.unavailable],
    ['has a broken model', FAULTS.brokenModel],
    ['answers garbage', FAULTS.garbage],
    ['answers too few rows', FAULTS.tooFew],
    ['cuts the connection', FAULTS.cut],
  ])('stays an attack that nobody confirmed when ddos %s', async (_, fault) => {
    sagemaker.replyAt(DDOS, fault);
    expect(await verdicts([ATTACK, NORMAL, DISPUTED])).toEqual({
      degraded: true,
      verdicts: ['unconfirmed', 'normal', 'unconfirmed'],
    });
  });
});
