import { Failure } from './failure';

/** How the function was called, which decides how it answers. */
export type Caller = 'http' | 'alb' | 'alb-multi-value' | 'direct';

/** A call, whatever it came through. */
export interface Call {
  readonly caller: Caller;
  /** Id of the request at whatever is in front of the function. */
  readonly requestId: string | undefined;
  /** The Accept header; empty where there is none. */
  readonly accept: string;
  /**
   * The request body, parsed.
   *
   * @throws Failure when there is none that can be read
   */
  body(): unknown;
}

/** Shape of what Lambda passes in; every field may be missing, or be something else. */
interface HttpEvent {
  readonly version?: unknown;
  readonly requestContext?: {
    readonly http?: { readonly method?: unknown };
    readonly elb?: unknown;
    readonly requestId?: unknown;
  };
  readonly httpMethod?: unknown;
  readonly headers?: unknown;
  readonly multiValueHeaders?: unknown;
  readonly body?: unknown;
  readonly isBase64Encoded?: unknown;
}

/** What Lambda hands to a function in one synchronous call (AWS, "Lambda quotas", 2026-11). */
export const MAX_BODY_BYTES = 6 * 1024 * 1024;

const JSON_TYPE = /^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i;

/** An id goes into the log and back to the caller: whoever sends one may not write lines of the log with it. */
const SAFE_ID = /^[\w=;:./+-]{1,200}$/;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function headersOf({ headers, multiValueHeaders }: HttpEvent): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of Object.entries(isObject(headers) ? headers : {})) {
    if (typeof value === 'string') found.set(name.toLowerCase(), value);
  }
  for (const [name, values] of Object.entries(isObject(multiValueHeaders) ? multiValueHeaders : {})) {
    const last: unknown = Array.isArray(values) ? values.at(-1) : undefined;
    if (typeof last === 'string') found.set(name.toLowerCase(), last);
  }
  return found;
}

function readBody(event: HttpEvent, method: unknown, type: string): unknown {
  if (method !== 'POST') throw new Failure('method_not_allowed', 'send a POST request');
  if (!JSON_TYPE.test(type)) {
    throw new Failure('unsupported_media_type', 'content-type must be application/json');
  }
  const text = typeof event.body === 'string' ? event.body : '';
  const bytes = Buffer.from(text, event.isBase64Encoded === true ? 'base64' : 'utf8');
  if (bytes.length > MAX_BODY_BYTES) {
    throw new Failure('payload_too_large', `the body may hold at most ${MAX_BODY_BYTES} bytes`);
  }
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch {
    throw new Failure('invalid_json', 'the body is not JSON');
  }
}

function httpCall(event: HttpEvent, caller: Caller, method: unknown): Call {
  const headers = headersOf(event);
  const id = event.requestContext?.requestId ?? headers.get('x-amzn-trace-id');
  return {
    caller,
    requestId: typeof id === 'string' && SAFE_ID.test(id) ? id : undefined,
    accept: headers.get('accept') ?? '',
    body: () => readBody(event, method, headers.get('content-type') ?? ''),
  };
}

/**
 * Tells how the function was called: through a Function URL or an HTTP API (payload 2.0), through a REST API (payload
 * 1.0), through an Application Load Balancer, or directly with the request as the event.
 */
export function readEvent(event: unknown): Call {
  const http: HttpEvent = isObject(event) ? event : {};
  const context = isObject(http.requestContext) ? http.requestContext : undefined;
  const known = { ...http, ...(context === undefined ? {} : { requestContext: context }) };
  if (context?.elb !== undefined) {
    const caller = http.multiValueHeaders === undefined ? 'alb' : 'alb-multi-value';
    return httpCall(known, caller, http.httpMethod);
  }
  if (http.version === '2.0' && isObject(context?.http)) return httpCall(known, 'http', context.http.method);
  if (context !== undefined && http.httpMethod !== undefined) {
    return httpCall(known, 'http', http.httpMethod);
  }
  return { caller: 'direct', requestId: undefined, accept: '', body: () => event };
}
