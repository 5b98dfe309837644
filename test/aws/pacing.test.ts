import { RateLimiter, retrying } from '../../lib/aws/pacing';
import { steadyTime } from '../support/jest/steady-time';

steadyTime(5);

const never = new AbortController().signal;

describe('the rate of a service', () => {
  it('lets no more calls start in a second than it allows, in their order', async () => {
    const limiter = new RateLimiter(3);
    const starts = await Promise.all(
      Array.from({ length: 5 }, async () => {
        await limiter.turn(never);
        return performance.now();
      }),
    );
    expect(starts).toEqual(starts.toSorted((a, b) => a - b));
    expect((starts[3] ?? 0) - (starts[0] ?? 0)).toBeGreaterThanOrEqual(1000);
    expect((starts[4] ?? 0) - (starts[1] ?? 0)).toBeGreaterThanOrEqual(1000);
    expect((starts[2] ?? 0) - (starts[0] ?? 0)).toBeLessThan(900);
  });

  it('gives up its place when the deadline passes', async () => {
    const limiter = new RateLimiter(1);
    await limiter.turn(never);
    await expect(limiter.turn(AbortSignal.timeout(20))).rejects.toThrow('aborted');
  });
});

describe('a call that fails', () => {
  const failing = (times: number) => {
    let failures = 0;
    return async () => {
      failures += 1;
      if (failures <= times) throw new Error(`failure ${failures}`);
      return failures;
    };
  };

  it('is tried again after a wait anywhere below a bound that doubles', async () => {
    const options = { signal: never, random: () => 0.05, again: () => true };
    const started = performance.now();
    expect(await retrying(failing(3), options)).toBe(4);
    // 0.05 of 400, 800 and 1600 ms.
    expect(performance.now() - started).toBeGreaterThanOrEqual(130);
  });

  it('is not tried again where that cannot help', async () => {
    const options = {
      signal: never,
      random: () => 0,
      again: (_error: unknown, failures: number) => failures < 2,
    };
    await expect(retrying(failing(9), options)).rejects.toThrow('failure 2');
  });

  it('ends with its last failure when the deadline passes while it waits', async () => {
    const options = { signal: AbortSignal.timeout(50), random: () => 0.99, again: () => true };
    await expect(retrying(failing(9), options)).rejects.toThrow('failure 1');
  });

  it('is not waited for beyond the deadline', async () => {
    const options = { signal: AbortSignal.timeout(50), random: () => 0, again: () => true };
    const silent = () => new Promise<never>(() => undefined);
    await expect(retrying(silent, options)).rejects.toThrow('aborted');
  });
});
