import {
  BrokenCircuitError,
  BulkheadRejectedError,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  type IBackoff,
  type IBackoffFactory,
  bulkhead,
  circuitBreaker,
  handleWhen,
  retry,
} from 'cockatiel';
import type { Deadline } from './deadline';
import { Failure } from '../api/failure';

/** Outages in a row after which an endpoint is left alone. */
const OPENS_AFTER = 5;

/** How long it is left alone before one request tries it again. */
const HALF_OPEN_AFTER_MS = 10_000;

/** Requests to one endpoint at a time. */
export const AT_A_TIME = 32;

/** Requests that wait for their turn. */
const WAITING = 1024;

/** Tries after the first; a model that is starting is asked for as long as there is time. */
const RETRIES = 3;

/** Full jitter: anything up to a ceiling that doubles, so that callers who failed together do not come back together. */
const FIRST_CEILING_MS = 50;
const LAST_CEILING_MS = 2000;

function fullJitter(random: () => number): IBackoffFactory<unknown> {
  const after = (ceiling: number): IBackoff<unknown> => ({
    duration: random() * ceiling,
    next: () => after(Math.min(LAST_CEILING_MS, ceiling * 2)),
  });
  return { next: () => after(FIRST_CEILING_MS) };
}

function toFailure(error: unknown): Error {
  if (error instanceof BrokenCircuitError) {
    return new Failure('unavailable', 'the model is not available', [], 'CircuitOpen');
  }
  if (error instanceof BulkheadRejectedError) {
    return new Failure('overloaded', 'too many requests are waiting for the model', [], 'BulkheadFull');
  }
  return error as Error;
}

/** Rejects with the reason once the signal is aborted. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

/**
 * What stands between the function and one endpoint: tries again what may be tried, stops asking an endpoint that is
 * down, and keeps one slow endpoint from taking every connection. One instance an endpoint, for as long as the
 * function's environment lives.
 */
export class ResiliencePolicy {
  private readonly breaker: CircuitBreakerPolicy;
  private readonly places = bulkhead(AT_A_TIME, WAITING);

  /** @param random 0 to 1, for the jitter */
  constructor(private readonly random: () => number = Math.random) {
    this.breaker = circuitBreaker(
      handleWhen((error) => error instanceof Failure && (error.isOutage || this.provesNothing(error))),
      { halfOpenAfter: HALF_OPEN_AFTER_MS, breaker: new ConsecutiveBreaker(OPENS_AFTER) },
    );
  }

  /** Whether the endpoint is asked (`closed`), left alone (`open`), or about to be tried again (`half-open`). */
  get state(): 'closed' | 'open' | 'half-open' {
    const { state } = this.breaker;
    if (state === CircuitState.Closed) return 'closed';
    return state === CircuitState.HalfOpen ? 'half-open' : 'open';
  }

  /**
   * Runs one call to the endpoint.
   *
   * @param deadline by when it must be over, tries and waiting included
   * @param patienceMs how long the endpoint may take; a caller who has less time says nothing about the endpoint
   * @param cancelled aborts when nobody wants the answer any more
   * @throws Failure when it is not answered
   */
  async run<T>(
    work: (signal: AbortSignal) => Promise<T>,
    deadline: Deadline,
    patienceMs: number,
    cancelled?: AbortSignal,
  ): Promise<T> {
    const leftMs = deadline.leftMs();
    if (leftMs <= 0) throw new Failure('out_of_time', 'no time was left to ask the model');
    // One request tries an endpoint that was down; the others do not wait for what becomes of it.
    if (this.state === 'half-open') throw toFailure(new BrokenCircuitError());
    const stop = new AbortController();
    const end = (code: 'out_of_time' | 'timed_out', message: string) => () =>
      stop.abort(new Failure(code, message));
    const timers = [
      setTimeout(end('out_of_time', 'the model did not answer in the time that was left'), leftMs),
    ];
    const cancel = end('out_of_time', 'nobody waits for this part of the answer');
    cancelled?.addEventListener('abort', cancel, { once: true });
    const once = () => {
      // What is spent on waiting for a place is no fault of the endpoint.
      timers.push(setTimeout(end('timed_out', 'the model did not answer in time'), patienceMs));
      return this.retried(work, stop.signal, deadline.within(patienceMs));
    };
    try {
      return await Promise.race([this.places.execute(once, stop.signal), aborted(stop.signal)]);
    } catch (error) {
      throw toFailure(error);
    } finally {
      timers.forEach((timer) => clearTimeout(timer));
      cancelled?.removeEventListener('abort', cancel);
      stop.abort();
    }
  }

  /** A try at an endpoint that was down, given up too early to tell: the endpoint counts as down still. */
  private provesNothing({ code }: Failure): boolean {
    return code === 'out_of_time' && this.state === 'half-open';
  }

  private retried<T>(
    work: (signal: AbortSignal) => Promise<T>,
    signal: AbortSignal,
    deadline: Deadline,
  ): Promise<T> {
    let tries = 0;
    const again = handleWhen((error) => {
      if (!(error instanceof Failure) || !error.isRetryable || signal.aborted) return false;
      tries += 1;
      return deadline.leftMs() > FIRST_CEILING_MS && (tries <= RETRIES || error.code === 'model_starting');
    });
    const policy = retry(again, {
      maxAttempts: Number.MAX_SAFE_INTEGER,
      backoff: fullJitter(this.random),
    });
    const once = async (): Promise<T> => {
      try {
        return await work(signal);
      } catch (error) {
        throw signal.aborted ? signal.reason : error;
      }
    };
    return policy.execute(() => this.breaker.execute(once), signal);
  }
}
