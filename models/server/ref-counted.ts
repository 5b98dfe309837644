/** Something that holds memory until it is released. */
export interface Releasable {
  release(): Promise<void>;
}

/** Lends something out, and releases it only once nobody uses it any more. */
export class RefCounted<T extends Releasable> {
  private users = 0;
  private lastHasLeft: (() => void) | undefined;

  constructor(private readonly lent: T) {}

  /** Does work with it; until the work has ended, it is not released. */
  async use<R>(work: (lent: T) => Promise<R>): Promise<R> {
    this.users += 1;
    try {
      return await work(this.lent);
    } finally {
      this.users -= 1;
      if (this.users === 0) this.lastHasLeft?.();
    }
  }

  /** Waits for whoever uses it, then releases it. To be called once, when nobody new can come. */
  async end(): Promise<void> {
    if (this.users > 0) {
      await new Promise<void>((done) => {
        this.lastHasLeft = done;
      });
    }
    await this.lent.release();
  }
}
