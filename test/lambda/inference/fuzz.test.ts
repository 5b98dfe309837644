import * as fc from 'fast-check';
import { MAX_ROWS, answerSchema, errorSchema } from '../../../lambda/inference/api/api-schema';
import { MAX_BODY_BYTES } from '../../../lambda/inference/api/event';
import type { Specialist } from '../../../models/catalogue';
import { contractOf } from '../../support/models/specialist';
import { type FunctionUnderTest, inferenceFunction } from '../../support/inference/inference-function';
import { predictionFor, rowOf } from '../../support/aws/sagemaker-model';
import { SageMakerStandIn } from '../../support/aws/sagemaker-runtime';
import { context, httpEvent, read } from '../../support/inference/call-inference';
import { steadyTime } from '../../support/jest/steady-time';

steadyTime();

const { features } = contractOf('ddos');
const recordOf = (first: number) =>
  Object.fromEntries(features.map((name, at) => [name, at === 0 ? first : 0] as const));

let sagemaker: SageMakerStandIn;
let running: FunctionUnderTest;
beforeAll(async () => {
  sagemaker = await SageMakerStandIn.start();
  running = inferenceFunction({ url: sagemaker.url });
});
beforeEach(() => sagemaker.reply());
afterAll(() => sagemaker.stop());

interface Said {
  readonly status: number;
  /** Who answered: a request that lost its specialist goes to general. */
  readonly by: Specialist | undefined;
  readonly labels: readonly string[];
  readonly code: string | undefined;
  readonly details: readonly unknown[];
}

/** Posts a body as it is; an answer that is not documented throws. */
async function post(body: string, overrides: Record<string, unknown> = {}): Promise<Said> {
  const { status, json } = read(await running.handler(httpEvent(body, overrides), context()));
  if (status === 200) {
    const { model, predictions } = answerSchema.parse(json);
    return {
      status,
      by: model.name,
      labels: predictions.map(({ label }) => label),
      code: undefined,
      details: [],
    };
  }
  const { error } = errorSchema.parse(json);
  expect(error.status).toBe(status);
  return { status, by: undefined, labels: [], code: error.code, details: error.details };
}

/** CPU time of this process in ms: other processes do not count into it. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Posts bytes, as Lambda hands over what may be no text. */
const postBytes = (bytes: Buffer) => post(bytes.toString('base64'), { isBase64Encoded: true });

const labelsOf = (firsts: readonly number[], by: Specialist = 'ddos') =>
  firsts.map((first) => predictionFor(by, first).label);

/** First features of a body, read as a JSON parser reads it: of several keys of one name the last counts. */
function firstsIn(body: string): number[] {
  const { instances, records } = JSON.parse(body) as {
    instances?: number[][];
    records?: Record<string, number>[];
  };
  return instances?.map(([first]) => first ?? 0) ?? records?.map((row) => row[features[0] ?? ''] ?? 0) ?? [];
}

describe('a valid request that was broken on its way', () => {
  const valid = fc
    .tuple(fc.array(fc.nat(999), { minLength: 1, maxLength: 3 }), fc.boolean())
    .map(([firsts, named]) =>
      JSON.stringify({
        specialist: 'ddos',
        ...(named ? { records: firsts.map(recordOf) } : { instances: firsts.map(rowOf) }),
      }),
    );
  const shards = [
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '\\',
    '-',
    '1e999',
    'null',
    '__proto__',
    '\u0000',
    '\ud800',
  ];
  /** Cuts a stretch out, and puts something in its place. */
  const mutation = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    cut: fc.nat(20),
    put: fc.oneof(fc.constantFrom(...shards), fc.string({ maxLength: 5 })),
  });
  const broken = fc
    .tuple(valid, fc.array(mutation, { minLength: 1, maxLength: 3 }))
    .map(([text, mutations]) =>
      mutations.reduce((whole, { at, cut, put }) => {
        const from = Math.floor(at * whole.length);
        return whole.slice(0, from) + put + whole.slice(from + cut);
      }, text),
    );

  it('is refused, or answered for just the rows that are left', async () => {
    await fc.assert(
      fc.asyncProperty(broken, async (body) => {
        const { status, by, labels } = await post(body);
        expect([200, 400]).toContain(status);
        if (status === 200) expect(labels).toEqual(labelsOf(firstsIn(body), by));
      }),
      { numRuns: 400 },
    );
  });

  it('byte by byte is refused, or answered for just the rows that are left', async () => {
    const bytes = fc
      .tuple(valid, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }))
      .map(([text, changes]) => {
        const buffer = Buffer.from(text);
        for (const [at, value] of changes) buffer[at % buffer.length] = value;
        return buffer;
      });
    await fc.assert(
      fc.asyncProperty(bytes, async (buffer) => {
        const { status, by, labels } = await postBytes(buffer);
        expect([200, 400]).toContain(status);
        if (status === 200) expect(labels).toEqual(labelsOf(firstsIn(buffer.toString('utf8')), by));
      }),
      { numRuns: 300 },
    );
  });
});

