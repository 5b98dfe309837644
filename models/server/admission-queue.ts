import type { EventEmitter } from 'node:events';
import { HttpError, callerGone } from './http/http-error';

/** Emits `close` when nobody waits for an answer any more, as the response to a request does. */
export type Caller = Pick<EventEmitter, 'once' | 'off'>;

/** How many requests for predictions are worked on, and how many may wait. */
export interface AdmissionLimits {
  /** Requests that are worked on at the same time; at least 1. */
  readonly concurrent: number;
  /** Bytes of all their bodies together; a single request is let in whatever its size. */
  readonly bytes: number;
  /** Requests that wait for their turn with their bodies unread; 0 lets none wait. */
  readonly queued: number;
}

/** Seconds after which trying again makes sense: a full queue of single rows is answered in less. */
const RETRY_AFTER_SECONDS = 1;

interface Waiting {
  readonly bytes: number;
  readonly enter: () => void;
}

/**
 * Lets a limited number of requests in, the first come first. What is read and computed at the same time, and
 * with it memory, is bounded whatever the load.
 */
export class AdmissionQueue {
  private inside = 0;
  private bytesInside = 0;
  private readonly waiting = new Set<Waiting>();

  constructor(private readonly limits: AdmissionLimits) {}

  /**
   * Does the work when it is its turn.
   *
   * @param bytes of the request's body, at most
   * @param caller whose work is left out of the queue when it goes
   * @throws HttpError 503 with Retry-After when the queue is full, 499 when the caller went while it waited
   */
  async run<T>(work: () => Promise<T>, bytes: number, caller: Caller): Promise<T> {
    if (this.waiting.size > 0 || !this.hasRoom(bytes)) await this.turn(bytes, caller);
    else this.enter(bytes);
    try {
      return await work();
    } finally {
      this.leave(bytes);
    }
  }

  private hasRoom(bytes: number): boolean {
    if (this.inside === 0) return true;
    return this.inside < this.limits.concurrent && this.bytesInside + bytes <= this.limits.bytes;
  }

  private enter(bytes: number): void {
    this.inside += 1;
    this.bytesInside += bytes;
  }

  private turn(bytes: number, caller: Caller): Promise<void> {
    if (this.waiting.size >= this.limits.queued) {
      throw new HttpError(503, 'overloaded', 'too many requests are waiting; try again', [], {
        'retry-after': String(RETRY_AFTER_SECONDS),
      });
    }
    return new Promise((done, fail) => {
      const waiting: Waiting = {
        bytes,
        enter: () => {
          caller.off('close', quit);
          done();
        },
      };
      const quit = (): void => {
        this.waiting.delete(waiting);
        fail(callerGone());
        // Whoever waited behind a large body may fit where it did not.
        this.admit();
      };
      this.waiting.add(waiting);
      caller.once('close', quit);
    });
  }

  private leave(bytes: number): void {
    this.inside -= 1;
    this.bytesInside -= bytes;
    this.admit();
  }

  /** Lets those in that have waited longest, as far as there is room. */
  private admit(): void {
    for (const next of this.waiting) {
      if (!this.hasRoom(next.bytes)) return;
      this.waiting.delete(next);
      this.enter(next.bytes);
      next.enter();
    }
  }
}
