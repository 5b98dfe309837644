import type { IncomingMessage, ServerResponse } from 'node:http';

/** A request as the SDK sends it, whatever the protocol of its service. */
export interface AwsRequest {
  /** Prefix of the service in IAM. */
  readonly service: string;
  readonly operation: string;
  /** Input: JSON as it is, Query and EC2 parameters by their flat names. */
  readonly input: Readonly<Record<string, unknown>>;
}

/** What may stand in an answer; arrays of an XML answer repeat their element. */
export type AwsValue = string | number | boolean | null | undefined | Date | AwsObject | readonly AwsValue[];
export interface AwsObject {
  readonly [name: string]: AwsValue;
}

/** An error that AWS answers with. */
export class AwsRefusal extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
  }
}

type Protocol = 'json' | 'rest' | 'query' | 'ec2';

/** Operations of the REST services that are spoken to, by path. */
const REST_OPERATIONS: Readonly<Record<string, string>> = {
  '/clusters': 'ListClusters',
  '/2016-08-19/account-settings': 'GetAccountSettings',
};

/** Those whose path names what is asked about. */
const REST_PATTERNS: readonly (readonly [path: RegExp, operation: string])[] = [
  [/^\/2021-10-31\/functions\/[^/]+\/url$/, 'GetFunctionUrlConfig'],
  [/^\/clusters\/[^/]+$/, 'DescribeCluster'],
  [/^\/clusters\/[^/]+\/access-entries$/, 'ListAccessEntries'],
];

function restOperation(path: string): string | undefined {
  return REST_OPERATIONS[path] ?? REST_PATTERNS.find(([pattern]) => pattern.test(path))?.[1];
}

function protocolOf({ headers }: IncomingMessage, service: string): Protocol {
  if (headers['x-amz-target'] !== undefined) return 'json';
  if (service === 'ec2') return 'ec2';
  return headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true ? 'query' : 'rest';
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** Reads a signed request of AWS JSON, REST JSON, Query or EC2 Query. */
export async function readRequest(
  request: IncomingMessage,
): Promise<{ readonly protocol: Protocol; readonly call: AwsRequest }> {
  const body = await bodyOf(request);
  const signedFor = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(request.headers.authorization ?? '')?.[1];
  const service = signedFor ?? 'unsigned';
  const protocol = protocolOf(request, service);
  if (protocol === 'json') {
    const operation = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
    return { protocol, call: { service, operation, input: JSON.parse(body) as Record<string, unknown> } };
  }
  const url = new URL(request.url ?? '/', 'http://localhost');
  const input = Object.fromEntries(protocol === 'rest' ? url.searchParams : new URLSearchParams(body));
  const operation = protocol === 'rest' ? restOperation(url.pathname) : input['Action'];
  return { protocol, call: { service, operation: operation ?? url.pathname, input } };
}

function isObject(value: AwsValue): value is AwsObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function xml(name: string, value: AwsValue): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map((item) => xml(name, item as AwsValue)).join('');
  if (isObject(value)) {
    const inner = Object.entries(value).map(([key, child]) => xml(key, child));
    return `<${name}>${inner.join('')}</${name}>`;
  }
  const text = value instanceof Date ? value.toISOString() : `${value as string | number | boolean}`;
  return `<${name}>${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</${name}>`;
}

/** JSON protocols carry times as seconds. */
function json(value: AwsValue): unknown {
  if (value instanceof Date) return value.getTime() / 1000;
  if (Array.isArray(value)) return value.map((item) => json(item as AwsValue));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, json(inner)]));
}

/** Answers in the protocol that was asked in. */
export function sendAnswer(
  response: ServerResponse,
  protocol: Protocol,
  operation: string,
  answer: AwsObject,
): void {
  const isJson = protocol === 'json' || protocol === 'rest';
  response.setHeader('content-type', isJson ? 'application/x-amz-json-1.1' : 'text/xml');
  if (isJson) response.end(JSON.stringify(json(answer)));
  else if (protocol === 'ec2') response.end(xml(`${operation}Response`, answer));
  else response.end(xml(`${operation}Response`, { [`${operation}Result`]: answer }));
}

/** Refuses in the protocol that was asked in. */
export function sendRefusal(response: ServerResponse, protocol: Protocol, refusal: AwsRefusal): void {
  const { code, message, status } = refusal;
  response.statusCode = status;
  const error = { Code: code, Message: message };
  if (protocol === 'json' || protocol === 'rest') {
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    response.setHeader('x-amzn-errortype', code);
    response.end(JSON.stringify({ __type: code, message }));
    return;
  }
  response.setHeader('content-type', 'text/xml');
  response.end(
    protocol === 'ec2'
      ? xml('Response', { Errors: { Error: error }, RequestID: 'stand-in' })
      : xml('ErrorResponse', { Error: { Type: 'Sender', ...error }, RequestId: 'stand-in' }),
  );
}
