import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { SPECIALISTS, type Specialist } from '../../../models/catalogue';
import { MODEL_PROFILES, type ModelProfile } from '../../../lib/plan/hosting/model-profile';
import { projectPath } from '../../../lib/util/project-path';
import { load } from './load';
import { bodyOf, loadModel, startOwn, startShared } from './servers';

/** Requests a second: few enough that each is scored alone, as a request that comes alone is. */
const RATE = 200;
const SECONDS = 10;
const FILE = projectPath('models/profiles.json');

const up = (value: number, digits: number) => Math.ceil(value * 10 ** digits) / 10 ** digits;

/** CPU time of one request of one row, in ms, in the server's process: HTTP, JSON and the graph. */
async function serviceMs(specialist: Specialist): Promise<number> {
  const subject = await startOwn(specialist);
  try {
    const to = { url: `${subject.url}/invocations`, body: bodyOf(specialist, 1), connections: 2, rate: RATE };
    await load({ ...to, seconds: 3 });
    const before = subject.cpuMs();
    const { requestsPerSecond } = await load({ ...to, seconds: SECONDS });
    return (subject.cpuMs() - before) / (requestsPerSecond * SECONDS);
  } finally {
    await subject.stop();
  }
}

/**
 * Highest memory of a multi-model container, in MB: with one model under load, and what each further one adds. The
 * first model brings the runtime with it, so it is counted with the container.
 */
async function memory(): Promise<{ readonly container: number; readonly model: number }> {
  const subject = await startShared();
  try {
    const peaks: number[] = [];
    for (const name of SPECIALISTS) {
      await loadModel(subject, name);
      const url = `${subject.url}/models/${name}/invoke`;
      await load({ url, body: bodyOf(name, 1), connections: 8, seconds: 3 });
      peaks.push(subject.peakMb());
    }
    const [first = 0] = peaks;
    const graphMb = Math.max(
      ...SPECIALISTS.map((name) => statSync(projectPath(`models/${name}/model.onnx`)).size / 1024 ** 2),
    );
    // Never less than the graph itself: what the collector frees meanwhile would hide it.
    const model = Math.max(graphMb, ((peaks.at(-1) ?? first) - first) / (peaks.length - 1));
    return { container: first - model, model };
  } finally {
    await subject.stop();
  }
}

/**
 * Measures what a request to each specialist costs on this machine and writes models/profiles.json, from which plans
 * are made. What only AWS can tell, such as the wait for a cold start, stays as it is configured.
 */
export async function writeProfiles(): Promise<string> {
  const { container, model } = await memory();
  const specialists = {} as Record<Specialist, ModelProfile>;
  for (const name of SPECIALISTS) {
    specialists[name] = { serviceMs: up(await serviceMs(name), 2), memoryMb: up(model, 0) };
  }
  const measured = {
    ...MODEL_PROFILES,
    origin: 'measured',
    asOf: new Date().toISOString().slice(0, 10),
    machine: `one processor of ${cpus().length}, ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`,
    note: 'serviceMs and memory: npm run bench -- profiles. Overheads and cold starts of SageMaker and the vCPU share of a serverless GB are settings: AWS does not publish them.',
    container: { ...MODEL_PROFILES.container, baseMemoryMb: up(container, 0) },
    specialists,
  };
  writeFileSync(FILE, `${JSON.stringify(measured, null, 2)}\n`);
  return readFileSync(FILE, 'utf8');
}
