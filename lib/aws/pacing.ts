import { setTimeout as delay } from 'node:timers/promises';

/** Slack of the window in ms: calls that leave a second apart may arrive closer together. */
const SLACK_MS = 50;

/** Lets so many calls start in any second; further ones wait their turn, in order. */
export class RateLimiter {
  private readonly starts: number[] = [];

  constructor(private readonly perSecond: number) {}

  /** Waits for a free place. @throws the signal's AbortError when that comes first */
  async turn(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const now = performance.now();
    const before = this.starts.at(-this.perSecond);
    const start = Math.max(now, before === undefined ? now : before + 1000 + SLACK_MS);
    this.starts.push(start);
    if (this.starts.length > this.perSecond) this.starts.shift();
    if (start > now) await delay(start - now, undefined, { signal });
  }
}

/** First wait of a retry in ms, doubled with each further one up to the greatest. */
const FIRST_WAIT_MS = 200;
const GREATEST_WAIT_MS = 5_000;

export interface RetryOptions {
  /** Aborts when the deadline passes. */
  readonly signal: AbortSignal;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Whether a failure is worth another attempt, after so many failed ones. */
  readonly again: (error: unknown, failures: number) => boolean;
}

/** The promise, or the signal's rejection where that comes first: the SDK may be waiting for a socket. */
async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    if (stop !== undefined) signal.removeEventListener('abort', stop);
  }
}

/**
 * Tries until it succeeds, the failure is not worth another attempt, or the deadline passes. Waits follow full jitter:
 * anywhere between nothing and a bound that doubles, so that parallel readers do not come back together.
 *
 * @throws the last failure, or the signal's AbortError when the deadline passed before the first answer
 */
export async function retrying<T>(attempt: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { signal, random, again } = options;
  let last: { readonly error: unknown } | undefined;
  for (let failures = 0; ; failures += 1) {
    try {
      if (failures > 0) {
        const bound = Math.min(GREATEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures);
        await delay(random() * bound, undefined, { signal });
      }
      return await unlessAborted(attempt(), signal);
    } catch (error) {
      if (signal.aborted) throw last?.error ?? error;
      if (!again(error, failures + 1)) throw error;
      last = { error };
    }
  }
}
