import { MAX_ROWS } from '../../../lambda/inference/api/api-schema';
import { MAX_BODY_BYTES } from '../../../lambda/inference/api/event';
import type { Specialist } from '../../../models/catalogue';
import {
  answering,
  context,
  httpEvent,
  prediction,
  read,
  setUp,
} from '../../support/inference/call-inference';

const ROW = { instances: [[1, 2]] };
const asked: Specialist[] = [];
const { handler, requests } = setUp({
  invoke: (_route, specialist, { rows }) => {
    asked.push(specialist);
    const normal = specialist === 'general' ? [1, 0, 0, 0] : [1, 0];
    return Promise.resolve(
      answering(
        specialist,
        Array.from({ length: rows }, () => prediction(specialist, normal)),
      ),
    );
  },
});
beforeEach(() => {
  asked.length = 0;
  requests.length = 0;
});

const call = async (body: unknown, overrides?: Record<string, unknown>) =>
  read(await handler(httpEvent(body, overrides), context()));

describe('a request', () => {
  it.each([
    ['specialist', 'ddos', 'ddos'],
    ['specialist', 'DDOS_DOS', 'ddos'],
    ['threatType', 'sql_injection', 'webattacks'],
    ['threatType', 'Denial_of_Service', 'ddos'],
  ])('goes where %s "%s" belongs: %s', async (key, word, name) => {
    const { status, json } = await call({ ...ROW, [key]: word });
    expect(status).toBe(200);
    expect(json['model']).toEqual({ name, version: '1.0.0', reference: true });
    expect(asked).toEqual([name]);
  });

  it('goes to general when nobody is named', async () => {
    expect((await call(ROW)).json).toMatchObject({ model: { name: 'general' } });
  });

  it('by name gives the same as by position, in any order of names', async () => {
    const [byName, byPosition] = [await call({ records: [{ b: 2, a: 1 }] }), await call(ROW)];
    expect(byName).toEqual(byPosition);
  });

  it('has one line in the log, with ids, status, time and rows, and no payload', async () => {
    await call({ instances: [[48_151_623, 0]], specialist: 'ddos' });
    expect(requests).toEqual([
      {
        requestId: 'url-request',
        lambdaRequestId: 'lambda-request',
        caller: 'http',
        specialist: 'ddos',
        status: 200,
        ms: expect.any(Number) as number,
        rows: 1,
        servedBy: 'endpoint',
        degraded: false,
        variant: 'champion',
        version: '1.0.0',
      },
    ]);
  });
});

/** Sends a request that no endpoint may see. */
async function refused(body: unknown, overrides?: Record<string, unknown>) {
  const { status, json } = await call(body, overrides);
  expect(asked).toEqual([]);
  expect(requests).toHaveLength(1);
  return { status, error: json['error'] as Record<string, unknown> };
}

describe('a request that is refused', () => {
  it('names the rows and features that do not fit the model', async () => {
    const { status, error } = await refused({
      records: [
        { a: 1, b: 1 },
        { a: null, c: 1 },
      ],
    });
    expect(status).toBe(400);
    expect(error['details']).toEqual([
      { row: 1, feature: 'a', message: 'must be a number, but is null' },
      { row: 1, feature: 'b', message: 'is missing' },
      { row: 1, feature: 'c', message: 'is not a feature of this model' },
    ]);
  });

  it.each([
    [{ ...ROW, specialist: 'phishing' }, 'specialist', /must be .* general, ddos, bruteforce, webattacks/],
    [{ ...ROW, threatType: 7 }, 'threatType', /must be a known threat type/],
    [
      { ...ROW, specialist: 'ddos', threatType: 'xss' },
      'threatType',
      /belongs to webattacks, but "specialist" asks for ddos/,
    ],
    [
      { ...ROW, specalist: 'ddos' },
      'specalist',
      /is no field; the fields are instances, records, specialist/,
    ],
    [{ ...ROW, key: '' }, 'key', /1 to 256 characters/],
    [{ ...ROW, timeoutMs: 5 }, 'timeoutMs', /a whole number, 50 to 60000/],
    [{ ...ROW, timeoutMs: 'soon' }, 'timeoutMs', /a whole number, 50 to 60000/],
  ])('for %j names the field', async (body, field, message) => {
    const { status, error } = await refused(body);
    expect(status).toBe(400);
    expect(error['details']).toEqual([{ field, message: expect.stringMatching(message) as string }]);
  });

  it.each([
    [{}, /exactly one of "instances" and "records"/],
    [[1], /must be a JSON object/],
    [{ instances: [] }, /at least one row/],
    [{ instances: 'rows' }, /must be an array/],
  ])('for %j says what is allowed', async (body, message) => {
    const { status, error } = await refused(body);
    expect(status).toBe(400);
    expect(error['message']).toMatch(message);
  });

  it.each([
    ['no JSON', '{', {}, 400, 'invalid_json'],
    ['another content type', ROW, { headers: { 'content-type': 'text/csv' } }, 415, 'unsupported_media_type'],
    ['no content type', ROW, { headers: {} }, 415, 'unsupported_media_type'],
    ['too large a body', 'x'.repeat(MAX_BODY_BYTES + 1), {}, 413, 'payload_too_large'],
    [
      'too many rows',
      { instances: Array.from({ length: MAX_ROWS + 1 }, () => [1, 2]) },
      {},
      413,
      'payload_too_large',
    ],
    ['another method', ROW, { requestContext: { http: { method: 'GET' } } }, 405, 'method_not_allowed'],
  ])('for %s has its own status', async (_, body, overrides, status, code) => {
    const answer = await refused(body, overrides);
    expect(answer).toMatchObject({ status, error: { status, code } });
  });

  it('says that a specialist is not deployed', async () => {
    const { general } = { general: { embedded: true as const } };
    const only = setUp({
      configuration: { routes: { general } },
      embedded: () => Promise.reject(new Error('not asked')),
    });
    const { status, json } = read(await only.handler(httpEvent({ ...ROW, specialist: 'ddos' }), context()));
    expect(status).toBe(404);
    expect(json['error']).toMatchObject({ code: 'not_deployed' });
  });

  it('directly is answered with the error, not thrown', async () => {
    for (const event of [{ rows: [] }, 'text', null, [], 7, undefined]) {
      expect(await handler(event, context())).toMatchObject({ error: { status: 400 } });
    }
  });

  it('leaves nothing of its content in the log', async () => {
    await call({ ...ROW, specialist: 'secret-word' });
    expect(JSON.stringify(requests)).not.toContain('secret-word');
  });
});

describe('an answer of a model', () => {
  it('may come from two versions while an endpoint is updated, and then names both', async () => {
    let version = 1;
    const rows = Array.from({ length: 1000 }, () => [1, 2]);
    const updating = setUp({
      invoke: (_route, specialist, payload) =>
        Promise.resolve(
          answering(
            specialist,
            Array.from({ length: payload.rows }, () => prediction(specialist, [1, 0])),
            version++ === 1 ? '1.0.0' : '2.0.0',
          ),
        ),
    });
    const { json } = read(
      await updating.handler(httpEvent({ instances: rows, specialist: 'ddos' }), context()),
    );
    expect(json['model']).toMatchObject({ version: '1.0.0 and 2.0.0' });
    expect(json['predictions']).toHaveLength(1000);
  });
});
