import { connect } from 'node:net';
import { ServerProcess, bundledServer, endServers } from '../../support/models/server';
import { goldenOf, removeFolders, shipped } from '../../support/models/specialist';

const MIB = 1024 * 1024;
const GOLDEN_ROWS = JSON.stringify({ instances: goldenOf('ddos').vectors.map(({ row }) => row) });

let bundle: string;
beforeAll(() => {
  bundle = bundledServer();
});
afterAll(() => {
  endServers();
  removeFolders();
});

function start(environment: Record<string, string> = {}): Promise<ServerProcess> {
  return ServerProcess.start(bundle, { MODEL_FOLDER: shipped('ddos'), ...environment });
}

describe.each([
  ['6 MiB where nothing is set', {}, 6 * MIB],
  ['4 MiB on a serverless endpoint', { MAX_PAYLOAD_BYTES: '4194304' }, 4 * MIB],
])('a body of at most %s', (_, environment, limit) => {
  it('is read; one byte more is refused with the limit, and the server goes on', async () => {
    const server = await start(environment);
    const fits = await server.send('POST', '/invocations', GOLDEN_ROWS.padEnd(limit));
    expect(fits.status).toBe(200);
    const { status, json } = await server.send('POST', '/invocations', GOLDEN_ROWS.padEnd(limit + 1));
    expect(status).toBe(413);
    expect(json).toMatchObject({
      error: { code: 'payload_too_large', message: `the body may hold at most ${limit} bytes` },
    });
    expect((await server.send('POST', '/invocations', GOLDEN_ROWS)).status).toBe(200);
    await server.stop();
  });
});

it('answers 503 with Retry-After when the queue is full, and everybody who was let in', async () => {
  const server = await start({ MAX_CONCURRENT_REQUESTS: '1', MAX_QUEUED_REQUESTS: '1' });
  const inside = await server.open('/invocations', GOLDEN_ROWS);
  const waiting = await server.open('/invocations', GOLDEN_ROWS);
  const refused = await server.send('POST', '/invocations', GOLDEN_ROWS);
  expect(refused).toMatchObject({ status: 503, json: { error: { code: 'overloaded' } } });
  expect(refused.headers.get('retry-after')).toBe('1');
  expect((await server.send('GET', '/ping')).status).toBe(200);
  const answers = [waiting, inside].map((request) => request.finish());
  expect(await Promise.all(answers)).toEqual([200, 200]);
  expect((await server.send('POST', '/invocations', GOLDEN_ROWS)).status).toBe(200);
  await server.stop();
});

/** Sends bytes over one connection, and gives all that comes back until the server closes it. */
function rawConnection(port: number): { write(text: string): void; everything: Promise<string> } {
  const socket = connect({ port, host: 'localhost' });
  const everything = new Promise<string>((done, fail) => {
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('close', () => done(text));
    socket.on('error', fail);
  });
  return { write: (text) => void socket.write(text), everything };
}

function rawRequest(body: string): string {
  const length = Buffer.byteLength(body);
  return `POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n${body}`;
}

describe('on SIGTERM', () => {
  it('lets open requests end, and exits with 0', async () => {
    const server = await start();
    const open = await server.open('/invocations', GOLDEN_ROWS);
    const stopped = server.stop();
    await server.logged('stopping');
    expect(await open.finish()).toBe(200);
    expect(await stopped).toBe(0);
    expect(server.lines.map(({ event }) => event).slice(-3)).toEqual(['stopping', 'request', 'stopped']);
  });

  it('answers those who wait for their turn, too', async () => {
    const server = await start({ MAX_CONCURRENT_REQUESTS: '1' });
    const inside = await server.open('/invocations', GOLDEN_ROWS);
    const waiting = await server.open('/invocations', GOLDEN_ROWS);
    const stopped = server.stop();
    await server.logged('stopping');
    expect(await Promise.all([waiting.finish(), inside.finish()])).toEqual([200, 200]);
    expect(await stopped).toBe(0);
  });

  it('takes no new connection, and closes those on which nobody waits', async () => {
    const server = await start();
    const { port } = server;
    const silent = rawConnection(port);
    const busy = rawConnection(port);
    const request = rawRequest(GOLDEN_ROWS);
    busy.write(request.slice(0, -10));
    expect((await server.send('GET', '/ping')).status).toBe(200);
    const open = await server.open('/invocations', GOLDEN_ROWS);
    const stopped = server.stop();
    await server.logged('stopping');
    await expect(fetch(`http://localhost:${port}/ping`)).rejects.toThrow('fetch failed');
    expect(await silent.everything).toBe('');
    busy.write(request.slice(-10));
    expect(await busy.everything).toMatch(/^HTTP\/1\.1 200 [^]*^connection: close\r$/im);
    expect(await open.finish()).toBe(200);
    expect(await stopped).toBe(0);
    await server.logged('stopped', { cut: 0 });
  });
});

it('frees the place of a caller who goes away in the middle of a request', async () => {
  const server = await start({ MAX_CONCURRENT_REQUESTS: '1', MAX_QUEUED_REQUESTS: '1' });
  const gone = connect({ port: server.port, host: 'localhost' });
  gone.write(rawRequest(GOLDEN_ROWS).slice(0, -10));
  const waiting = await server.open('/invocations', GOLDEN_ROWS);
  gone.destroy();
  expect(await waiting.finish()).toBe(200);
  await server.logged('request', { status: 499, cause: 'caller_gone' });
  await server.stop();
});
