import { type Socket, createSocket } from 'node:dgram';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Table from 'cli-table3';
import type { InferenceConfiguration } from '../../../lambda/inference/inference-configuration';
import { SageMakerStandIn } from '../../support/aws/sagemaker-runtime';
import { BATCH_ROWS, bodyOf } from '../serving/servers';
import { type Built, build } from './build';
import { bundleSizes } from './bundle-size';
import { type EmbeddedTimes, type RoundTimes, embeddedTimes, roundTimes } from './call-times';
import { type ColdStarts, coldStarts } from './cold-start';
import { LambdaProcess, type Surroundings, lambdaVariables } from './lambda-process';

/** ModelResult by name, so that one request is one call of one model. */
const SPECIALIST = 'ddos';
const ENDPOINT = 'bench-ddos';
const STARTS = 10;
const EFFORTS = [
  { rows: 1, warmUp: 500, count: 2000 },
  { rows: BATCH_ROWS, warmUp: 200, count: 1000 },
] as const;

/** What this project aims at on a developer's machine, in ms: p50, or p50 and p99. */
const AIM = { overhead: [1, 5], embedded: [5], init: [120] } as const;

const quantile = (times: readonly number[], share: number) =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length * share)] ?? Number.NaN;

const minus = (times: readonly number[], others: readonly number[]) =>
  times.map((ms, at) => ms - (others[at] ?? Number.NaN));

const spelt = (ms: number) => `${ms.toFixed(2)} ms`;

const spelling = (rows: number) => `${rows} row${rows === 1 ? '' : 's'}`;

type Row = [label: string, p50: string, p99: string, aim: string];

function rowOf(label: string, times: readonly number[], aim: readonly number[] = []): Row {
  const figures = [quantile(times, 0.5), quantile(times, 0.99)] as const;
  const met = aim.every((limit, at) => (figures[at] ?? Number.NaN) <= limit);
  const judged = `≤ ${aim.map((limit) => `${limit} ms`).join(', ')}: ${met ? 'met' : 'MISSED'}`;
  return [label, spelt(figures[0]), spelt(figures[1]), aim.length === 0 ? '' : judged];
}

function roundRows(rows: number, { handler, direct, again }: RoundTimes): Row[] {
  const label = `endpoint, ${spelling(rows)}`;
  return [
    rowOf(`${label}: the SDK directly`, direct),
    rowOf(`${label}: the function`, handler),
    rowOf(`${label}: overhead, round by round`, minus(handler, direct), AIM.overhead),
    rowOf(`${label}: the SDK beside itself, which is noise`, minus(again, direct)),
  ];
}

function embeddedRows(rows: number, { first, later }: EmbeddedTimes): Row[] {
  const lazy: Row = ['embedded: the first answer, which loads the model', spelt(first), '', ''];
  return [
    ...(rows === 1 ? [lazy] : []),
    rowOf(`embedded, ${spelling(rows)}: later answers`, later, rows === 1 ? AIM.embedded : []),
  ];
}

function startRows({ bare, imported }: ColdStarts): Row[] {
  return [
    rowOf(`process start: Node alone, ${bare.length} starts`, bare),
    rowOf('process start: to the imported handler', imported),
    rowOf('init: the difference, no model loaded', minus(imported, bare), AIM.init),
  ];
}

function eventOf(body: string): unknown {
  const { instances } = JSON.parse(body) as { instances: unknown };
  return {
    version: '2.0',
    requestContext: { requestId: 'bench', http: { method: 'POST', path: '/' } },
    rawPath: '/',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ instances, specialist: SPECIALIST }),
    isBase64Encoded: false,
  };
}

function configurationOf(servedBy: 'endpoint' | 'embedded'): InferenceConfiguration {
  const route =
    servedBy === 'embedded'
      ? { embedded: true as const }
      : { endpointName: ENDPOINT, maxPayloadBytes: 4 * 1024 * 1024, patienceMs: 10_000 };
  return { environment: 'bench', routes: { [SPECIALIST]: route }, fallback: true, challengers: {} };
}

async function endpointTimings({ handler, direct }: Built, around: Surroundings): Promise<Row[]> {
  const variables = lambdaVariables(configurationOf('endpoint'), around);
  const [running, sdk] = await Promise.all([
    LambdaProcess.start(handler, variables),
    LambdaProcess.start(direct, variables),
  ]);
  try {
    const table: Row[] = [];
    for (const { rows, ...effort } of EFFORTS) {
      const body = bodyOf(SPECIALIST, rows);
      await running.prepare({ event: eventOf(body), servedBy: 'endpoint' });
      await sdk.prepare({ endpointName: ENDPOINT, body });
      table.push(...roundRows(rows, await roundTimes(running, sdk, effort)));
    }
    return table;
  } finally {
    running.stop();
    sdk.stop();
  }
}

async function embeddedTimings({ handler }: Built, around: Surroundings): Promise<Row[]> {
  const running = await LambdaProcess.start(handler, lambdaVariables(configurationOf('embedded'), around));
  try {
    const table: Row[] = [];
    for (const { rows, ...effort } of EFFORTS) {
      await running.prepare({ event: eventOf(bodyOf(SPECIALIST, rows)), servedBy: 'embedded' });
      table.push(...embeddedRows(rows, await embeddedTimes(running, effort)));
    }
    return table;
  } finally {
    running.stop();
  }
}

async function timings(built: Built, around: Surroundings): Promise<string> {
  const table = new Table({ head: ['', 'p50', 'p99', 'aim'], style: { head: [], border: [] } });
  table.push(...(await endpointTimings(built, around)), ...(await embeddedTimings(built, around)));
  const variables = lambdaVariables(configurationOf('endpoint'), around);
  table.push(...startRows(coldStarts(built.handler, variables, STARTS)));
  return table.toString();
}

const kilobytes = (bytes: number) => `${(bytes / 1024).toFixed(0)} KB`;

function sizeTable(folder: string): string {
  const sizes = bundleSizes(folder);
  const table = new Table({ head: ['bundle', 'size', 'gzip'], style: { head: [], border: [] } });
  for (const { name, bytes, gzipBytes } of sizes) table.push([name, kilobytes(bytes), kilobytes(gzipBytes)]);
  const total = (of: 'bytes' | 'gzipBytes') => kilobytes(sizes.reduce((sum, part) => sum + part[of], 0));
  table.push(['in all', total('bytes'), total('gzipBytes')]);
  return table.toString();
}

/** Takes what X-Ray's daemon would, and drops it. */
async function segmentSink(): Promise<Socket> {
  const socket = createSocket('udp4');
  await new Promise<void>((done) => {
    socket.bind(0, '127.0.0.1', done);
  });
  return socket;
}

/**
 * The inference function as it is deployed, in a process that plays Lambda: what it adds to a call of the SDK, how fast
 * it answers itself, how long it takes to start, and how large it is. A stand-in for SageMaker answers at once.
 */
export async function inferenceReport(): Promise<string> {
  const root = mkdtempSync(join(tmpdir(), 'mini-xdr-bench-'));
  const [runtime, sink] = await Promise.all([SageMakerStandIn.start(), segmentSink()]);
  try {
    const built = build(root);
    const around = { runtimeUrl: runtime.url, xrayAddress: `127.0.0.1:${sink.address().port}` };
    const times = await timings(built, around);
    return `Inference function, ${SPECIALIST}, every request traced\n${times}\n${sizeTable(built.folder)}\n`;
  } finally {
    runtime.stop();
    sink.close();
    rmSync(root, { recursive: true, force: true });
  }
}
