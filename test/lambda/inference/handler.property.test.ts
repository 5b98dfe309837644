import * as fc from 'fast-check';
import { answerSchema, errorSchema } from '../../../lambda/inference/api/api-schema';
import { SPECIALISTS, SPECIALIST_EDGE } from '../../../models/catalogue';
import { type FunctionUnderTest, inferenceFunction } from '../../support/inference/inference-function';
import { TELLABLE_ROWS, predictionFor, rowOf } from '../../support/aws/sagemaker-model';
import { SageMakerStandIn } from '../../support/aws/sagemaker-runtime';
import { contractOf } from '../../support/models/specialist';
import { context } from '../../support/inference/call-inference';
import { steadyTime } from '../../support/jest/steady-time';

steadyTime();

/** What the API may answer with when all its endpoints are well: nobody who calls can make the function itself fail. */
const STATUSES = [200, 400, 404, 405, 413, 415];

/** Stands in strings that no answer and no log line may repeat. */
const SECRET = 'sEcReT';

let sagemaker: SageMakerStandIn;
let running: FunctionUnderTest;
beforeAll(async () => {
  sagemaker = await SageMakerStandIn.start();
  running = inferenceFunction({ url: sagemaker.url });
});
afterAll(() => sagemaker.stop());

interface HttpAnswer {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

/** Status and content of whatever the handler answered; anything that is not documented throws. */
function documented(said: unknown): { readonly status: number; readonly content: unknown } {
  const isHttp = typeof said === 'object' && said !== null && 'statusCode' in said;
  const { statusCode, body } = said as HttpAnswer;
  const content: unknown = isHttp ? JSON.parse(body) : said;
  const failed = errorSchema.safeParse(content);
  const status = failed.success ? failed.data.error.status : 200;
  if (!failed.success) answerSchema.parse(content);
  if (isHttp && statusCode !== status) throw new Error(`${statusCode} in front of ${status}`);
  return { status, content };
}

const call = async (event: unknown) => {
  running.log.length = 0;
  return documented(await running.handler(event, context()));
};

const anyJson = fc.jsonValue({ maxDepth: 4 });

/** Headers as Lambda hands them over, and as nobody should. */
const anyHeaders = fc.oneof(
  fc.constant({ 'content-type': 'application/json' }),
  fc.dictionary(fc.string(), fc.oneof(fc.string(), anyJson)),
  fc.dictionary(fc.constantFrom('Content-Type', 'accept', 'x-amzn-trace-id'), fc.string()),
  anyJson,
);

/** Events through every way in, each part of which may be anything. */
const anyHttpEvent = fc
  .tuple(
    fc.constantFrom(
      { version: '2.0', requestContext: { http: { method: 'POST' } } },
      { version: '2.0', requestContext: { http: { method: 'PUT' } } },
      { version: '1.0', httpMethod: 'POST', requestContext: { requestId: 'one' } },
      { httpMethod: 'POST', requestContext: { elb: {} } },
      { httpMethod: 'POST', requestContext: { elb: {} }, multiValueHeaders: {} },
    ),
    fc.record(
      {
        headers: anyHeaders,
        multiValueHeaders: fc.oneof(fc.dictionary(fc.string(), fc.array(fc.string())), anyJson),
        body: fc.oneof(
          fc.string(),
          anyJson.map((value) => JSON.stringify(value)),
          anyJson,
        ),
        isBase64Encoded: fc.oneof(fc.boolean(), anyJson),
        requestContext: anyJson,
        httpMethod: anyJson,
      },
      { requiredKeys: [] },
    ),
  )
  .map(([way, parts]): Record<string, unknown> => ({ ...way, ...parts }));

describe('whatever comes, the handler answers as documented and never throws:', () => {
  it('any JSON as the event', async () => {
    await fc.assert(
      fc.asyncProperty(anyJson, async (event) => {
        const { status } = await call(event);
        expect(STATUSES).toContain(status);
      }),
      { numRuns: 300 },
    );
  });

  it('any value that is not even JSON', async () => {
    const values = fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true });
    await fc.assert(
      fc.asyncProperty(values, async (event) => {
        const { status } = await call(event);
        expect(STATUSES).toContain(status);
      }),
      { numRuns: 200 },
    );
  });

  it('any headers, body and flags through any way in', async () => {
    await fc.assert(
      fc.asyncProperty(anyHttpEvent, async (event) => {
        const { status } = await call(event);
        expect(STATUSES).toContain(status);
      }),
      {
        numRuns: 500,
      },
    );
  });

