import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sha256 } from '../../../models/contract/contract-file';
import type { PredictionResponse } from '../../../models/runtime/prediction-response';
import { constantOf } from '../../support/models/onnx';
import { ServerProcess, bundledServer, endServers } from '../../support/models/server';
import {
  contractOf,
  copyOf,
  editGraph,
  goldenOf,
  removeFolders,
  shipped,
} from '../../support/models/specialist';

const { vectors, classes } = goldenOf('ddos');
const { name, version, reference } = contractOf('ddos');
const GOLDEN_ROWS = { instances: vectors.map(({ row }) => row) };
const GOLDEN_LABELS = vectors.map(({ expected }) => expected.class);

let bundle: string;
beforeAll(() => {
  bundle = bundledServer();
});
afterAll(() => {
  endServers();
  removeFolders();
});

function labels(json: unknown): string[] {
  return (json as PredictionResponse).predictions.map(({ label }) => label);
}

/** Name and hash of every file of a folder. */
function digest(folder: string): string[][] {
  return readdirSync(folder)
    .sort()
    .map((name) => [name, sha256(readFileSync(join(folder, name)))]);
}

describe('the build context of the image', () => {
  it('holds what runs, what builds it, and nothing else, and is the same each time', () => {
    expect(digest(bundle).map(([name]) => name)).toEqual([
      'Dockerfile',
      'build-image.mjs',
      'ort-wasm-simd-threaded.mjs',
      'ort-wasm-simd-threaded.wasm',
      'server.mjs',
    ]);
    expect(digest(bundledServer())).toEqual(digest(bundle));
  });

  it('says nothing of the folder that it was built in', () => {
    expect(readFileSync(join(bundle, 'server.mjs'), 'utf8')).not.toContain(dirname(dirname(__dirname)));
  });

  it('declares the capabilities that SageMaker looks for, and the user that it asks for', () => {
    const dockerfile = readFileSync(join(bundle, 'Dockerfile'), 'utf8');
    expect(dockerfile).toContain('com.amazonaws.sagemaker.capabilities.multi-models=true');
    expect(dockerfile).toContain('com.amazonaws.sagemaker.capabilities.accept-bind-to-port=true');
    expect(dockerfile).toMatch(/^ARG BASE_IMAGE=node:\d+\.\d+\.\d+-bookworm-slim$/m);
    expect(dockerfile.match(/^USER .*$/gm)).toEqual(['USER root']);
  });
});

