import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

/** A server under measurement, as a process of its own. */
export interface Subject {
  readonly url: string;
  /** From its start to the first 200 of `GET /ping`, in ms. */
  readonly readyMs: number;
  /** Memory that it has in use now, in MB. */
  residentMb(): number;
  /** The most that it had in use at any time, in MB. */
  peakMb(): number;
  /** CPU time that it has used so far, in ms. */
  cpuMs(): number;
  stop(): Promise<void>;
}

/** How a server is started. */
export interface Launch {
  readonly program: string;
  readonly args: (port: number) => readonly string[];
  readonly variables?: (port: number) => Readonly<Record<string, string>>;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done) => {
    probe.listen(0, done);
  });
  const { port } = probe.address() as AddressInfo;
  await new Promise((done) => {
    probe.close(done);
  });
  return port;
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/ping`)).ok;
  } catch {
    return false;
  }
}

const POLL_MS = 2;
const PATIENCE_MS = 30_000;

async function ready(child: ChildProcess, url: string): Promise<void> {
  const until = performance.now() + PATIENCE_MS;
  while (!(await answers(url))) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
    if (performance.now() > until) throw new Error(`the server did not answer within ${PATIENCE_MS} ms`);
    await new Promise((done) => {
      setTimeout(done, POLL_MS);
    });
  }
}

const canPin = spawnSync('taskset', ['-c', '0', 'true']).status === 0;

/** Clock ticks a second of /proc: 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

function cpuMsOf(pid: number): number {
  // The name of the program, in brackets, may hold blanks: fields are counted after it.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return ((Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND) * 1000;
}

function memoryMbOf(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  const line = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line?.[1]) / 1024;
}

/** Starts a server on the first processor, so that what loads it has the others, and waits until it is ready. */
export async function startSubject({ program, args, variables }: Launch): Promise<Subject> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const command = [program, ...args(port)];
  const [first = program, ...rest] = canPin ? ['taskset', '-c', '0', ...command] : command;
  const started = performance.now();
  const child = spawn(first, rest, {
    env: { ...process.env, ...variables?.(port) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await ready(child, url);
  const readyMs = performance.now() - started;
  const { pid = 0 } = child;
  return {
    url,
    readyMs,
    residentMb: () => memoryMbOf(pid, 'VmRSS'),
    peakMb: () => memoryMbOf(pid, 'VmHWM'),
    cpuMs: () => cpuMsOf(pid),
    stop: () =>
      new Promise((done) => {
        child.once('exit', () => done());
        child.kill('SIGTERM');
      }),
  };
}
