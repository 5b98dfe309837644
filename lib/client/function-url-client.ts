import { setTimeout as delay } from 'node:timers/promises';
import { type Ask, type ModelResult, readAnswer } from './prediction-answer';
import { type Sign, signableUrl } from './request-signer';

/** How requests are sent to the Function URL. */
export interface DoorOptions {
  /** Ends what is under way; nothing is waited for beyond it. */
  readonly signal: AbortSignal;
  /** Uniform in [0, 1), for the jitter of retries. @default Math.random */
  readonly random?: () => number;
  /** First wait of a retry in ms, doubled with each further one. @default 500 */
  readonly firstWaitMs?: number;
}

/** What came back, with as much of it as is looked at. */
interface Response {
  readonly status: number;
  readonly text: string;
  readonly retryAfterMs: number | undefined;
}

const FIRST_WAIT_MS = 500;
const GREATEST_WAIT_MS = 20_000;

/** Statuses after which the same request may be answered: AWS or the service asks to come back. */
const COME_BACK = new Set([429, 503]);

/** `Retry-After` in ms: seconds, or a date. */
function retryAfter(value: string | null): number | undefined {
  if (value === null) return undefined;
  const seconds = Number(value);
  const ms = Number.isNaN(seconds) ? Date.parse(value) - Date.now() : seconds * 1000;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

async function post(
  url: URL,
  body: string,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<Response> {
  // A redirect would carry the signature to whoever it names.
  const response = await fetch(url, { method: 'POST', body, headers, signal, redirect: 'manual' });
  const text = await response.text();
  return { status: response.status, text, retryAfterMs: retryAfter(response.headers.get('retry-after')) };
}

/** What went wrong below HTTP, as the system calls it. */
function causeOf(error: unknown): string {
  const { cause, name, message } = error as Error & { cause?: NodeJS.ErrnoException };
  return cause?.code ?? (message === '' ? name : message);
}

const unanswered = (reason: string, remedy: string): ModelResult => ({ kind: 'unanswered', reason, remedy });

const FORBIDDEN = unanswered(
  'AWS refuses the signed request (403)',
  'allow lambda:InvokeFunctionUrl and lambda:InvokeFunction on the inference Lambda to these credentials',
);

function timedOut(last: Response | undefined): ModelResult {
  const said = last === undefined ? 'no answer came' : `the service kept answering ${last.status}`;
  return unanswered(`${said} in the time there was`, 'try again, or give more time with --deadline');
}

/** The error that signing failed with: there are no credentials, or they have expired. */
function unsignable(error: unknown): ModelResult {
  const { name } = error as Error;
  return unanswered(
    `no credentials to sign the request with (${name})`,
    'sign in (aws sso login), or name working credentials with --profile or the AWS_* variables',
  );
}

/**
 * Asks through the Function URL, signed with Signature Version 4. Comes back on 429, 503 and a broken connection, as
 * long after as `Retry-After` says or with full jitter, until the signal ends it.
 *
 * @throws UserError for an address that no signature may be sent to
 */
export function askThroughUrl(address: string, sign: Sign, options: DoorOptions): Ask {
  const url = signableUrl(address);
  const { signal, random = Math.random, firstWaitMs = FIRST_WAIT_MS } = options;
  const waitMs = (attempt: number) => random() * Math.min(GREATEST_WAIT_MS, firstWaitMs * 2 ** attempt);

  return async ({ body, rows }) => {
    let last: Response | undefined;
    for (let attempt = 0; ; attempt += 1) {
      let headers: Record<string, string>;
      try {
        headers = await sign(url, body);
      } catch (error) {
        return unsignable(error);
      }
      let unreachable: string | undefined;
      try {
        last = await post(url, body, headers, signal);
      } catch (error) {
        if (signal.aborted) return timedOut(last);
        unreachable = causeOf(error);
      }
      if (unreachable === undefined && last !== undefined) {
        if (last.status === 403) return FORBIDDEN;
        if (!COME_BACK.has(last.status)) return readAnswer(last.status, last.text, rows);
      }
      if (unreachable !== undefined && attempt >= 3) {
        return unanswered(`the Function URL cannot be reached (${unreachable})`, 'check the network');
      }
      try {
        await delay(last?.retryAfterMs ?? waitMs(attempt), undefined, { signal });
      } catch {
        return timedOut(last);
      }
    }
  };
}

/**
 * Calls a Function URL without a signature, with a body that says nothing.
 *
 * @returns the status, or why there is none
 */
export async function statusUnsigned(
  address: string,
  signal: AbortSignal,
): Promise<{ readonly status: number } | { readonly unreachable: string }> {
  try {
    const { status } = await post(signableUrl(address), '{}', { 'content-type': 'application/json' }, signal);
    return { status };
  } catch (error) {
    return { unreachable: signal.aborted ? 'no answer in time' : causeOf(error) };
  }
}