describe('a server of one model', () => {
  let server: ServerProcess;
  beforeAll(async () => {
    server = await ServerProcess.start(bundle, { MODEL_FOLDER: shipped('ddos') });
  });
  afterAll(() => server.stop());

  it('answers /ping once its model has passed the self-test', async () => {
    expect(server.lines.map(({ event }) => event).slice(0, 2)).toEqual(['model ready', 'listening']);
    expect((await server.send('GET', '/ping')).status).toBe(200);
  });

  it('answers /invocations in the agreed shape', async () => {
    const { status, json } = await server.send('POST', '/invocations', GOLDEN_ROWS);
    expect(status).toBe(200);
    expect(labels(json)).toEqual(GOLDEN_LABELS);
    expect((json as PredictionResponse).model).toEqual({ name, version, reference });
  });

  it.each([
    ['application/json', 'application/json'],
    ['application/jsonlines', 'application/jsonlines'],
    ['text/csv', 'text/csv; charset=utf-8; header=absent'],
    ['application/vnd.mini-xdr.v1+json', 'application/vnd.mini-xdr.v1+json'],
  ])('labels an answer as %s with the model, and whether it is a reference', async (accept, type) => {
    const headers = { 'content-type': 'application/json', accept };
    const answer = await server.send('POST', '/invocations', GOLDEN_ROWS, headers);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe(type);
    expect(answer.headers.get('x-mini-xdr-model-reference')).toBe(String(reference));
    expect(answer.headers.get('x-amzn-sagemaker-custom-attributes')).toBe(
      `model=${name};version=${version};reference=${reference}`,
    );
  });

  it('answers the same to CSV, JSON lines and JSON, in the form that is asked for', async () => {
    const ask = async (type: string, body: string, accept: string) =>
      (await server.send('POST', '/invocations', body, { 'content-type': type, accept })).text;
    const rows = GOLDEN_ROWS.instances;
    const csv = rows.map((row) => row.join(',')).join('\r\n');
    const lines = rows.map((row) => JSON.stringify(row)).join('\n');
    const { predictions } = JSON.parse(
      await ask('application/json', JSON.stringify(GOLDEN_ROWS), 'application/json'),
    ) as PredictionResponse;
    const values = predictions.map(({ probabilities }) => classes.map((label) => probabilities[label]));

    expect(await ask('text/csv', csv, 'text/csv')).toBe(
      predictions
        .map((each, at) => {
          const { label, class: position, confidence, inDistribution } = each;
          return `${[label, position, confidence, ...(values[at] ?? []), inDistribution].join(',')}\n`;
        })
        .join(''),
    );
    expect(await ask('application/jsonlines', lines, 'application/jsonlines')).toBe(
      predictions.map((each) => `${JSON.stringify(each)}\n`).join(''),
    );
    expect(JSON.parse(await ask('text/csv', csv, 'application/vnd.mini-xdr.v1+json'))).toEqual({
      predictions: values,
    });
  });

  it('answers a batch of many rows as it answers each row, and /ping meanwhile', async () => {
    const many = Array.from({ length: 2000 }, (_, at) => GOLDEN_ROWS.instances[at % vectors.length] ?? []);
    const [batch, ping] = await Promise.all([
      server.send('POST', '/invocations', { instances: many }),
      server.send('GET', '/ping'),
    ]);
    expect(ping.status).toBe(200);
    expect(labels(batch.json)).toEqual(many.map((_, at) => GOLDEN_LABELS[at % vectors.length]));
  });

  it('refuses a bad row by number and feature', async () => {
    const [row = []] = GOLDEN_ROWS.instances;
    const instances = [row, row.map((value, i) => (i === 1 ? null : value))];
    const { status, json } = await server.send('POST', '/invocations', { instances });
    expect(status).toBe(400);
    expect(json).toEqual({
      error: {
        status: 400,
        code: 'invalid_request',
        message: '1 problem in "instances"',
        details: [{ row: 1, feature: 'Flow Duration', message: 'must be a number, but is null' }],
      },
    });
  });

  it.each([
    ['no JSON', '{"instances": [[', 'application/json', 400, 'invalid_json'],
    ['another content type', 'a,b', 'text/plain', 415, 'unsupported_media_type'],
    ['text that is no CSV', '"1,2', 'text/csv', 400, 'invalid_request'],
    ['text that is no UTF-8', Buffer.from([0xff]), 'application/json', 400, 'invalid_text'],
    ['an answer that it cannot write', '{}', 'application/json', 406, 'not_acceptable', 'text/html'],
  ])('refuses %s', async (_, body, type, status, code, accept = '*/*') => {
    const headers = { 'content-type': type, accept };
    const answer = await server.send('POST', '/invocations', body, headers);
    expect(answer.status).toBe(status);
    expect(answer.json).toMatchObject({ error: { code } });
  });

  it('refuses other paths and methods', async () => {
    expect((await server.send('GET', '/invocations')).status).toBe(405);
    expect((await server.send('GET', '/models')).status).toBe(404);
    expect((await server.send('GET', '/%E0%A4%A')).status).toBe(404);
    expect((await server.send('GET', '//')).status).toBe(404);
  });

  it('logs a line a request, with the number of rows and nothing of the payload', async () => {
    const secret = 48_151_623;
    await server.send('POST', '/invocations', { instances: [[secret]] });
    for (const body of [`1,${secret}"`, `"${secret}`, `"1"${secret}`]) {
      await server.send('POST', '/invocations', body, { 'content-type': 'text/csv' });
    }
    const logged = server.lines.filter(({ event }) => event === 'request');
    expect(logged).toContainEqual(
      expect.objectContaining({ method: 'POST', status: 200, rows: vectors.length }),
    );
    expect(JSON.stringify(server.lines)).not.toContain(String(secret));
  });
});

it('does not open its port for a model that fails the self-test', async () => {
  const folder = copyOf('ddos');
  editGraph(folder, (graph) => constantOf(graph, 'scaler.mean').fill(0));
  const server = await ServerProcess.start(bundle, { MODEL_FOLDER: folder });
  expect(await server.exitCode()).toBe(1);
  expect(server.lines.map(({ event }) => event)).toEqual(['cannot serve']);
  expect(server.lines[0]?.['cause']).toContain('fails its self-test');
});

it('does not start with a setting that is wrong, and says what is allowed', async () => {
  const server = await ServerProcess.start(bundle, {
    MODEL_FOLDER: shipped('ddos'),
    MAX_PAYLOAD_BYTES: '6 MB',
  });
  expect(await server.exitCode()).toBe(1);
  expect(server.lines.at(-1)?.['cause']).toBe('MAX_PAYLOAD_BYTES must be a whole number, 1 to 26214400');
});
