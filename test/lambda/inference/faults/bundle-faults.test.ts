import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { answerSchema } from '../../../../lambda/inference/api/api-schema';
import { bundleInference } from '../../../../lambda/inference/bundle-inference';
import { ROOT, goldenOf, newFolder, removeFolders } from '../../../support/models/specialist';
import { type Behaviour, FAULTS } from '../../../support/aws/sagemaker-faults';
import { SageMakerStandIn } from '../../../support/aws/sagemaker-runtime';
import { QUICK_WASM } from '../../../support/models/quick-wasm';

const { vectors, classes, tolerance } = goldenOf('ddos');

let sagemaker: SageMakerStandIn;
let child: ChildProcess;
beforeAll(async () => {
  sagemaker = await SageMakerStandIn.start();
  const folder = newFolder();
  bundleInference(folder, { specialists: ['ddos'], embedded: ['ddos'], root: ROOT });
  const configuration = {
    environment: 'test',
    routes: { ddos: { endpointName: 'test-ddos', maxPayloadBytes: 4 * 1024 * 1024, patienceMs: 5000 } },
    fallback: true,
    challengers: {},
  };
  child = fork(join(__dirname, '../bundled-child.mjs'), [join(folder, 'index.mjs')], {
    execArgv: [...QUICK_WASM],
    env: {
      INFERENCE: JSON.stringify(configuration),
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'not-a-secret',
      AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: sagemaker.url,
    },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  await new Promise((done) => {
    child.once('message', done);
  });
});
afterAll(() => {
  child.kill();
  sagemaker.stop();
  removeFolders();
});

/** Asks the function about the golden rows of ddos. */
async function ask() {
  const event = { instances: vectors.map(({ row }) => row), specialist: 'ddos' };
  const answer = await new Promise<{ readonly answer: unknown }>((done) => {
    child.once('message', done);
    child.send({ id: 1, event });
  });
  return answerSchema.parse(answer.answer);
}

describe('the function as it is deployed, in front of an endpoint that', () => {
  const faults: readonly (readonly [string, Behaviour])[] = [
    ['answers garbage', FAULTS.garbage],
    ['throttles', FAULTS.throttled],
    ['is forbidden', FAULTS.forbidden],
  ];

  it.each(faults)('%s gives the very answers that its model must give, marked degraded', async (_, fault) => {
    sagemaker.reply(fault);
    const { servedBy, degraded, predictions } = await ask();
    expect([servedBy, degraded, sagemaker.seen.length > 0]).toEqual(['embedded', true, true]);
    predictions.forEach(({ label, probabilities }, at) => {
      const expected = vectors[at]?.expected;
      expect(label).toBe(expected?.class);
      classes.forEach((name, index) => {
        const off = Math.abs((probabilities[name] ?? Number.NaN) - (expected?.probabilities[index] ?? 0));
        expect(off).toBeLessThanOrEqual(tolerance);
      });
    });
  });

  it('is well again is asked again', async () => {
    sagemaker.reply();
    const { servedBy, degraded } = await ask();
    expect([servedBy, degraded]).toEqual(['endpoint', false]);
  });
});
