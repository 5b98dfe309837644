import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { bundleServer } from '../../../models/server/bundle-server';
import { QUICK_WASM } from './quick-wasm';
import { ROOT, newFolder } from './specialist';

/** One line that a server logged. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly event: string };

/** Bundles the model server as its image holds it; returns the folder. */
export function bundledServer(): string {
  const folder = newFolder();
  bundleServer(folder, ROOT);
  return folder;
}

const started: ChildProcess[] = [];

/** Ends whatever a failed test has left running. */
export function endServers(): void {
  for (const child of started.splice(0)) child.kill('SIGKILL');
}

/** A model server as a process of its own, on a free port. */
export class ServerProcess {
  readonly lines: LogLine[] = [];
  private readonly ended: Promise<number | null>;

  private constructor(private readonly child: ChildProcess) {
    this.ended = new Promise((done) => {
      child.once('exit', (code) => done(code));
    });
  }

  /** Starts `server.mjs` of the bundle as SageMaker does, and waits until it listens or has ended. */
  static async start(bundle: string, environment: Readonly<Record<string, string>>): Promise<ServerProcess> {
    const child = spawn(process.execPath, [...QUICK_WASM, join(bundle, 'server.mjs'), 'serve'], {
      env: { ...environment, SAGEMAKER_BIND_TO_PORT: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    started.push(child);
    const server = new ServerProcess(child);
    const listening = new Promise<void>((done) => {
      createInterface(child.stdout)
        .on('line', (line) => {
          server.lines.push(JSON.parse(line) as LogLine);
          if (server.lines.at(-1)?.event === 'listening') done();
        })
        .on('close', done);
    });
    await listening;
    return server;
  }

  /** Sends a request; a body that is neither text nor bytes goes as JSON. `json` is undefined for an answer in another form. */
  async send(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = { 'content-type': 'application/json' },
  ): Promise<{ status: number; json: unknown; text: string; headers: Headers }> {
    const content = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    const response = await fetch(`http://localhost:${this.port}${path}`, {
      method,
      ...(body === undefined ? {} : { body: content, headers }),
    });
    const text = await response.text();
    const isJson = text !== '' && response.headers.get('content-type') === 'application/json';
    const json = isJson ? (JSON.parse(text) as unknown) : undefined;
    return { status: response.status, json, text, headers: response.headers };
  }

  /**
   * Opens a request, waits until the server has taken it up, and sends the first half of its body; `finish` sends the
   * rest and gives the status.
   */
  async open(path: string, body: string): Promise<{ finish(): Promise<number | undefined> }> {
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      // The answer to it says that the server is at work on the request.
      expect: '100-continue',
    };
    const agent = new Agent({ keepAlive: true });
    const pending = request({ port: this.port, path, method: 'POST', headers, agent });
    const status = new Promise<number | undefined>((done, fail) => {
      pending.once('response', (response) => {
        response.resume().once('end', () => done(response.statusCode));
      });
      pending.once('error', fail);
    });
    const takenUp = new Promise((done) => {
      pending.once('continue', done);
    });
    pending.flushHeaders();
    await Promise.race([takenUp, status]);
    const half = Math.floor(body.length / 2);
    pending.write(body.slice(0, half));
    return {
      finish: () => {
        pending.end(body.slice(half));
        return status;
      },
    };
  }

  /** Waits until the server has logged an event with these fields; fails when it ends without it. */
  async logged(event: string, fields: Readonly<Record<string, unknown>> = {}): Promise<void> {
    const wanted = Object.entries({ ...fields, event });
    while (!this.lines.some((line) => wanted.every(([name, value]) => line[name] === value))) {
      if (this.child.exitCode !== null) throw new Error(`the server ended without ${event}`);
      await new Promise((done) => {
        setTimeout(done, 5);
      });
    }
  }

  get port(): number {
    return this.lines.find(({ event }) => event === 'listening')?.['port'] as number;
  }

  /** Memory of the process, in MB. */
  residentMb(): number {
    const kilobytes = execFileSync('ps', ['-o', 'rss=', '-p', String(this.child.pid)], { encoding: 'utf8' });
    return Number(kilobytes) / 1024;
  }

  /** Asks the server to stop, as SageMaker does, and gives its exit code. */
  async stop(): Promise<number | null> {
    this.child.kill('SIGTERM');
    return this.ended;
  }

  /** The exit code of a server that ends by itself. */
  async exitCode(): Promise<number | null> {
    return this.ended;
  }
}
