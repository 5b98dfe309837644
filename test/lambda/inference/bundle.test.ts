import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { bundleInference } from '../../../lambda/inference/bundle';
import type { Specialist } from '../../../models/catalogue';
import { ROOT, goldenOf, newFolder, removeFolders } from '../../models/support/specialist';
import { SageMakerStandIn } from './sagemaker';
import { httpEvent, modelAnswer, read } from './support';

let sagemaker: SageMakerStandIn;
const children: ChildProcess[] = [];
beforeAll(async () => {
  sagemaker = await SageMakerStandIn.start();
});
afterAll(() => {
  for (const child of children) child.kill();
  sagemaker.stop();
  removeFolders();
});

function bundle(embedded: Specialist[]): string {
  const folder = newFolder();
  bundleInference(folder, { embedded, root: ROOT });
  return folder;
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort();
}

/** Starts a bundle and calls it once an event. */
function start(folder: string, routes: unknown): (event: unknown) => Promise<unknown> {
  const child = fork(join(__dirname, 'child.mjs'), [join(folder, 'index.mjs')], {
    env: {
      ROUTES: JSON.stringify(routes),
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: sagemaker.url,
    },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  children.push(child);
  const ready = new Promise((done) => {
    child.once('message', done);
  });
  let calls = 0;
  return async (event) => {
    await ready;
    const id = ++calls;
    return new Promise((done, fail) => {
      child.on('message', (message: { id: number; answer: unknown }) => {
        if (message.id === id) done(message.answer);
      });
      child.once('exit', fail);
      child.send({ id, event });
    });
  };
}

describe('a bundle without embedded models', () => {
  it('is one file without ONNX Runtime, and the same each time', () => {
    const [one, two] = [bundle([]), bundle([])];
    expect(filesOf(one)).toEqual(['index.mjs']);
    const code = readFileSync(join(one, 'index.mjs'), 'utf8');
    expect(code).not.toMatch(/onnx|ort-wasm/i);
    expect(code).not.toContain(ROOT);
    expect(code).toBe(readFileSync(join(two, 'index.mjs'), 'utf8'));
    expect(code.length).toBeLessThan(600_000);
  });

  it('answers through the endpoint', async () => {
    sagemaker.reply({ status: 200, body: modelAnswer('ddos') });
    const ask = start(bundle([]), { ddos: { endpointName: 'dev-ddos' } });
    const { status, json } = read(await ask(httpEvent({ instances: [[1]], specialist: 'ddos' })));
    expect(status).toBe(200);
    expect(json).toEqual({ ...modelAnswer('ddos'), servedBy: 'endpoint' });
    expect(sagemaker.seen[0]?.path).toBe('/endpoints/dev-ddos/invocations');
  });
});

describe('a bundle with embedded models', () => {
  const { vectors } = goldenOf('webattacks');
  let folder: string;
  let ask: (event: unknown) => Promise<unknown>;
  beforeAll(() => {
    folder = bundle(['webattacks', 'general']);
    ask = start(folder, {
      general: { embedded: true },
      webattacks: { embedded: true },
      ddos: { endpointName: 'dev-ddos' },
    });
  });

  it('holds those models and the runtime, and nothing else', () => {
    expect(filesOf(folder).filter((name) => !name.endsWith('.mjs'))).toEqual([
      'models/general/golden.json',
      'models/general/model.json',
      'models/general/model.onnx',
      'models/webattacks/golden.json',
      'models/webattacks/model.json',
      'models/webattacks/model.onnx',
      'ort-wasm-simd-threaded.wasm',
    ]);
    // What the entry loads at the cold start must not draw the runtime in.
    expect(readFileSync(join(folder, 'index.mjs'), 'utf8')).not.toMatch(/ort-wasm/);
  });

  it('answers itself, and through the endpoint where the route says so', async () => {
    const instances = vectors.map(({ row }) => row);
    const answer = read(await ask(httpEvent({ instances, threatType: 'xss' })));
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({ model: { name: 'webattacks' }, servedBy: 'embedded' });
    expect((answer.json['predictions'] as { label: string }[]).map(({ label }) => label)).toEqual(
      vectors.map(({ expected }) => expected.class),
    );
    sagemaker.reply({ status: 200, body: modelAnswer('ddos') });
    const other = read(await ask(httpEvent({ instances: [[1]], specialist: 'ddos' })));
    expect(other.json['servedBy']).toBe('endpoint');
  });

  it('names the row that does not fit the model', async () => {
    const { status, json } = read(await ask(httpEvent({ instances: [[1, 2]] })));
    expect(status).toBe(400);
    expect(json['error']).toMatchObject({ details: [{ row: 0, message: 'must have 78 values, but has 2' }] });
  });
});

it('ends at the cold start with a clear error when ROUTES is wrong', async () => {
  const child = fork(join(__dirname, 'child.mjs'), [join(bundle([]), 'index.mjs')], {
    env: { ROUTES: '{"general":{"embedded":true}}', AWS_REGION: 'us-east-1' },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const code = await new Promise((done) => {
    child.once('close', done);
  });
  expect(code).toBe(1);
  expect(errors).toContain('ROUTES serves general embedded, but this bundle holds no model');
});
