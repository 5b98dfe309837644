import * as fc from 'fast-check';
import { payloadsOf } from '../../../../lambda/inference/specialists/payloads';
import {
  answering,
  context,
  httpEvent,
  prediction,
  read,
  setUp,
} from '../../../support/inference/call-inference';

const ROW = { instances: [[1, 2]], specialist: 'ddos' };
const { handler } = setUp({
  invoke: (_route, specialist, { rows }) =>
    Promise.resolve(
      answering(
        specialist,
        Array.from({ length: rows }, () => prediction(specialist, [0.25, 0.75])),
      ),
    ),
});
const json = { 'content-type': 'application/json' };
const base64 = Buffer.from(JSON.stringify(ROW)).toString('base64');

describe('a call through', () => {
  it.each([
    ['a Function URL', httpEvent(ROW)],
    ['a Function URL, in base64', httpEvent(base64, { isBase64Encoded: true })],
    [
      'a REST API',
      {
        resource: '/',
        httpMethod: 'POST',
        headers: json,
        requestContext: { requestId: 'url-request' },
        body: JSON.stringify(ROW),
      },
    ],
    [
      'a load balancer',
      {
        requestContext: { elb: {} },
        httpMethod: 'POST',
        headers: { 'Content-Type': 'application/json; charset=utf-8', 'x-amzn-trace-id': 'url-request' },
        isBase64Encoded: true,
        body: base64,
      },
    ],
  ])('%s is answered in its shape', async (_, event) => {
    const answer = read(await handler(event, context()));
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('application/json');
    expect(answer.json).toMatchObject({ model: { name: 'ddos' }, requestId: 'url-request' });
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('a load balancer with headers of several values is answered with such', async () => {
    const event = { requestContext: { elb: {} }, httpMethod: 'POST', body: JSON.stringify(ROW) };
    const multiValueHeaders = { 'Content-Type': ['application/json'] };
    const answer = await handler({ ...event, multiValueHeaders }, context());
    expect(answer).toMatchObject({
      statusCode: 200,
      multiValueHeaders: { 'content-type': ['application/json'] },
    });
    expect(answer).not.toHaveProperty('headers');
  });

  it('nothing is answered with the body itself, and Lambda’s own id', async () => {
    expect(await handler(ROW, context())).toMatchObject({
      requestId: 'lambda-request',
      servedBy: 'endpoint',
    });
  });

  it('an id that could write lines of the log is not taken over', async () => {
    const requestContext = { requestId: 'a\n{"forged": true}', http: { method: 'POST' } };
    expect(read(await handler(httpEvent(ROW, { requestContext }), context())).json).toMatchObject({
      requestId: 'lambda-request',
    });
  });
});

describe('the body that the backend read first', () => {
  it('is given on its media type, with the rest in headers', async () => {
    const headers = { ...json, accept: 'application/vnd.mini-xdr.v1+json' };
    const answer = read(await handler(httpEvent(ROW, { headers }), context()));
    expect(answer.json).toEqual({ predictions: [[0.25, 0.75]] });
    expect(answer.headers).toMatchObject({
      'content-type': 'application/vnd.mini-xdr.v1+json',
      'x-mini-xdr-model': 'ddos 1.0.0',
      'x-mini-xdr-model-reference': 'true',
      'x-mini-xdr-served-by': 'endpoint',
      'x-mini-xdr-degraded': 'false',
    });
  });
});

describe('a large request', () => {
  it('is split for the endpoint by bytes, in order, with nothing lost or twice', () => {
    const rows = fc.array(
      fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 5 }),
      {
        minLength: 1,
        maxLength: 40,
      },
    );
    fc.assert(
      fc.property(rows, fc.integer({ min: 200, max: 2000 }), (given, maxBytes) => {
        const payloads = payloadsOf({ features: [], rows: given }, maxBytes);
        const sent = payloads.map(({ body }) => (JSON.parse(body) as { instances: number[][] }).instances);
        expect(sent.flat()).toEqual(given.map((row) => row.map((value) => value + 0)));
        expect(sent.map(({ length }) => length)).toEqual(payloads.map(({ rows: count }) => count));
        for (const { body } of payloads) expect(Buffer.byteLength(body)).toBeLessThanOrEqual(maxBytes);
      }),
    );
  });

  it('is refused where one row alone is too large', () => {
    const rows = [Array.from({ length: 100 }, () => 123_456)];
    expect(() => payloadsOf({ features: [], rows }, 200)).toThrow(
      'a single row takes more than the 200 bytes',
    );
  });

  it('whose answer would not get through says how many rows would', async () => {
    const rows = Array.from({ length: 9000 }, () => [1, 2]);
    const event = {
      requestContext: { elb: {} },
      httpMethod: 'POST',
      headers: json,
      body: JSON.stringify({ instances: rows, specialist: 'ddos' }),
    };
    const { status, json: body } = read(await handler(event, context()));
    expect(status).toBe(413);
    const { message } = body['error'] as { message: string };
    const [, fitting] = /send at most (\d+) rows/.exec(message) ?? [];
    const less = {
      ...event,
      body: JSON.stringify({ instances: rows.slice(0, Number(fitting)), specialist: 'ddos' }),
    };
    expect(read(await handler(less, context())).status).toBe(200);
  });
});
