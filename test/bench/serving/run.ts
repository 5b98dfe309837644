import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import Table from 'cli-table3';
import { projectPath } from '../../../lib/util/project-path';
import { load } from './load';
import { type Latency, pacedLatency } from './paced';
import {
  BATCH_ROWS,
  bodyOf,
  findPython,
  folderOf,
  peakMemory,
  sharedMemory,
  startOwn,
  startPlain,
} from './servers';
import type { Subject } from './subject';

const SPECIALIST = 'general';
const SECONDS = 5;
/** Enough to keep one processor busy, few enough that waiting in line does not count as latency. */
const CONNECTIONS = 8;

/** Requests a second. */
const SAME_RATE = 2000;

interface Row {
  readonly label: string;
  readonly readyMs: number;
  readonly single: number;
  readonly batch: number;
  readonly residentMb: number;
  /** At half of what it does at most. */
  readonly half?: Latency;
  /** At a load that every server carries. */
  readonly same?: Latency;
}

/** A runtime without HTTP, which no server can be faster than; undefined where the package is not installed. */
function raw(label: string, name: string): Row | undefined {
  try {
    createRequire(projectPath('package.json')).resolve(name);
  } catch {
    return undefined;
  }
  const script = projectPath('test/bench/serving/raw-runtime.mjs');
  const text = execFileSync(process.execPath, [script, name, folderOf(SPECIALIST)], {
    cwd: projectPath(),
    encoding: 'utf8',
  });
  return { label, ...(JSON.parse(text) as Omit<Row, 'label'>) };
}

async function served(label: string, start: () => Promise<Subject>): Promise<Row> {
  const subject = await start();
  try {
    const to = { url: `${subject.url}/invocations`, seconds: SECONDS, connections: CONNECTIONS };
    const single = bodyOf(SPECIALIST, 1);
    await load({ ...to, body: single, seconds: 2 });
    const { requestsPerSecond } = await load({ ...to, body: single });
    const same = await pacedLatency(to.url, single, SAME_RATE, SECONDS);
    const half = await pacedLatency(to.url, single, requestsPerSecond / 2, SECONDS);
    const batch = await load({ ...to, body: bodyOf(SPECIALIST, BATCH_ROWS) });
    return {
      label,
      readyMs: subject.readyMs,
      single: requestsPerSecond,
      batch: batch.requestsPerSecond * BATCH_ROWS,
      residentMb: subject.residentMb(),
      half,
      same,
    };
  } finally {
    await subject.stop();
  }
}

const whole = (value: number) => Math.round(value).toLocaleString('en-US');

const spelt = (latency: Latency | undefined) =>
  latency === undefined ? '' : `${latency.p50Ms.toFixed(1)}, ${latency.p99Ms.toFixed(1)}`;

function tableOf(rows: readonly Row[], yardstick: Row | undefined): string {
  const table = new Table({
    head: [
      '',
      'single rows/s',
      '× Python',
      `rows/s in batches of ${BATCH_ROWS}`,
      '× Python',
      'p50, p99 in ms at half load',
      `at ${SAME_RATE}/s`,
      'ready',
      'memory',
    ],
    style: { head: [], border: [] },
  });
  const times = (value: number, of: number | undefined) => (of === undefined ? '' : (value / of).toFixed(1));
  for (const { label, single, batch, half, same, readyMs, residentMb } of rows) {
    table.push([
      label,
      whole(single),
      times(single, yardstick?.single),
      whole(batch),
      times(batch, yardstick?.batch),
      spelt(half),
      spelt(same),
      `${whole(readyMs)} ms`,
      `${whole(residentMb)} MB`,
    ]);
  }
  return table.toString();
}

/** Serving of one specialist on one processor: runtimes, the project's server, and a plain Python server beside it. */
export async function servingReport(): Promise<string> {
  const python = findPython();
  const runtimes = [
    raw('runtime alone, WebAssembly (onnxruntime-web)', 'onnxruntime-web'),
    raw('runtime alone, native (onnxruntime-node)', 'onnxruntime-node'),
  ].filter((row) => row !== undefined);
  const own = await served('model server', () => startOwn(SPECIALIST));
  const plain =
    python === undefined
      ? undefined
      : await served('FastAPI + onnxruntime', () => startPlain(python, SPECIALIST));
  const { empty, after } = await sharedMemory();
  const peak = await peakMemory(SPECIALIST);
  const steps = [...after].map(([name, mb]) => `${name} ${whole(mb)}`).join(', ');
  return [
    `Serving ${SPECIALIST} on one processor, ${CONNECTIONS} connections, ${SECONDS} s each`,
    tableOf([...runtimes, own, ...(plain === undefined ? [] : [plain])], plain),
    ...(runtimes.length < 2
      ? ['native runtime left out: npm i --no-save --ignore-scripts onnxruntime-node installs it']
      : []),
    ...(plain === undefined
      ? [
          'Python server left out: pip install fastapi uvicorn onnxruntime, and name the interpreter in PYTHON',
        ]
      : []),
    `Memory of one multi-model container in MB: empty ${whole(empty)}; after ${steps}`,
    `Most memory of one model in MB, four bodies of 6 MiB at once: ${whole(peak)}`,
    '',
  ].join('\n');
}
