import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { bundleInference } from '../../../lambda/inference/bundle-inference';
import { SPECIALISTS, type Specialist } from '../../../models/catalogue';
import { ROOT, goldenOf, newFolder, removeFolders } from '../../support/models/specialist';
import { rowOf } from '../../support/aws/sagemaker-model';
import { SageMakerStandIn } from '../../support/aws/sagemaker-runtime';
import { httpEvent, read } from '../../support/inference/call-inference';
import { QUICK_WASM } from '../../support/models/quick-wasm';

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

function bundle(embedded: Specialist[], challengers: Partial<Record<Specialist, string>> = {}): string {
  const folder = newFolder();
  bundleInference(folder, { specialists: SPECIALISTS, embedded, challengers, root: ROOT });
  return folder;
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort();
}

const endpoint = (name: Specialist) => ({
  endpointName: `dev-${name}`,
  maxPayloadBytes: 4 * 1024 * 1024,
  patienceMs: 5000,
});

/** Configuration of a function of which some specialists are embedded, the others at endpoints. */
const configuration = (embedded: readonly Specialist[], fallback: boolean, challengers = {}) => ({
  environment: 'test',
  routes: Object.fromEntries(
    SPECIALISTS.map((name) => [name, embedded.includes(name) ? { embedded: true } : endpoint(name)]),
  ),
  fallback,
  challengers,
});

const environmentOf = (inference: unknown) => ({
  INFERENCE: JSON.stringify(inference),
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: sagemaker.url,
});

/** Starts a bundle and calls it once an event. */
function start(folder: string, inference: unknown): (event: unknown) => Promise<unknown> {
  const child = fork(join(__dirname, 'bundled-child.mjs'), [join(folder, 'index.mjs')], {
    execArgv: [...QUICK_WASM],
    env: environmentOf(inference),
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

/** Names of the code's own chunks carry a hash. */
const isCode = (name: string) => name.endsWith('.mjs');

describe('a bundle without models', () => {
  it('has no ONNX Runtime in it, nothing of this machine, and is the same each time', () => {
    const [one, two] = [bundle([]), bundle([])];
    const files = filesOf(one);
    expect(files.filter((name) => !isCode(name))).toEqual(['contracts.json']);
    for (const name of files) {
      const content = readFileSync(join(one, name), 'utf8');
      expect(content).not.toMatch(/onnx|ort-wasm/i);
      expect(content).not.toContain(ROOT);
      expect(content).toBe(readFileSync(join(two, name), 'utf8'));
    }
  });

  it('answers through endpoints', async () => {
    sagemaker.reply();
    const ask = start(bundle([]), configuration([], false));
    const { status, json } = read(await ask(httpEvent({ instances: [rowOf(1)], specialist: 'ddos' })));
    expect([status, json['servedBy']]).toEqual([200, 'endpoint']);
    expect(sagemaker.seen[0]?.path).toBe('/endpoints/dev-ddos/invocations');
  });

  it('is told by its status when the endpoint fails', async () => {
    sagemaker.reply('cut');
    const ask = start(bundle([]), configuration([], false));
    const { status } = read(await ask(httpEvent({ instances: [rowOf(1)], specialist: 'ddos' })));
    expect(status).toBe(503);
  });
});

describe('a bundle with models', () => {
  const { vectors } = goldenOf('webattacks');
  const trial = { bruteforce: { share: 1, shadow: false } };
  let folder: string;
  let ask: (event: unknown) => Promise<unknown>;
  beforeAll(() => {
    folder = bundle(['webattacks', 'general'], { bruteforce: join(ROOT, 'models/bruteforce') });
    ask = start(folder, configuration(['webattacks', 'general'], true, trial));
  });

  it('holds those models, the version on trial, contracts and the runtime, and nothing else', () => {
    const model = (path: string) =>
      ['golden.json', 'model.json', 'model.onnx'].map((file) => `${path}/${file}`);
    expect(filesOf(folder).filter((name) => !isCode(name))).toEqual([
      ...model('challengers/bruteforce'),
      'contracts.json',
      ...model('models/general'),
      ...model('models/webattacks'),
      'ort-wasm-simd-threaded.wasm',
    ]);
    // What the entry loads at the cold start must not draw the runtime in, nor the client of S3.
    expect(readFileSync(join(folder, 'index.mjs'), 'utf8')).not.toMatch(/ort-wasm|PutObjectCommand/);
  });

  it('answers itself, and through the endpoint where the route says so', async () => {
    const instances = vectors.map(({ row }) => row);
    const answer = read(await ask(httpEvent({ instances, threatType: 'xss' })));
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({
      model: { name: 'webattacks' },
      servedBy: 'embedded',
      degraded: false,
    });
    expect((answer.json['predictions'] as { label: string }[]).map(({ label }) => label)).toEqual(
      vectors.map(({ expected }) => expected.class),
    );
    sagemaker.reply();
    const other = read(await ask(httpEvent({ instances: [rowOf(1)], specialist: 'ddos' })));
    expect(other.json['servedBy']).toBe('endpoint');
  });

  it('answers with the version on trial', async () => {
    const { json } = read(await ask(httpEvent({ instances: [rowOf(1)], specialist: 'bruteforce' })));
    expect(json).toMatchObject({ variant: 'challenger', servedBy: 'embedded', degraded: false });
  });

  it('says so honestly when an endpoint fails whose model it does not hold', async () => {
    sagemaker.reply('cut');
    const { status, json } = read(await ask(httpEvent({ instances: [rowOf(1)], specialist: 'ddos' })));
    expect([status, (json['error'] as { code: string }).code]).toEqual([503, 'unavailable']);
  });

  it('names the row that does not fit the model', async () => {
    const { status, json } = read(await ask(httpEvent({ instances: [[1, 2]] })));
    expect(status).toBe(400);
    expect(json['error']).toMatchObject({ details: [{ row: 0, message: 'must have 78 values, but has 2' }] });
  });
});

it('ends at the cold start with a clear error when INFERENCE is wrong', async () => {
  const child = fork(join(__dirname, 'bundled-child.mjs'), [join(bundle([]), 'index.mjs')], {
    env: environmentOf(configuration(['general'], false)),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const code = await new Promise((done) => {
    child.once('close', done);
  });
  expect(code).toBe(1);
  expect(errors).toContain('INFERENCE has the function answer for general, but it holds no model');
});
