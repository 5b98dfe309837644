import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How the stand-in behaves, beside what it holds. */
export interface S3Behaviour {
  /** Keys a page of a listing holds. @default 1000, as S3 does */
  pageSize?: number;
  /** Requests that are answered `SlowDown` before any other answer. @default 0 */
  slowDowns?: number;
  /** Keys, or prefixes that are listed, that are denied. @default - none */
  denied?: (keyOrPrefix: string) => boolean;
  /** Leaves every request without an answer. @default false */
  silent?: boolean;
}

/** What the stand-in saw of a request. */
export interface S3Request {
  readonly method: string;
  /** Key, or empty for a listing. */
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
}

/** Stands in for S3 on loopback: one bucket, path style. */
export interface S3StandIn {
  readonly url: string;
  readonly objects: Map<string, string>;
  readonly seen: S3Request[];
  behaviour: S3Behaviour;
  readonly close: () => Promise<void>;
}

function refuse(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(`<Error><Code>${code}</Code><Message>Refused by the stand-in.</Message></Error>`);
}

/** Content of a body, of which the SDK may send chunks with sizes and a checksum behind them. */
function contentOf(body: string, headers: IncomingMessage['headers']): string {
  if (headers['content-encoding'] !== 'aws-chunked') return body;
  const [size = '0'] = body.split('\r\n', 1);
  const from = size.length + 2;
  return Buffer.from(body)
    .subarray(from, from + Number.parseInt(size, 16))
    .toString('utf8');
}

function listing(keys: readonly string[], query: URLSearchParams, pageSize: number): string {
  const prefix = query.get('prefix') ?? '';
  const after = query.get('continuation-token') ?? '';
  const left = keys.filter((key) => key.startsWith(prefix) && key > after).sort();
  const page = left.slice(0, pageSize);
  const more = left.length > page.length;
  const contents = page.map((key) => `<Contents><Key>${key}</Key><Size>1</Size></Contents>`);
  const next = more ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : '';
  return `<ListBucketResult><IsTruncated>${more}</IsTruncated>${next}${contents.join('')}</ListBucketResult>`;
}

/** Starts a stand-in on a free port of this machine; the SDK finds it by `AWS_ENDPOINT_URL`. */
export async function startS3StandIn(): Promise<S3StandIn> {
  const objects = new Map<string, string>();
  const seen: S3Request[] = [];
  const answer = (request: S3Request, body: string, response: ServerResponse): void => {
    const { pageSize = 1000, slowDowns = 0, denied, silent } = standIn.behaviour;
    const { method, key, query, headers } = request;
    if (silent === true) return;
    if (slowDowns > 0) {
      standIn.behaviour = { ...standIn.behaviour, slowDowns: slowDowns - 1 };
      return refuse(response, 503, 'SlowDown');
    }
    if (denied?.(key === '' ? (query.get('prefix') ?? '') : key))
      return refuse(response, 403, 'AccessDenied');
    if (method === 'PUT') {
      objects.set(key, contentOf(body, headers));
      response.end();
    } else if (key === '') {
      response.writeHead(200, { 'content-type': 'application/xml' });
      response.end(listing([...objects.keys()], query, pageSize));
    } else {
      const content = objects.get(key);
      if (content === undefined) return refuse(response, 404, 'NoSuchKey');
      response.end(content);
    }
  };
  const server = createServer((message, response) => {
    const chunks: Buffer[] = [];
    message.on('data', (chunk: Buffer) => chunks.push(chunk));
    message.on('end', () => {
      const url = new URL(message.url ?? '/', 'http://localhost');
      const key = decodeURIComponent(url.pathname).split('/').slice(2).join('/');
      const { method = '', headers } = message;
      const request = { method, key, query: url.searchParams, headers };
      seen.push(request);
      answer(request, Buffer.concat(chunks).toString('utf8'), response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const standIn: S3StandIn = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects,
    seen,
    behaviour: {},
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return standIn;
}

/** Empties a stand-in and has it behave as S3 does. */
export function reset(standIn: S3StandIn): void {
  standIn.objects.clear();
  standIn.seen.length = 0;
  standIn.behaviour = {};
}
