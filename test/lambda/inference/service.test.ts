import { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { endpointInvoker } from '../../../lambda/inference/endpoint';
import { MAX_BODY_BYTES } from '../../../lambda/inference/event';
import type { Routes } from '../../../lambda/inference/routes';
import { type Handler, createInference } from '../../../lambda/inference/service';
import { LEAKY, SageMakerStandIn, serviceError } from './sagemaker';
import { context, httpEvent, modelAnswer, read } from './support';

const ROUTES: Routes = {
  general: { endpointName: 'dev-general' },
  ddos: { endpointName: 'dev-shared', targetModel: 'ddos/0123.tar.gz' },
  webattacks: { endpointName: 'dev-web' },
};
const ROW = { instances: [[1, 2, 3]] };

let sagemaker: SageMakerStandIn;
let logged: string[];
let handler: Handler;

beforeAll(async () => {
  sagemaker = await SageMakerStandIn.start();
  const client = new SageMakerRuntimeClient({
    region: 'us-east-1',
    endpoint: sagemaker.url,
    maxAttempts: 2,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  handler = createInference({
    routes: ROUTES,
    invoke: endpointInvoker(client),
    log: (line) => logged.push(line),
  });
});
afterAll(() => sagemaker.stop());
beforeEach(() => {
  logged = [];
});

const call = async (body: unknown, overrides?: Record<string, unknown>) =>
  read(await handler(httpEvent(body, overrides), context()));

describe('a request that can be answered', () => {
  it('goes to general when nobody else is asked for', async () => {
    sagemaker.reply({ status: 200, body: modelAnswer('general') });
    const { status, json } = await call(ROW);
    expect(status).toBe(200);
    expect(json).toEqual({ ...modelAnswer('general'), servedBy: 'endpoint' });
    expect(sagemaker.seen).toHaveLength(1);
    expect(sagemaker.seen[0]?.path).toBe('/endpoints/dev-general/invocations');
  });

  it.each([
    ['specialist', 'ddos', 'ddos'],
    ['specialist', 'DDOS_DOS', 'ddos'],
    ['threatType', 'sql_injection', 'webattacks'],
    ['threatType', 'Denial_of_Service', 'ddos'],
  ])('goes where %s "%s" belongs: %s', async (key, word, name) => {
    sagemaker.reply({ status: 200, body: modelAnswer(name) });
    const { status, json } = await call({ ...ROW, [key]: word });
    expect(status).toBe(200);
    expect(json['model']).toEqual({ name, version: '1.0.0', reference: true });
  });

  it('names the target model on a shared endpoint, and none on an endpoint of its own', async () => {
    sagemaker.reply({ status: 200, body: modelAnswer('ddos') });
    await call({ ...ROW, specialist: 'ddos' });
    expect(sagemaker.seen[0]?.headers['x-amzn-sagemaker-target-model']).toBe('ddos/0123.tar.gz');
    sagemaker.reply({ status: 200, body: modelAnswer('general') });
    await call(ROW);
    expect(sagemaker.seen[0]?.headers).not.toHaveProperty('x-amzn-sagemaker-target-model');
  });

  it('gives the model the rows and nothing else of what the caller sent', async () => {
    sagemaker.reply({ status: 200, body: modelAnswer('ddos') });
    const records = [{ 'Flow Duration': 5 }];
    await call({ records, specialist: 'ddos', threatType: 'dos' });
    expect(JSON.parse(sagemaker.seen[0]?.body ?? '')).toEqual({ records });
  });

  it('is taken from a load balancer, in base64, and directly', async () => {
    sagemaker.reply({ status: 200, body: modelAnswer('general') });
    const body = Buffer.from(JSON.stringify(ROW)).toString('base64');
    const elb = { requestContext: { elb: {} }, httpMethod: 'POST', isBase64Encoded: true, body };
    const type = { 'Content-Type': 'application/json; charset=utf-8' };
    const single = await handler({ ...elb, headers: type }, context());
    expect(read(single).status).toBe(200);
    const multi = (await handler(
      { ...elb, multiValueHeaders: { 'Content-Type': ['application/json'] } },
      context(),
    )) as object;
    expect(multi).toMatchObject({
      statusCode: 200,
      multiValueHeaders: { 'content-type': ['application/json'] },
    });
    expect(multi).not.toHaveProperty('headers');
    const direct = await handler(ROW, context());
    expect(direct).toEqual({ ...modelAnswer('general'), servedBy: 'endpoint' });
  });

  it('is tried once more when the model was throttled the first time', async () => {
    sagemaker.reply(serviceError(429, 'ThrottlingException'), { status: 200, body: modelAnswer('general') });
    expect((await call(ROW)).status).toBe(200);
    expect(sagemaker.seen).toHaveLength(2);
  });
});

/** Sends a request that no endpoint may see. */
async function refused(body: unknown, overrides?: Record<string, unknown>) {
  sagemaker.reply({ status: 200, body: modelAnswer('general') });
  const { status, json } = await call(body, overrides);
  expect(sagemaker.seen).toHaveLength(0);
  return { status, error: json['error'] as Record<string, unknown> };
}

describe('a request that is refused', () => {
  it('names the row and the field of a value that is no number', async () => {
    const { status, error } = await refused({ records: [{ a: 1 }, { a: 1, 'Flow Duration': null }] });
    expect(status).toBe(400);
    expect(error['details']).toEqual([
      { row: 1, feature: 'Flow Duration', message: 'must be a number, but is null' },
    ]);
  });

  it.each([
    [{ ...ROW, specialist: 'phishing' }, /"specialist" must be .* general, ddos, bruteforce, webattacks/],
    [{ ...ROW, threatType: 7 }, /"threatType" must be a known threat type/],
    [
      { ...ROW, specialist: 'ddos', threatType: 'xss' },
      /asks for ddos, but "threatType" belongs to webattacks/,
    ],
    [{ ...ROW, specalist: 'ddos' }, /unknown field "specalist"/],
    [{}, /exactly one of "instances" and "records"/],
    [[1], /must be a JSON object/],
  ])('for %j says what is wrong', async (body, message) => {
    const { status, error } = await refused(body);
    expect(status).toBe(400);
    expect(error['message']).toMatch(message);
  });

  it.each([
    ['no JSON', '{', {}, 400, 'invalid_json'],
    ['another content type', ROW, { headers: { 'content-type': 'text/csv' } }, 415, 'unsupported_media_type'],
    ['no content type', ROW, { headers: {} }, 415, 'unsupported_media_type'],
    ['too large a body', 'x'.repeat(MAX_BODY_BYTES + 1), {}, 413, 'payload_too_large'],
    ['another method', ROW, { requestContext: { http: { method: 'GET' } } }, 405, 'method_not_allowed'],
    ['a specialist that is not deployed', { ...ROW, specialist: 'bruteforce' }, {}, 404, 'not_deployed'],
  ])('for %s has its own status', async (_, body, overrides, status, code) => {
    const answer = await refused(body, overrides);
    expect(answer).toMatchObject({ status, error: { status, code } });
  });

  it('directly is answered with the error, not thrown', async () => {
    expect(await handler({ rows: [] }, context())).toMatchObject({ error: { status: 400 } });
    expect(await handler('text', context())).toMatchObject({ error: { status: 400 } });
    expect(await handler(null, context())).toMatchObject({ error: { status: 400 } });
  });

  it('by the model itself gets the row and feature that the model names', async () => {
    const details = [{ row: 0, message: 'must have 78 values, but has 3' }];
    const said = { error: { status: 400, code: 'invalid_request', message: '1 problem', details } };
    const fields = { OriginalStatusCode: 400, OriginalMessage: JSON.stringify(said), LogStreamArn: LEAKY };
    sagemaker.reply(serviceError(424, 'ModelError', fields));
    const { status, json } = await call(ROW);
    expect(status).toBe(400);
    expect(json['error']).toMatchObject({ code: 'invalid_request', details });
    expect(JSON.stringify(json)).not.toContain('123456789012');
  });
});

it('whose answer says more of its model, as a newer server may, is believed', async () => {
  const answer = modelAnswer('general');
  sagemaker.reply({ status: 200, body: { ...answer, model: { ...answer.model, trainedAt: '2026' } } });
  const { status, json } = await call(ROW);
  expect(status).toBe(200);
  expect(json['model']).toEqual(answer.model);
});

describe('a failing endpoint', () => {
  it.each([
    ['throttles', serviceError(429, 'ThrottlingException'), 429, 'throttled', '1'],
    ['is starting', serviceError(429, 'ModelNotReadyException'), 503, 'model_starting', '5'],
    ['is unavailable', serviceError(503, 'ServiceUnavailable'), 503, 'unavailable', '5'],
    ['fails inside', serviceError(500, 'InternalFailure'), 503, 'unavailable', '5'],
    ['is not there', serviceError(400, 'ValidationError'), 503, 'unavailable', '5'],
    ['is forbidden', serviceError(403, 'AccessDeniedException'), 503, 'unavailable', '5'],
    [
      'has a broken model',
      serviceError(424, 'ModelError', { OriginalStatusCode: 500, OriginalMessage: LEAKY }),
      502,
      'bad_model_answer',
      undefined,
    ],
    [
      'has a model that refuses in words of its own',
      serviceError(424, 'ModelError', { OriginalStatusCode: 400, OriginalMessage: LEAKY }),
      502,
      'bad_model_answer',
      undefined,
    ],
    [
      'has a full queue',
      serviceError(424, 'ModelError', {
        OriginalStatusCode: 503,
        OriginalMessage: JSON.stringify({ error: { message: LEAKY, details: [] } }),
      }),
      429,
      'throttled',
      '1',
    ],
    ['answers garbage', { status: 200, body: '<html>' }, 502, 'bad_model_answer', undefined],
  ])('that %s is told by status, and leaks nothing', async (_, reply, status, code, retryAfter) => {
    sagemaker.reply(reply);
    const answer = await call(ROW);
    expect(answer.status).toBe(status);
    expect(answer.json['error']).toMatchObject({ status, code });
    expect(answer.headers['retry-after']).toBe(retryAfter);
    const everything = JSON.stringify([answer, logged]);
    for (const word of ['123456789012', 'arn:', 'mini-xdr-dev', ' at ', 'dev-general']) {
      expect(everything).not.toContain(word);
    }
  });

  it('is asked twice at most', async () => {
    sagemaker.reply(serviceError(503, 'ServiceUnavailable'));
    await call(ROW);
    expect(sagemaker.seen).toHaveLength(2);
  });

  it('that hangs is given up while there is time left to answer', async () => {
    sagemaker.reply('hang');
    const start = performance.now();
    const { status, json } = read(await handler(httpEvent(ROW), context(700)));
    expect(status).toBe(504);
    expect(json['error']).toMatchObject({ code: 'timed_out' });
    expect(performance.now() - start).toBeLessThan(700);
  });

  it('is not asked when no time is left', async () => {
    sagemaker.reply({ status: 200, body: modelAnswer('general') });
    expect(read(await handler(httpEvent(ROW), context(400))).status).toBe(504);
    expect(sagemaker.seen).toHaveLength(0);
  });
});

describe('an answer of a model is not believed when', () => {
  const good = modelAnswer('general');
  const [prediction] = good.predictions;
  it.each([
    ['it comes from another specialist', modelAnswer('ddos')],
    ['it has another number of rows', modelAnswer('general', 2)],
    ['its label is not the most probable', { ...good, predictions: [{ ...prediction, label: 'Normal' }] }],
    ['its confidence is another class’s', { ...good, predictions: [{ ...prediction, confidence: 0.25 }] }],
    [
      'its probabilities do not add up',
      { ...good, predictions: [{ ...prediction, probabilities: { Normal: 0.1, Attack: 0.75 } }] },
    ],
    [
      'it does not say whether its model is a reference model',
      { ...good, model: { name: 'general', version: '1.0.0' } },
    ],
    ['it has the shape of another server', { predictions: [[0.25, 0.75]] }],
  ])('%s', async (_, body) => {
    sagemaker.reply({ status: 200, body });
    expect(await call(ROW)).toMatchObject({ status: 502, json: { error: { code: 'bad_model_answer' } } });
  });
});

describe('the log', () => {
  it('gets one line a request, with id, specialist, status, time and rows, and no payload', async () => {
    sagemaker.reply({ status: 200, body: modelAnswer('ddos', 2) });
    const body = { instances: [[48_151_623], [48_151_623]], specialist: 'ddos' };
    await call(body);
    expect(logged).toHaveLength(1);
    expect(JSON.parse(logged[0] ?? '')).toEqual({
      event: 'inference',
      requestId: 'url-request',
      caller: 'http',
      specialist: 'ddos',
      status: 200,
      ms: expect.any(Number) as number,
      rows: 2,
      servedBy: 'endpoint',
    });
  });

  it('names the cause of a failure by the name of the error alone', async () => {
    sagemaker.reply(serviceError(400, 'ValidationError'));
    await call(ROW);
    expect(logged).toHaveLength(1);
    expect(JSON.parse(logged[0] ?? '')).toMatchObject({
      status: 503,
      code: 'unavailable',
      cause: 'ValidationError',
    });
  });

  it('gets a line for a refused request, too, without its content', async () => {
    await call({ ...ROW, specialist: 'secret-word' });
    expect(logged).toHaveLength(1);
    expect(logged[0]).not.toContain('secret-word');
  });
});
