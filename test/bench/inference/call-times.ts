import type { LambdaProcess } from './lambda-process';

/** How often something is measured. */
export interface Effort {
  /** Calls before it counts. */
  readonly warmUp: number;
  readonly count: number;
}

/** Times in ms of the handler, of the SDK, and of the SDK again, round by round. */
export interface RoundTimes {
  readonly handler: readonly number[];
  readonly direct: readonly number[];
  readonly again: readonly number[];
}

/** Times in ms of a function that answers itself. */
export interface EmbeddedTimes {
  /** The first answer, for which the model is loaded and passes its self-test. */
  readonly first: number;
  readonly later: readonly number[];
}

/**
 * Calls the handler, the SDK, and the SDK again, in an order that turns from round to round, so that what slows the
 * machine slows all. How far the SDK is from itself is what no figure here can be trusted below. The SDK has a process of
 * its own: what the function does to its own, such as tracing every request, must not slow what it is compared with.
 */
export async function roundTimes(
  handler: LambdaProcess,
  sdk: LambdaProcess,
  { warmUp, count }: Effort,
): Promise<RoundTimes> {
  await handler.times(warmUp);
  await sdk.times(warmUp);
  const times = { handler: [] as number[], direct: [] as number[], again: [] as number[] };
  const runs = [
    async () => times.handler.push(...(await handler.times(1))),
    async () => times.direct.push(...(await sdk.times(1))),
    async () => times.again.push(...(await sdk.times(1))),
  ];
  for (let round = 0; round < count; round++) {
    for (let at = 0; at < runs.length; at++) await runs[(round + at) % runs.length]?.();
  }
  return times;
}

/** Calls a handler that answers itself, from its first answer on. */
export async function embeddedTimes(
  handler: LambdaProcess,
  { warmUp, count }: Effort,
): Promise<EmbeddedTimes> {
  const [first = Number.NaN] = await handler.times(1);
  await handler.times(warmUp);
  return { first, later: await handler.times(count) };
}
