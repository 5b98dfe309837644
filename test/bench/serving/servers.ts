import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SPECIALISTS } from '../../../models/catalogue';
import { parseGolden } from '../../../models/contract/model-contract';
import { bundleServer } from '../../../models/server/bundle-server';
import { projectPath } from '../../../lib/util/project-path';
import { type Subject, startSubject } from './subject';

/** Rows of a batch. */
export const BATCH_ROWS = 64;

/** A model's folder. */
export const folderOf = (specialist: string) => projectPath(`models/${specialist}`);

/** A request of so many golden rows of a specialist, over and over. */
export function bodyOf(specialist: string, rows: number): string {
  const file = `${specialist}/golden.json`;
  const { vectors } = parseGolden(file, JSON.parse(readFileSync(projectPath(`models/${file}`), 'utf8')));
  return JSON.stringify({
    instances: Array.from({ length: rows }, (_, at) => vectors[at % vectors.length]?.row),
  });
}

let bundle: string | undefined;

/** The model server as its image holds it, built once. */
function builtServer(): string {
  if (bundle === undefined) {
    bundle = mkdtempSync(join(tmpdir(), 'mini-xdr-bench-'));
    bundleServer(bundle, projectPath());
  }
  return join(bundle, 'server.mjs');
}

/** The project's server with one model. */
export function startOwn(specialist: string): Promise<Subject> {
  return startSubject({
    program: process.execPath,
    args: () => [builtServer(), 'serve'],
    variables: (port) => ({ SAGEMAKER_BIND_TO_PORT: String(port), MODEL_FOLDER: folderOf(specialist) }),
  });
}

/** The project's server as a multi-model container, with nothing loaded yet. */
export function startShared(): Promise<Subject> {
  return startSubject({
    program: process.execPath,
    args: () => [builtServer(), 'serve'],
    variables: (port) => ({
      SAGEMAKER_BIND_TO_PORT: String(port),
      SAGEMAKER_MULTI_MODEL: 'true',
      MODEL_FOLDER: projectPath('models'),
    }),
  });
}

const LARGEST_BODY = 6 * 1024 * 1024;

/** The largest body that a server takes, of the shortest rows: no other holds as many values. */
function largestBody(specialist: string): string {
  const { instances } = JSON.parse(bodyOf(specialist, 1)) as { instances: [number[]] };
  const row = `[${instances[0].map(() => 0).join(',')}]`;
  const rows = Math.floor((LARGEST_BODY - '{"instances":[]}'.length) / (row.length + 1));
  return `{"instances":[${Array.from({ length: rows }, () => row).join(',')}]}`;
}

/** The most memory in MB that a server with one model takes while four of the largest bodies are there at once. */
export async function peakMemory(specialist: string): Promise<number> {
  const body = largestBody(specialist);
  const subject = await startOwn(specialist);
  try {
    const ask = async () => {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(`${subject.url}/invocations`, { method: 'POST', headers, body });
      if (!response.ok) throw new Error(`a large body was answered with ${response.status}`);
      await response.arrayBuffer();
    };
    await Promise.all(Array.from({ length: 4 }, ask));
    return subject.peakMb();
  } finally {
    await subject.stop();
  }
}

/** Has the multi-model container load a specialist. */
export async function loadModel({ url }: Subject, specialist: string): Promise<void> {
  const response = await fetch(`${url}/models`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model_name: specialist, url: folderOf(specialist) }),
  });
  if (!response.ok) throw new Error(`${specialist} was not loaded: ${await response.text()}`);
}

/** Python with FastAPI and onnxruntime: PYTHON, else python3; undefined where there is none. */
export function findPython(): string | undefined {
  const program = process.env['PYTHON'] ?? 'python3';
  const modules = 'import fastapi, uvicorn, onnxruntime, numpy';
  return spawnSync(program, ['-c', modules], { stdio: 'ignore' }).status === 0 ? program : undefined;
}

/** The plain Python server with one model. */
export function startPlain(python: string, specialist: string): Promise<Subject> {
  return startSubject({
    program: python,
    args: (port) => [projectPath('test/bench/serving/plain_server.py'), folderOf(specialist), String(port)],
    variables: () => ({ OMP_NUM_THREADS: '1' }),
  });
}

/** Memory in MB of a multi-model container: empty, and after each specialist that it loads. */
export async function sharedMemory(): Promise<{
  readonly empty: number;
  readonly after: ReadonlyMap<string, number>;
}> {
  const subject = await startShared();
  try {
    const empty = subject.residentMb();
    const after = new Map<string, number>();
    for (const name of SPECIALISTS) {
      await loadModel(subject, name);
      after.set(name, subject.residentMb());
    }
    return { empty, after };
  } finally {
    await subject.stop();
  }
}
