import { createHash, createHmac } from 'node:crypto';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Answer } from '../../../lambda/inference/api/api-schema';
import { SPECIALISTS, type Specialist, resolveSpecialist } from '../../../models/catalogue';
import { readSpecialistFolder } from '../../../models/contract/specialist-folder';
import { projectPath } from '../../../lib/util/project-path';

/** The secret that {@link useStandIn} of `aws-stand-in` gives the SDK. */
const SECRET = 'not-a-secret';

/** A request that reached the function. */
export interface Invocation {
  readonly specialist?: string;
  readonly threatType?: string;
  readonly key?: string;
  readonly instances?: readonly (readonly number[])[];
  readonly records?: readonly Readonly<Record<string, number>>[];
}

/** What the stand-in answers with in place of an answer. */
export interface OtherAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface FunctionUrlBehaviour {
  /** Comes before everything but the signature: another answer to the nth signed request, from 0. */
  readonly instead?: (invocation: Invocation, nth: number) => OtherAnswer | undefined;
  /** Changes a right answer. */
  readonly alter?: (answer: Answer, invocation: Invocation) => Answer;
  /** Whether a call without a signature is let in. @default false */
  readonly open?: boolean;
}

const hashed = (text: string) => createHash('sha256').update(text).digest('hex');
const keyed = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

/** Whether a request is signed right: recomputed from AWS's description of Signature Version 4, and not by the SDK. */
export function isSigned({ method = '', url = '', headers }: IncomingMessage, body: string): boolean {
  const parts =
    /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([^,]+), Signature=(\w+)$/.exec(
      headers.authorization ?? '',
    );
  if (parts === null) return false;
  const [, day = '', region = '', service = '', names = '', signature] = parts;
  const signed = names.split(';');
  if (!signed.includes('host') || region !== 'us-east-1' || service !== 'lambda') return false;
  const time = String(headers['x-amz-date']);
  const canonical = [
    method,
    new URL(url, 'http://localhost').pathname,
    '',
    ...signed.map((name) => `${name}:${String(headers[name]).trim()}`),
    '',
    names,
    hashed(body),
  ].join('\n');
  const scope = `${day}/${region}/${service}/aws4_request`;
  const key = [region, service, 'aws4_request'].reduce<Buffer>(
    (last, part) => keyed(last, part),
    keyed(`AWS4${SECRET}`, day),
  );
  return (
    keyed(key, `AWS4-HMAC-SHA256\n${time}\n${scope}\n${hashed(canonical)}`).toString('hex') === signature
  );
}

const GOLDEN = new Map(
  SPECIALISTS.map((name) => [name, readSpecialistFolder(projectPath('models', name))] as const),
);

function folderOf(name: Specialist) {
  const folder = GOLDEN.get(name);
  if (folder === undefined) throw new Error(`no specialist ${name}`);
  return folder;
}

/** The answer of a deployment that is right: what the golden vectors say; every other row is Normal. */
function rightAnswer({ specialist, threatType, instances, records }: Invocation): Answer {
  const name = resolveSpecialist(specialist ?? threatType ?? 'general') ?? 'general';
  const { model, golden } = folderOf(name);
  const known = new Map(golden.vectors.map(({ row, expected }) => [JSON.stringify(row), expected]));
  const rows = instances ?? (records ?? []).map((record) => model.features.map((feature) => record[feature]));
  const { classes, version, reference } = model;
  return {
    model: { name, version, reference },
    predictions: rows.map((row) => {
      const expected = known.get(JSON.stringify(row));
      const label = expected?.class ?? 'Normal';
      const shares = expected?.probabilities ?? classes.map((one) => (one === 'Normal' ? 1 : 0));
      const probabilities = Object.fromEntries(classes.map((one, at) => [one, shares[at] ?? 0]));
      return {
        label,
        class: classes.indexOf(label),
        confidence: probabilities[label] ?? 0,
        probabilities,
        inDistribution: expected !== undefined,
        lowConfidence: false,
        verdict: label === 'Normal' ? ('normal' as const) : ('attack' as const),
      };
    }),
    servedBy: 'endpoint',
    degraded: false,
    variant: 'champion',
    requestId: 'stand-in',
  };
}

/** A running stand-in for the inference Lambda behind its Function URL. */
export interface FunctionUrl {
  readonly url: string;
  /** Signed requests, in order. */
  readonly invocations: readonly Invocation[];
  /** Calls that were refused for want of a right signature. */
  readonly refused: () => number;
  readonly close: () => Promise<void>;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** Starts a function on a free port of this machine that checks signatures as AWS does. */
export async function startFunctionUrl(behaviour: FunctionUrlBehaviour = {}): Promise<FunctionUrl> {
  const { instead, alter = (answer) => answer, open = false } = behaviour;
  const invocations: Invocation[] = [];
  let refused = 0;
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(request);
    const send = ({ status, headers = {}, body: content }: OtherAnswer) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify(content ?? {}));
    };
    if (!isSigned(request, body)) {
      refused += 1;
      send(open ? { status: 200 } : { status: 403, body: { Message: 'Forbidden' } });
      return;
    }
    const invocation = JSON.parse(body) as Invocation;
    const nth = invocations.push(invocation) - 1;
    send(instead?.(invocation, nth) ?? { status: 200, body: alter(rightAnswer(invocation), invocation) });
  };
  const server = createServer((request, response) => {
    respond(request, response).catch((error: unknown) => {
      response.destroy(error as Error);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    invocations,
    refused: () => refused,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
