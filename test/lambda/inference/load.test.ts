import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { SPECIALISTS } from '../../../models/catalogue';
import { numbersFrom } from '../../support/numbers';
import { type FunctionUnderTest, inferenceFunction } from '../../support/inference/inference-function';
import { type Outcome, outcomeOf } from '../../support/inference/inference-outcome';
import { type Behaviour, FAULTS, slow } from '../../support/aws/sagemaker-faults';
import { SageMakerStandIn } from '../../support/aws/sagemaker-runtime';
import { steadyTime } from '../../support/jest/steady-time';

steadyTime();

const REQUESTS = 400;
/** More than a slow machine needs for all of them, in ms: this is about answers, not about time. */
const PATIENCE_MS = 60_000;
const FAULTY = 0.1;

/** Everything that an endpoint may do wrong and yet be done with soon. */
const MISHAPS: readonly Behaviour[] = [
  ...Object.entries(FAULTS).flatMap(([name, fault]) => (name === 'hang' ? [] : [fault])),
  slow(40),
];

let sagemaker: SageMakerStandIn;
beforeAll(async () => {
  sagemaker = await SageMakerStandIn.start();
});
afterAll(() => sagemaker.stop());

/** One call in ten goes wrong in some way. */
function misbehave(seed: number): void {
  const random = numbersFrom(seed);
  sagemaker.reply();
  sagemaker.decide(() =>
    random() < FAULTY ? (MISHAPS[Math.floor(random() * MISHAPS.length)] ?? 'answer') : 'answer',
  );
}

/** Six rows fit into such a request to an endpoint, so a few are split. */
const MAX_PAYLOAD_BYTES = 1024;

/**
 * Asks so many times at once, about one to seven rows that nobody else asks about. An answer that is not the right
 * one for every one of its rows, in their order, rejects.
 */
function askAtOnce({ handler }: FunctionUnderTest, requests: number): Promise<Outcome[]> {
  const asked = Array.from({ length: requests }, (_, request) => {
    const specialist = SPECIALISTS[request % SPECIALISTS.length] ?? 'general';
    const firsts = Array.from(
      { length: request % 8 === 0 ? 7 : 1 + (request % 3) },
      (_row, row) => 8 * request + row,
    );
    return outcomeOf(handler, specialist, { firsts, remainingMs: PATIENCE_MS });
  });
  return Promise.all(asked);
}

function functionWith(options: { readonly fallback: boolean }): FunctionUnderTest {
  const limits = { patienceMs: PATIENCE_MS, maxPayloadBytes: MAX_PAYLOAD_BYTES };
  return inferenceFunction({ url: sagemaker.url, ...limits, ...options });
}

const count = (outcomes: readonly Outcome[], servedBy: string) =>
  outcomes.filter((outcome) => outcome.servedBy === servedBy).length;

/** Bytes in use once sockets and timers have had their turn and all garbage is gone. */
async function heapInUse(): Promise<number> {
  for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().heapUsed;
}

describe('requests at once, of whose calls one in ten goes wrong,', () => {
  it('hundreds of them are all answered rightly, once each', async () => {
    misbehave(1);
    const running = functionWith({ fallback: true });
    const outcomes = await askAtOnce(running, REQUESTS);
    expect(outcomes.filter(({ status }) => status !== 200)).toEqual([]);
    expect(outcomes.filter(({ servedBy, degraded }) => degraded !== (servedBy === 'embedded'))).toEqual([]);
    expect(running.log).toHaveLength(REQUESTS);
    expect(count(outcomes, 'embedded')).toBe(running.answeredItself.length);
    expect(count(outcomes, 'embedded')).toBeGreaterThan(0);
    expect(count(outcomes, 'endpoint')).toBeGreaterThan(REQUESTS * 0.9);
    sagemaker.reply();
  });

  it('hundreds of them leave no memory behind', async () => {
    misbehave(3);
    const running = functionWith({ fallback: true });
    // What the first requests load and compile stays, and is no leak.
    await askAtOnce(running, REQUESTS / 2);
    const before = await heapInUse();
    await askAtOnce(running, REQUESTS / 2);

    expect(((await heapInUse()) - before) / (REQUESTS / 2)).toBeLessThan(10_000);
    sagemaker.reply();
  });

  it('without a fallback they are answered rightly or refused honestly', async () => {
    misbehave(2);
    const requests = REQUESTS / 4;
    const outcomes = await askAtOnce(functionWith({ fallback: false }), requests);
    expect(outcomes).toHaveLength(requests);
    expect(count(outcomes, 'endpoint')).toBeGreaterThan(requests * 0.8);
    const failures = outcomes.filter(({ status }) => status !== 200);
    for (const { status } of failures) expect([429, 502, 503, 504]).toContain(status);
    expect(failures.length).toBeGreaterThan(0);
  });
});
