import { endpointOf, inferenceFunction } from '../../../support/inference/inference-function';
import { INSTEAD, outcomeOf } from '../../../support/inference/inference-outcome';
import { type Behaviour, FAULTS, modelError } from '../../../support/aws/sagemaker-faults';
import { rowOf } from '../../../support/aws/sagemaker-model';
import { SageMakerStandIn, closedPort } from '../../../support/aws/sagemaker-runtime';
import { context } from '../../../support/inference/call-inference';
import { steadyTime } from '../../../support/jest/steady-time';

steadyTime();

const DDOS = endpointOf('ddos');

let sagemaker: SageMakerStandIn;
beforeAll(async () => {
  sagemaker = await SageMakerStandIn.start();
});
afterAll(() => sagemaker.stop());

const ONCE = 1;
/** The first try and three more. */
const RETRIED = 4;

/** An outage counts against the endpoint; what is expected of a busy one, or said by the model of a request, does not. */
type Kind = 'outage' | 'expected';

/** Words of the model server for a queue that is full. */
const QUEUE_FULL = modelError(503, { error: { message: 'busy', details: [] } });

/** What an endpoint does, how often it is asked about one request, what the caller gets who has no fallback. */
const TABLE: readonly (readonly [string, Behaviour, number, number, string, Kind])[] = [
  ['throttles', FAULTS.throttled, RETRIED, 429, 'throttled', 'expected'],
  ['has a full queue', QUEUE_FULL, RETRIED, 429, 'throttled', 'expected'],
  ['is unavailable', FAULTS.unavailable, RETRIED, 503, 'unreachable', 'outage'],
  ['fails inside', FAULTS.internal, RETRIED, 503, 'unreachable', 'outage'],
  ['fails in what it depends on', FAULTS.dependency, RETRIED, 503, 'unreachable', 'outage'],
  ['sends an error that nobody can read', FAULTS.garbageError, RETRIED, 503, 'unreachable', 'outage'],
  ['cuts the connection', FAULTS.cut, RETRIED, 503, 'unreachable', 'outage'],
  ['cuts the connection in its answer', FAULTS.half, RETRIED, 503, 'unreachable', 'outage'],
  ['has a model that fails', FAULTS.brokenModel, ONCE, 502, 'bad_model_answer', 'outage'],
  ['has a model that refuses oddly', modelError(400, 'no'), ONCE, 502, 'bad_model_answer', 'outage'],
  ['is not there', FAULTS.missing, ONCE, 503, 'unavailable', 'outage'],
  ['is forbidden', FAULTS.forbidden, ONCE, 503, 'unavailable', 'outage'],
  ['answers garbage', FAULTS.garbage, ONCE, 502, 'bad_model_answer', 'outage'],
  ['answers too few rows', FAULTS.tooFew, ONCE, 502, 'bad_model_answer', 'outage'],
  ['answers what is no number', FAULTS.notANumber, ONCE, 502, 'bad_model_answer', 'outage'],
  ['answers without a confidence', FAULTS.noConfidence, ONCE, 502, 'bad_model_answer', 'outage'],
  ['answers from another model', FAULTS.wrongModel, ONCE, 502, 'bad_model_answer', 'outage'],
];

/** Failures in a row after which an endpoint is left alone. */
const OPENS_AFTER = 5;

describe.each(TABLE)('an endpoint that %s', (_, fault, calls, status, code, kind) => {
  it('is asked as often as may help, then the function answers, marked degraded', async () => {
    sagemaker.reply(fault);
    const { handler, answeredItself } = inferenceFunction({ url: sagemaker.url });
    expect(await outcomeOf(handler, 'ddos')).toEqual(INSTEAD);
    expect(sagemaker.callsTo(DDOS).length).toBe(calls);
    expect(answeredItself).toEqual(['ddos']);
  });

  it('is told by its status where there is no fallback, with no prediction', async () => {
    sagemaker.reply(fault);
    const { handler, answeredItself } = inferenceFunction({ url: sagemaker.url, fallback: false });
    const outcome = await outcomeOf(handler, 'ddos');
    expect(outcome).toMatchObject({ status, code });
    expect(outcome.retryAfterSeconds !== undefined).toBe(status === 429 || status === 503);
    expect(sagemaker.callsTo(DDOS).length).toBe(calls);
    expect(answeredItself).toEqual([]);
  });

  it('is left alone after five outages in a row, and for nothing else', async () => {
    sagemaker.reply(fault);
    const { handler } = inferenceFunction({ url: sagemaker.url, fallback: false });
    const requests = 6;
    for (let request = 0; request < requests; request++) await outcomeOf(handler, 'ddos');
    expect(sagemaker.callsTo(DDOS).length).toBe(kind === 'outage' ? OPENS_AFTER : requests * calls);
    // It is well again, and so are the others.
    sagemaker.reply();
    expect((await outcomeOf(handler, 'ddos')).status).toBe(kind === 'outage' ? 503 : 200);
    expect(sagemaker.callsTo(DDOS).length).toBe(kind === 'outage' ? 0 : 1);
    expect((await outcomeOf(handler, 'webattacks')).status).toBe(200);
  });
});

describe('an address at which nothing listens', () => {
  it('has the function answer, marked degraded', async () => {
    const { handler } = inferenceFunction({ url: await closedPort() });
    expect(await outcomeOf(handler, 'ddos')).toEqual(INSTEAD);
  });

  it('gives 503 where there is no fallback', async () => {
    const { handler } = inferenceFunction({ url: await closedPort(), fallback: false });
    expect(await outcomeOf(handler, 'ddos')).toMatchObject({ status: 503, code: 'unreachable' });
  });
});

describe('a model that refuses the request in the words of the model server', () => {
  const details = [{ row: 1, feature: 'Flow Duration', message: 'must be a number' }];
  const refusal = modelError(400, { error: { message: '1 problem in "instances"', details } });

  it('is believed: 400 with row and feature, asked once, and nobody else is asked', async () => {
    sagemaker.reply(refusal);
    const { handler, answeredItself } = inferenceFunction({ url: sagemaker.url });
    const said = await handler({ instances: [rowOf(1), rowOf(2)], specialist: 'ddos' }, context());
    expect(said).toMatchObject({ error: { status: 400, code: 'invalid_request', details } });
    expect(sagemaker.callsTo(DDOS).length).toBe(1);
    expect(answeredItself).toEqual([]);
  });

  it('says nothing about its endpoint, however often', async () => {
    sagemaker.reply(refusal);
    const { handler } = inferenceFunction({ url: sagemaker.url });
    for (let request = 0; request < 6; request++) await outcomeOf(handler, 'ddos');
    expect(sagemaker.callsTo(DDOS).length).toBe(6);
  });
});

it('whoever fails both ways gets an honest 503, never a guess', async () => {
  sagemaker.reply(FAULTS.unavailable);
  const { handler } = inferenceFunction({
    url: sagemaker.url,
    embedded: () => Promise.reject(new Error('the model does not load')),
  });
  expect(await outcomeOf(handler, 'ddos')).toMatchObject({ status: 503, code: 'unavailable' });
});
