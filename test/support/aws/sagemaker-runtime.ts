import { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Behaviour, Reply } from './sagemaker-faults';
import { answerFor, firstsOf, specialistAt } from './sagemaker-model';

/** A call that the stand-in saw. */
export interface SeenCall {
  /** When it came, on the clock of `performance.now()`, in ms. */
  readonly atMs: number;
  readonly endpoint: string;
  readonly targetModel: string | undefined;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The first feature of each row; none of a body that is no request to a model. */
  readonly rows: readonly number[];
}

/** What the stand-in does with its nth call of an endpoint, counted from 0. */
export type Script = (call: SeenCall, nth: number) => Behaviour;

const PATH = /^\/endpoints\/([^/]+)\/invocations$/;

function rowsOf(body: string): number[] {
  try {
    return firstsOf(body);
  } catch {
    return [];
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, { status, headers, body }: Reply): void {
  const content = typeof body === 'string' ? body : JSON.stringify(body);
  const all = { 'content-type': 'application/json', 'x-amzn-requestid': 'runtime-request', ...headers };
  response.writeHead(status, all).end(content);
}

function sendHalf(response: ServerResponse, content: string): void {
  response.writeHead(200, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(content),
  });
  response.write(content.slice(0, content.length / 2), () => response.destroy());
}

function rightAnswer({ endpoint, targetModel, rows }: SeenCall) {
  return answerFor(specialistAt(endpoint, targetModel), rows);
}

async function act(behaviour: Behaviour, call: SeenCall, response: ServerResponse): Promise<void> {
  if (behaviour === 'hang') return;
  if (behaviour === 'cut') response.destroy();
  else if (behaviour === 'half') sendHalf(response, JSON.stringify(rightAnswer(call)));
  else if (behaviour === 'answer') send(response, { status: 200, body: rightAnswer(call) });
  else if ('change' in behaviour) send(response, { status: 200, body: behaviour.change(rightAnswer(call)) });
  else if ('behaviour' in behaviour) {
    await ('until' in behaviour ? behaviour.until : delay(behaviour.afterMs, undefined, { ref: false }));
    if (!response.destroyed) await act(behaviour.behaviour, call, response);
  } else send(response, behaviour);
}

/**
 * Stands in for the SageMaker runtime on loopback. Every endpoint whose name ends with a specialist's answers rightly
 * until it is told otherwise; on others a target model must name the specialist.
 */
export class SageMakerStandIn {
  /** Calls since the last {@link reply}, in the order in which their bodies were there. */
  readonly seen: SeenCall[] = [];
  private everywhere: Script = () => 'answer';
  private readonly scripts = new Map<string, Script>();
  private readonly counts = new Map<string, { now: number; most: number; total: number }>();

  private constructor(private readonly server: ReturnType<typeof createServer>) {
    server.on('request', (request, response) => {
      this.respond(request, response).catch((error: unknown) => {
        response.destroy(error as Error);
      });
    });
  }

  static async start(): Promise<SageMakerStandIn> {
    const server = createServer();
    await new Promise<void>((done) => {
      server.listen(0, '127.0.0.1', done);
    });
    return new SageMakerStandIn(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /**
   * Forgets what was seen and what endpoints were told, and does these things at every endpoint from now on, one a
   * call; the last is repeated, so that a retry meets what the first try met. Without any, all answer rightly.
   */
  reply(...behaviours: readonly Behaviour[]): void {
    this.seen.length = 0;
    this.scripts.clear();
    this.counts.clear();
    this.everywhere = inTurn(behaviours);
  }

  /** As {@link reply}, for one endpoint, and without forgetting. */
  replyAt(endpoint: string, ...behaviours: readonly Behaviour[]): void {
    this.decideAt(endpoint, inTurn(behaviours));
  }

  /** Decides call by call what every endpoint does that was told nothing else. */
  decide(script: Script): void {
    this.everywhere = script;
  }

  /** Decides call by call what one endpoint does; its calls are counted from here on. */
  decideAt(endpoint: string, script: Script): void {
    this.scripts.set(endpoint, script);
    this.countsOf(endpoint).total = 0;
  }

  /** Calls that an endpoint has seen. */
  callsTo(endpoint: string): readonly SeenCall[] {
    return this.seen.filter((call) => call.endpoint === endpoint);
  }

  /** How many calls an endpoint had in hand at once, at the most. */
  mostInFlight(endpoint: string): number {
    return this.countsOf(endpoint).most;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private countsOf(endpoint: string) {
    const known = this.counts.get(endpoint);
    if (known !== undefined) return known;
    const fresh = { now: 0, most: 0, total: 0 };
    this.counts.set(endpoint, fresh);
    return fresh;
  }

  private async respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    const [, name] = PATH.exec(path) ?? [];
    const body = await bodyOf(request);
    if (request.method !== 'POST' || name === undefined) {
      send(response, { status: 404, headers: { 'x-amzn-errortype': 'UnknownOperationException' }, body: {} });
      return;
    }
    const endpoint = decodeURIComponent(name);
    const target = request.headers['x-amzn-sagemaker-target-model'];
    const call: SeenCall = {
      atMs: performance.now(),
      endpoint,
      targetModel: typeof target === 'string' ? target : undefined,
      path,
      headers: request.headers,
      body,
      rows: rowsOf(body),
    };
    const counts = this.countsOf(endpoint);
    this.seen.push(call);
    counts.now += 1;
    counts.most = Math.max(counts.most, counts.now);
    response.once('close', () => (counts.now -= 1));
    const script = this.scripts.get(endpoint) ?? this.everywhere;
    await act(script(call, counts.total++), call, response);
  }
}

function inTurn(behaviours: readonly Behaviour[]): Script {
  return (_, nth) => behaviours[Math.min(nth, behaviours.length - 1)] ?? 'answer';
}

/** Address at which nothing listens: connections to it are refused. */
export async function closedPort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => {
    server.close(done);
  });
  return `http://127.0.0.1:${port}`;
}
