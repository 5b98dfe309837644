/** A point in time by which something must be done. */
export class Deadline {
  private constructor(private readonly at: number) {}

  /** That many milliseconds from now; none are left when it is not positive. */
  static in(ms: number): Deadline {
    return new Deadline(performance.now() + ms);
  }

  /** Milliseconds that are left; negative afterwards. */
  leftMs(): number {
    return this.at - performance.now();
  }

  /** The earlier of this one and one so many milliseconds from now. */
  within(ms: number): Deadline {
    return new Deadline(Math.min(this.at, performance.now() + ms));
  }

  /** This one, so many milliseconds earlier. */
  earlierBy(ms: number): Deadline {
    return new Deadline(this.at - ms);
  }
}
