import timersPromises from 'node:timers/promises';

type Delay = typeof timersPromises.setTimeout;

/** `setTimeout` of `node:timers/promises`, on the clock of the test. */
const delay: Delay = (ms, value, { signal } = {}) =>
  new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(new DOMException('The operation was aborted', 'AbortError'));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve(value as never);
    }, ms);
    if (signal?.aborted === true) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });

/** `AbortSignal.timeout`, on the clock of the test. */
function abortedAfter(ms: number): AbortSignal {
  const controller = new AbortController();
  setTimeout(
    () => controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError')),
    ms,
  );
  return controller.signal;
}

/**
 * Replaces the clock and the timers in each test of the file or `describe` that calls it: time passes only as the event
 * loop turns. A machine that is slow or busy slows this clock as much as the code under test, so a deadline passes at
 * the same point of the work everywhere.
 *
 * @param msATurn that pass with a turn of the event loop, which takes a millisecond or more
 */
export function steadyTime(msATurn = 1): void {
  let turns: NodeJS.Timeout;
  let replaced: readonly { mockRestore(): void }[];
  beforeEach(() => {
    turns = setInterval(() => jest.advanceTimersByTime(msATurn), 1);
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'clearImmediate', 'queueMicrotask'] });
    replaced = [
      jest.spyOn(timersPromises, 'setTimeout').mockImplementation(delay),
      jest.spyOn(AbortSignal, 'timeout').mockImplementation(abortedAfter),
    ];
  });
  afterEach(() => {
    for (const spy of replaced) spy.mockRestore();
    jest.useRealTimers();
    clearInterval(turns);
  });
}
