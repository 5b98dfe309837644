import { dirname, join } from 'node:path';
import type { PredictionResponse } from '../../../models/runtime/prediction-response';
import { SPECIALISTS } from '../../../models/catalogue';
import { constantOf } from '../../support/models/onnx';
import { ServerProcess, bundledServer, endServers } from '../../support/models/server';
import {
  copyOf,
  editGraph,
  goldenOf,
  newFolder,
  removeFolders,
  shipped,
} from '../../support/models/specialist';

const MIB = 1024 * 1024;
const { vectors } = goldenOf('ddos');
const GOLDEN_ROWS = { instances: vectors.map(({ row }) => row) };
const GOLDEN_LABELS = vectors.map(({ expected }) => expected.class);
const MODELS = dirname(shipped('ddos'));

let bundle: string;
beforeAll(() => {
  bundle = bundledServer();
});
afterAll(() => {
  endServers();
  removeFolders();
});

function start(environment: Record<string, string> = {}): Promise<ServerProcess> {
  return ServerProcess.start(bundle, {
    SAGEMAKER_MULTI_MODEL: 'true',
    MODEL_FOLDER: MODELS,
    ...environment,
  });
}

const load = (server: ServerProcess, name: string, url: string) =>
  server.send('POST', '/models', { model_name: name, url });
const invoke = (server: ServerProcess, name: string) =>
  server.send('POST', `/models/${name}/invoke`, GOLDEN_ROWS);
const unload = (server: ServerProcess, name: string) => server.send('DELETE', `/models/${name}`);

/** Bytes that a reader of protobuf skips: a field (number 1000) that no ONNX message has. */
function unknownField(length: number): Buffer {
  const field = [0xc2, 0x3e];
  let rest = length;
  for (; rest >= 0x80; rest >>= 7) field.push((rest & 0x7f) | 0x80);
  return Buffer.concat([Buffer.from([...field, rest]), Buffer.alloc(length)]);
}

function labels(json: unknown): string[] {
  return (json as PredictionResponse).predictions.map(({ label }) => label);
}

describe('a server of several models', () => {
  let server: ServerProcess;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server.stop());

  it('is healthy without any model', async () => {
    expect((await server.send('GET', '/ping')).status).toBe(200);
    expect((await server.send('GET', '/models')).json).toEqual({ models: [] });
  });

  it('loads, lists, invokes and unloads models by name', async () => {
    const url = shipped('ddos');
    expect((await load(server, 'abc', url)).status).toBe(200);
    expect((await load(server, 'abc', url)).status).toBe(409);
    expect((await load(server, 'web', shipped('webattacks'))).status).toBe(200);
    expect((await server.send('GET', '/models')).json).toEqual({
      models: [
        { modelName: 'abc', modelUrl: url },
        { modelName: 'web', modelUrl: shipped('webattacks') },
      ],
    });
    expect((await server.send('GET', '/models/abc')).json).toEqual({ modelName: 'abc', modelUrl: url });
    expect(labels((await invoke(server, 'abc')).json)).toEqual(GOLDEN_LABELS);
    expect((await unload(server, 'abc')).status).toBe(200);
    expect((await invoke(server, 'abc')).status).toBe(404);
    expect((await server.send('GET', '/models/abc')).status).toBe(404);
    expect((await unload(server, 'abc')).status).toBe(404);
  });

  it('logs the name of the model, and the target that the caller of the endpoint named', async () => {
    const headers = {
      'content-type': 'application/json',
      'x-amzn-sagemaker-target-model': 'ddos/0123.tar.gz',
    };
    const { status } = await server.send('POST', '/models/nobody/invoke', GOLDEN_ROWS, headers);
    expect(status).toBe(404);
    await server.logged('request', { status: 404, model: 'nobody', target: 'ddos/0123.tar.gz' });
  });

  it('refuses a model outside its folder, one that is not there, and an incomplete request', async () => {
    expect((await load(server, 'x', newFolder())).json).toMatchObject({ error: { status: 400 } });
    const above = `${shipped('ddos')}/../../..`;
    expect((await load(server, 'x', above)).json).toMatchObject({ error: { status: 400 } });
    const missing = `${shipped('ddos')}x`;
    expect((await load(server, 'x', missing)).json).toMatchObject({ error: { code: 'model_refused' } });
    expect((await server.send('POST', '/models', { url: MODELS })).status).toBe(400);
  });

  it('loads a name once when it is asked twice at the same time', async () => {
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => load(server, 'twice', shipped('general'))),
    );
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 409, 409, 409, 409]);
    expect((await unload(server, 'twice')).status).toBe(200);
  });

  it('answers whoever got the model, and nobody later, while it is unloaded and loaded over and over', async () => {
    const url = shipped('ddos');
    const over = new AbortController();
    const churn = async () => {
      for (let cycle = 0; cycle < 15; cycle++) {
        expect((await load(server, 'churn', url)).status).toBe(200);
        expect((await unload(server, 'churn')).status).toBe(200);
      }
      over.abort();
    };
    const seen = new Set<number>();
    const ask = async () => {
      while (!over.signal.aborted) {
        const { status, json } = await invoke(server, 'churn');
        seen.add(status);
        if (status === 200) expect(labels(json)).toEqual(GOLDEN_LABELS);
      }
    };
    await Promise.all([churn(), ask(), ask(), ask(), ask()]);
    expect(seen).toEqual(new Set([200, 404]));
    expect((await server.send('GET', '/ping')).status).toBe(200);
  });
});