  it('any JSON in the fields of a request', async () => {
    const fields = ['instances', 'records', 'specialist', 'threatType', 'key', 'timeoutMs'] as const;
    const request = fc.dictionary(fc.constantFrom(...fields), anyJson);
    await fc.assert(
      fc.asyncProperty(request, async (event) => {
        const { status } = await call(event);
        expect(STATUSES).toContain(status);
      }),
      { numRuns: 300 },
    );
  });
});

describe('nothing of a request comes back, nor goes to the log:', () => {
  const secret = fc.string().map((text) => `${text}${SECRET}`);
  const secretJson = fc.oneof(secret, fc.array(secret), fc.dictionary(fc.constantFrom('a', 'b'), secret));
  const request = fc.record(
    {
      instances: fc.oneof(fc.array(fc.array(secretJson), { minLength: 1 }), secretJson),
      records: fc.array(fc.dictionary(fc.constantFrom('Flow Duration', 'other'), secretJson)),
      specialist: secretJson,
      threatType: secretJson,
      key: secret,
      timeoutMs: secretJson,
    },
    { requiredKeys: [] },
  );

  it('values of a body', async () => {
    await fc.assert(
      fc.asyncProperty(request, async (body) => {
        const { content } = await call(body);
        expect(JSON.stringify([content, running.log])).not.toContain(SECRET);
      }),
      { numRuns: 200 },
    );
  });

  it('headers, path, query and context of an event', async () => {
    const event = fc.record({
      body: fc.oneof(secret, fc.constant(JSON.stringify({ instances: [rowOf(1)] }))),
      rawPath: secret,
      rawQueryString: secret,
      headers: fc.dictionary(fc.constantFrom('authorization', 'cookie', 'accept', 'x-forwarded-for'), secret),
      cookies: fc.array(secret),
      authorizer: secretJson,
    });
    await fc.assert(
      fc.asyncProperty(event, async ({ headers, authorizer, ...rest }) => {
        const { content } = await call({
          version: '2.0',
          requestContext: { http: { method: 'POST', sourceIp: SECRET }, accountId: SECRET, authorizer },
          headers: { 'content-type': 'application/json', ...headers },
          ...rest,
        });
        expect(JSON.stringify([content, running.log])).not.toContain(SECRET);
      }),
      { numRuns: 80 },
    );
  });
});

describe('rows in are predictions out:', () => {
  const { features } = contractOf('general');
  const word = fc.constantFrom(
    ...SPECIALISTS.flatMap((name) =>
      [name, ...SPECIALIST_EDGE[name].aliases].map((said) => [said, name] as const),
    ),
  );
  const firsts = fc.array(fc.nat(TELLABLE_ROWS - 1), { minLength: 1, maxLength: 20 });
  /** The same row by position, or by name in any order. */
  const shapes = {
    instances: (first: number) => rowOf(first),
    records: (first: number) =>
      Object.fromEntries(features.map((name, at) => [name, at === 0 ? first : 0] as const).toReversed()),
  };

  it('each gets the prediction that is its own, by whichever name the specialist is asked', async () => {
    const shape = fc.constantFrom('instances' as const, 'records' as const);
    await fc.assert(
      fc.asyncProperty(word, firsts, shape, async ([said, specialist], rows, by) => {
        const { status, content } = await call({
          specialist: said,
          [by]: rows.map((first) => shapes[by](first)),
        });
        expect(status).toBe(200);
        const { predictions } = answerSchema.parse(content);
        expect(predictions.map(({ label, confidence }) => [label, confidence])).toEqual(
          rows.map((first) => {
            const { label, confidence } = predictionFor(specialist, first);
            return [label, confidence];
          }),
        );
      }),
      { numRuns: 40 },
    );
  });

  it('without a specialist, what general flags stays flagged, whatever the others say', async () => {
    await fc.assert(
      fc.asyncProperty(firsts, async (rows) => {
        const { content } = await call({ instances: rows.map(rowOf) });
        const { predictions } = answerSchema.parse(content);
        expect(predictions).toHaveLength(rows.length);
        predictions.forEach(({ label, verdict, confirmation }, at) => {
          expect(label).toBe(predictionFor('general', rows[at] ?? Number.NaN).label);
          if (label !== 'Normal') expect(verdict).not.toBe('normal');
          if (confirmation !== undefined) expect(verdict).toBe(confirmation.agrees ? 'attack' : 'disputed');
        });
      }),
      { numRuns: 40 },
    );
  });
});
