import { Failure } from './failure';

/** How the function was called, which decides how it answers. */
export type Caller = 'http' | 'alb' | 'alb-multi-value' | 'direct';

/** A call, whatever it came through. */
export interface Call {
  readonly caller: Caller;
  /** Id of the request at whatever is in front of the function. */
  readonly requestId: string | undefined;
  /** The request body, parsed. */
  body(): unknown;
}

/** Shape of what Lambda passes in; every field may be missing. */
interface HttpEvent {
  readonly version?: string;
  readonly requestContext?: {
    readonly http?: { readonly method?: string };
    readonly elb?: unknown;
    readonly requestId?: string;
  };
  readonly httpMethod?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[] | undefined>>;
  readonly body?: string | null;
  readonly isBase64Encoded?: boolean;
}

/** A serverless endpoint takes 4 MB; more would be refused there. */
export const MAX_BODY_BYTES = 4 * 1024 * 1024;

const JSON_TYPE = /^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i;

function headersOf(event: HttpEvent): Map<string, string> {
  const single = Object.entries(event.headers ?? {});
  const multi = Object.entries(event.multiValueHeaders ?? {}).map(([name, values]) => [name, values?.at(-1)]);
  return new Map(
    [...single, ...multi].flatMap(([name, value]) =>
      name === undefined || value === undefined ? [] : [[name.toLowerCase(), value]],
    ),
  );
}

function readBody(event: HttpEvent, method: string | undefined, type: string): unknown {
  if (method !== 'POST') throw new Failure('method_not_allowed', 'send a POST request');
  if (!JSON_TYPE.test(type)) {
    throw new Failure('unsupported_media_type', 'content-type must be application/json');
  }
  const bytes = Buffer.from(event.body ?? '', event.isBase64Encoded === true ? 'base64' : 'utf8');
  if (bytes.length > MAX_BODY_BYTES) {
    throw new Failure('payload_too_large', `the body may hold at most ${MAX_BODY_BYTES} bytes`);
  }
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch {
    throw new Failure('invalid_json', 'the body is not JSON');
  }
}

function httpCall(event: HttpEvent, caller: Caller, method: string | undefined): Call {
  const headers = headersOf(event);
  const requestId = event.requestContext?.requestId ?? headers.get('x-amzn-trace-id');
  return { caller, requestId, body: () => readBody(event, method, headers.get('content-type') ?? '') };
}

function directBody(event: unknown): unknown {
  // Lambda itself limits what a direct call may carry, but an endpoint takes less.
  if (Buffer.byteLength(JSON.stringify(event) ?? '') > MAX_BODY_BYTES) {
    throw new Failure('payload_too_large', `the event may hold at most ${MAX_BODY_BYTES} bytes`);
  }
  return event;
}

/**
 * Tells how the function was called: through a Function URL or API Gateway (payload 2.0), through an
 * Application Load Balancer, or directly with the request as the event.
 */
export function readEvent(event: unknown): Call {
  const http = (typeof event === 'object' && event !== null ? event : {}) as HttpEvent;
  if (http.requestContext?.elb !== undefined) {
    const caller = http.multiValueHeaders === undefined ? 'alb' : 'alb-multi-value';
    return httpCall(http, caller, http.httpMethod);
  }
  if (http.version === '2.0' && http.requestContext?.http !== undefined) {
    return httpCall(http, 'http', http.requestContext.http.method);
  }
  return { caller: 'direct', requestId: undefined, body: () => directBody(event) };
}

/** An answer in the shape that the caller's way in wants; a direct caller gets the body itself. */
export function renderAnswer(
  caller: Caller,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: unknown,
): unknown {
  if (caller === 'direct') return body;
  const all = { 'content-type': 'application/json', ...headers };
  return {
    statusCode: status,
    ...(caller === 'alb-multi-value'
      ? {
          multiValueHeaders: Object.fromEntries(Object.entries(all).map(([name, value]) => [name, [value]])),
        }
      : { headers: all }),
    body: JSON.stringify(body),
    isBase64Encoded: false,
  };
}