it('does not load a model that fails the self-test onto a server of several', async () => {
  const folder = copyOf('ddos');
  editGraph(folder, (graph) => constantOf(graph, 'scaler.mean').fill(0));
  const server = await start({ MODEL_FOLDER: dirname(folder) });
  const { status, json } = await load(server, 'abc', folder);
  expect(status).toBe(500);
  expect(json).toMatchObject({ error: { code: 'model_refused' } });
  expect((await server.send('GET', '/models')).json).toEqual({ models: [] });
  await server.stop();
});

describe('memory', () => {
  it('is full with 507, loads nothing then, and has room again after an unload', async () => {
    const folder = copyOf('ddos');
    // Counted with 1 MB and twice its 1.5 MB: two such models fit, and never a third.
    editGraph(folder, (graph) => Buffer.concat([graph, unknownField(MIB / 2)]));
    const server = await start({ MODEL_FOLDER: dirname(folder), MODEL_MEMORY_MB: '9' });
    expect((await load(server, 'a', folder)).status).toBe(200);
    expect((await load(server, 'b', folder)).status).toBe(200);

    const refused = await load(server, 'c', folder);
    expect(refused).toMatchObject({ status: 507, json: { error: { code: 'insufficient_memory' } } });
    expect(refused.text).toMatch(/of 9\.0 MB are taken; unload a model and try again/);
    expect((await invoke(server, 'a')).status).toBe(200);

    // One that is refused for another reason gives back what was reserved for it.
    await unload(server, 'a');
    expect((await load(server, 'bad', join(folder, 'none'))).status).toBe(500);
    expect((await load(server, 'c', folder)).status).toBe(200);
    await server.stop();
  });

  it('levels off while models come and go', async () => {
    const server = await start();
    const cycle = async () => {
      for (const name of SPECIALISTS) {
        expect((await load(server, name, shipped(name))).status).toBe(200);
      }
      await invoke(server, 'ddos');
      for (const name of SPECIALISTS) expect((await unload(server, name)).status).toBe(200);
    };
    for (let i = 0; i < 6; i++) await cycle();
    const settled = server.residentMb();
    for (let i = 0; i < 12; i++) await cycle();
    // What is lost for each of these 48 loads would add up: a megabyte each would be 48.
    expect(server.residentMb() - settled).toBeLessThan(40);
    await server.stop();
  });
});
