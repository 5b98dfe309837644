import { readFileSync, writeFileSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020';
import { FAILURE_CODES, Failure } from '../../../../lambda/inference/api/failure';
import { openApiDocument } from '../../../../lambda/inference/api/openapi';
import { projectPath } from '../../../../lib/util/project-path';
import {
  answering,
  context,
  embeddedAs,
  httpEvent,
  prediction,
  read,
  setUp,
} from '../../../support/inference/call-inference';
import { steadyTime } from '../../../support/jest/steady-time';

steadyTime();

const FILE = projectPath('docs', 'inference.openapi.json');
const document = openApiDocument() as {
  paths: {
    '/': {
      post: {
        responses: Record<
          string,
          { content: Record<string, { schema: { $ref: string } }>; headers?: object }
        >;
      };
    };
  };
  components: { schemas: Record<string, object> };
};
const { responses } = document.paths['/'].post;
const ajv = new Ajv2020({ strict: false });

/** Whether a body is what the document says of a status and a media type. */
function faultsOf(status: number, type: string, body: unknown): unknown {
  const $ref = responses[status]?.content[type]?.schema.$ref;
  const name = $ref?.split('/').at(-1) ?? `nothing for ${status} ${type}`;
  const validate = ajv.compile(document.components.schemas[name] ?? false);
  validate(body);
  return validate.errors;
}

it('is what docs/inference.openapi.json says (regenerate with UPDATE_GOLDEN=1 npx jest test/lambda/inference/openapi)', () => {
  if (process.env['UPDATE_GOLDEN'] !== undefined)
    writeFileSync(FILE, `${JSON.stringify(document, null, 2)}\n`);
  expect(document).toEqual(JSON.parse(readFileSync(FILE, 'utf8')));
});

describe('what the handler answers is documented:', () => {
  const ok = embeddedAs((name) => (name === 'general' ? [0, 0, 1, 0] : [0, 1]));
  const ROW = { instances: [[1, 2]] };

  it.each([
    ['an answer with confirmation', ROW, {}],
    ['an answer of a specialist', { ...ROW, specialist: 'ddos' }, {}],
    ['the legacy body', ROW, { accept: 'application/vnd.mini-xdr.v1+json' }],
  ])('%s', async (_, body, headers) => {
    const { handler } = setUp({
      invoke: () => Promise.reject(new Failure('unavailable', 'down')),
      configuration: { fallback: true },
      embedded: ok,
    });
    const event = httpEvent(body, { headers: { 'content-type': 'application/json', ...headers } });
    const answer = read(await handler(event, context()));
    expect(answer.status).toBe(200);
    expect(faultsOf(200, answer.headers['content-type'] ?? '', answer.json)).toBeNull();
  });

  it.each(FAILURE_CODES)('%s', async (code) => {
    const { handler } = setUp({
      invoke: () => Promise.reject(new Failure(code, 'said', [{ row: 0, message: 'm' }])),
    });
    const { status, headers, json } = read(await handler(httpEvent({ ...ROW, timeoutMs: 100 }), context()));
    expect(faultsOf(status, headers['content-type'] ?? '', json)).toBeNull();
    expect('headers' in (responses[status] ?? {})).toBe(headers['retry-after'] !== undefined);
  });

  it('requests that its schema refuses, the handler refuses', async () => {
    const validate = ajv.compile(document.components.schemas['Request'] ?? false);
    const { handler } = setUp({
      invoke: (_route, specialist, { rows }) =>
        Promise.resolve(
          answering(
            specialist,
            Array.from({ length: rows }, () => prediction(specialist, [1, 0, 0, 0])),
          ),
        ),
    });
    const bodies = [
      {},
      { ...ROW, records: [{ a: 1, b: 2 }] },
      { instances: [] },
      { ...ROW, key: '' },
      { ...ROW, x: 1 },
    ];
    for (const body of bodies) {
      expect([body, validate(body)]).toEqual([body, false]);
      expect(read(await handler(httpEvent(body), context())).status).toBe(400);
    }
    expect(validate(ROW)).toBe(true);
    expect(read(await handler(httpEvent(ROW), context())).status).toBe(200);
  });
});