describe('a request that was made to do harm', () => {
  const row = JSON.stringify(rowOf(1));
  const record = JSON.stringify(recordOf(1));

  const deep = '['.repeat(200_000) + ']'.repeat(200_000);
  const deepObject = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;

  it.each([
    ['nests a row very deep', `{"instances":[${deep}]}`],
    ['nests an object very deep', `{"records":[${deepObject}]}`],
    ['is nothing but depth', deep],
    ['never closes', '['.repeat(1_000_000)],
    ['has a number beyond double precision', `{"instances":[[1e999${',0'.repeat(77)}]]}`],
    ['has a number beyond single precision', `{"instances":[[1e39${',0'.repeat(77)}]]}`],
    ['has a number of a million digits', `{"instances":[[${'9'.repeat(1_000_000)}${',0'.repeat(77)}]]}`],
    ['spells NaN', `{"instances":[[NaN${',0'.repeat(77)}]]}`],
    ['gives its rows by way of the prototype', `{"__proto__":{"instances":[${row}]}}`],
    ['gives its features by way of the prototype', `{"records":[{"__proto__":${record}}]}`],
    ['names a field of every object', `{"instances":[${row}],"constructor":1}`],
    ['asks for a specialist that every object has', `{"instances":[${row}],"specialist":"constructor"}`],
    ['asks for a specialist called __proto__', `{"instances":[${row}],"specialist":"__proto__"}`],
    ['has a feature beside the known ones', `{"records":[${record.replace('{', '{"toString":1,')}]}`],
    ['gives rows both ways', `{"instances":[${row}],"records":[${record}]}`],
    ['has a byte order mark', `\ufeff{"instances":[${row}]}`],
    ['has two documents', `{"instances":[${row}]}{"instances":[${row}]}`],
    ['is empty', ''],
  ])('and %s is refused with 400, and reaches no model', async (_, body) => {
    const started = cpuMs();
    expect((await post(body)).status).toBe(400);
    expect(sagemaker.seen.length).toBe(0);
    expect(cpuMs() - started).toBeLessThan(1500);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it('has the last of several keys of one name count, for who is asked and for the rows alike', async () => {
    const body = `{"specialist":"general","instances":[${row},${row}],"specialist":"ddos","instances":[${row}]}`;
    expect(await post(body)).toMatchObject({ status: 200, labels: labelsOf([1]) });
  });

  it('may break UTF-8 without any effect on rows', async () => {
    const parts = [
      `{"specialist":"ddos","key":"`,
      Buffer.from([0xc3, 0x28, 0xff]),
      `","instances":[${row}]}`,
    ];
    const { status, labels } = await postBytes(Buffer.concat(parts.map((part) => Buffer.from(part))));
    expect([200, 400]).toContain(status);
    if (status === 200) expect(labels).toEqual(labelsOf([1]));
  });

  it.each([
    ['text that is called base64', JSON.stringify({ instances: [rowOf(1)] }), true],
    [
      'base64 that is called text',
      Buffer.from(JSON.stringify({ instances: [rowOf(1)] })).toString('base64'),
      false,
    ],
  ])('is %s and refused', async (_, body, isBase64Encoded) => {
    expect(await post(body, { isBase64Encoded })).toMatchObject({ status: 400, code: 'invalid_json' });
  });

  it('holds a row too many, or a byte too many, and is refused with 413', async () => {
    const rows = Array.from({ length: MAX_ROWS + 1 }, () => '[1]');
    expect((await post(`{"instances":[${rows.join(',')}]}`)).status).toBe(413);
    expect((await post(' '.repeat(MAX_BODY_BYTES + 1))).status).toBe(413);
    expect(sagemaker.seen.length).toBe(0);
  });

  it('gets every row wrong and is told of the first few only', async () => {
    const { status, details } = await post(`{"instances":[${'["x"],'.repeat(9000)}[1]]}`);
    expect(status).toBe(400);
    expect(details.length).toBeLessThanOrEqual(20);
  });

  it('has a name without end, of which little comes back', async () => {
    const name = 'x'.repeat(1_000_000);
    for (const body of [`{"${name}":1}`, `{"records":[{"${name}":1}]}`]) {
      const said = await post(body);
      expect(said.status).toBe(400);
      expect(JSON.stringify(said.details).length).toBeLessThan(5000);
    }
  });

  it.each([
    ['spaces without end', `application/json${' '.repeat(200_000)}x`],
    ['parameters without end', `application/json;${' '.repeat(200_000)}charset=x`],
  ])('has a content type with %s and is refused quickly', async (_, type) => {
    const started = cpuMs();
    const { status } = await post('{}', { headers: { 'content-type': type } });
    expect(status).toBe(415);
    expect(cpuMs() - started).toBeLessThan(1500);
  });
});
