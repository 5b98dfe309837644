import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sha256 } from '../../models/folder';
import type { PredictionResponse } from '../../models/runtime/response';
import { constantOf } from './support/onnx';
import { ServerProcess, bundledServer, endServers } from './support/server';
import { copyOf, editGraph, goldenOf, newFolder, removeFolders, shipped } from './support/specialist';

const { vectors } = goldenOf('ddos');
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
  it('holds what runs and nothing else, and is the same each time', () => {
    expect(digest(bundle).map(([name]) => name)).toEqual([
      'Dockerfile',
      'ort-wasm-simd-threaded.mjs',
      'ort-wasm-simd-threaded.wasm',
      'server.mjs',
    ]);
    expect(digest(bundledServer())).toEqual(digest(bundle));
  });

  it('says nothing of the folder that it was built in', () => {
    expect(readFileSync(join(bundle, 'server.mjs'), 'utf8')).not.toContain(dirname(dirname(__dirname)));
  });

  it('declares the capabilities that SageMaker looks for, and an unprivileged user', () => {
    const dockerfile = readFileSync(join(bundle, 'Dockerfile'), 'utf8');
    expect(dockerfile).toContain('com.amazonaws.sagemaker.capabilities.multi-models=true');
    expect(dockerfile).toContain('com.amazonaws.sagemaker.capabilities.accept-bind-to-port=true');
    expect(dockerfile).toMatch(/^ARG BASE_IMAGE=node:\d+\.\d+\.\d+-bookworm-slim$/m);
    expect(dockerfile).toMatch(/^USER node$/m);
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
    expect((json as PredictionResponse).model).toEqual({ name: 'ddos', version: '1.0.0' });
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
  ])('refuses %s', async (_, body, type, status, code) => {
    const answer = await server.send('POST', '/invocations', body, { 'content-type': type });
    expect(answer.status).toBe(status);
    expect(answer.json).toMatchObject({ error: { code } });
  });

  it('refuses a body over the limit and goes on answering', async () => {
    const large = `{"instances": [[${'1,'.repeat(13_200_000)}1]]}`;
    const refused = await server.send('POST', '/invocations', large);
    expect(refused).toMatchObject({ status: 413, json: { error: { code: 'payload_too_large' } } });
    expect((await server.send('POST', '/invocations', GOLDEN_ROWS)).status).toBe(200);
  });

  it('refuses other paths and methods', async () => {
    expect((await server.send('GET', '/invocations')).status).toBe(405);
    expect((await server.send('GET', '/models')).status).toBe(404);
    expect((await server.send('GET', '/%E0%A4%A')).status).toBe(404);
  });

  it('logs a line a request, with the number of rows and nothing of the payload', async () => {
    const secret = 48_151_623;
    await server.send('POST', '/invocations', { instances: [[secret]] });
    const logged = server.lines.filter(({ event }) => event === 'request');
    expect(logged).toContainEqual(expect.objectContaining({ method: 'POST', status: 200, rows: 10 }));
    expect(JSON.stringify(server.lines)).not.toContain(String(secret));
  });
});

it('lets open requests end on SIGTERM, and exits with 0', async () => {
  const server = await ServerProcess.start(bundle, { MODEL_FOLDER: shipped('ddos') });
  const open = await server.open('/invocations', JSON.stringify(GOLDEN_ROWS));
  const stopped = server.stop();
  await server.logged('stopping');
  expect(await open.finish()).toBe(200);
  expect(await stopped).toBe(0);
  expect(server.lines.map(({ event }) => event).slice(-3)).toEqual(['stopping', 'request', 'stopped']);
});

it('does not open its port for a model that fails the self-test', async () => {
  const folder = copyOf('ddos');
  editGraph(folder, (graph) => constantOf(graph, 'scaler.mean').fill(0));
  const server = await ServerProcess.start(bundle, { MODEL_FOLDER: folder });
  expect(await server.exitCode()).toBe(1);
  expect(server.lines.map(({ event }) => event)).toEqual(['cannot serve']);
  expect(server.lines[0]?.['cause']).toContain('fails its self-test');
});

describe('a server of several models', () => {
  const root = newFolder();
  let server: ServerProcess;
  beforeAll(async () => {
    server = await ServerProcess.start(bundle, {
      SAGEMAKER_MULTI_MODEL: 'true',
      MODEL_FOLDER: dirname(shipped('ddos')),
    });
  });
  afterAll(() => server.stop());

  const load = (name: string, url: string) => server.send('POST', '/models', { model_name: name, url });

  it('is healthy without any model', async () => {
    expect((await server.send('GET', '/ping')).status).toBe(200);
    expect((await server.send('GET', '/models')).json).toEqual({ models: [] });
  });

  it('loads, lists, invokes and unloads models by name', async () => {
    const url = shipped('ddos');
    expect((await load('abc', url)).status).toBe(200);
    expect((await load('abc', url)).status).toBe(409);
    expect((await load('web', shipped('webattacks'))).status).toBe(200);
    expect((await server.send('GET', '/models')).json).toEqual({
      models: [
        { modelName: 'abc', modelUrl: url },
        { modelName: 'web', modelUrl: shipped('webattacks') },
      ],
    });
    expect((await server.send('GET', '/models/abc')).json).toEqual({ modelName: 'abc', modelUrl: url });
    const answer = await server.send('POST', '/models/abc/invoke', GOLDEN_ROWS);
    expect(labels(answer.json)).toEqual(GOLDEN_LABELS);
    expect((await server.send('DELETE', '/models/abc')).status).toBe(200);
    expect((await server.send('POST', '/models/abc/invoke', GOLDEN_ROWS)).status).toBe(404);
    expect((await server.send('GET', '/models/abc')).status).toBe(404);
    expect((await server.send('DELETE', '/models/abc')).status).toBe(404);
  });

  it('refuses a model outside its folder, one that is not there, and an incomplete request', async () => {
    expect((await load('x', root)).json).toMatchObject({ error: { status: 400 } });
    expect((await load('x', `${shipped('ddos')}/../../..`)).json).toMatchObject({ error: { status: 400 } });
    expect((await load('x', shipped('ddos') + 'x')).json).toMatchObject({ error: { code: 'model_refused' } });
    expect((await server.send('POST', '/models', { url: root })).status).toBe(400);
  });
});

it('does not load a model that fails the self-test onto a server of several', async () => {
  const folder = copyOf('ddos');
  editGraph(folder, (graph) => constantOf(graph, 'linear.bias').swap(0, 1));
  const server = await ServerProcess.start(bundle, {
    SAGEMAKER_MULTI_MODEL: 'true',
    MODEL_FOLDER: dirname(folder),
  });
  const { status, json } = await server.send('POST', '/models', { model_name: 'abc', url: folder });
  expect(status).toBe(500);
  expect(json).toMatchObject({ error: { code: 'model_refused' } });
  expect((await server.send('GET', '/models')).json).toEqual({ models: [] });
  await server.stop();
});
