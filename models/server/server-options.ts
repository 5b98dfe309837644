import { containerMemory, modelMemory } from './memory-limits';
import type { ServerOptions } from './server';

const MIB = 1024 * 1024;

/** What InvokeEndpoint has always taken, and what a Lambda in front can be sent at once. */
const PAYLOAD_BYTES = 6 * MIB;

/** No real-time endpoint of SageMaker lets more through. */
const MOST_PAYLOAD_BYTES = 25 * MIB;

/** Requests worked on at the same time: those that arrive together share one run of the graph. */
const CONCURRENT = 32;

/** Largest bodies in memory at the same time; parsed, each takes some twenty times its size. */
const LARGEST_BODIES = 4;

/** Requests that wait: at some milliseconds a request, the last is still answered within a second. */
const QUEUED = 128;

function wholeNumber(
  environment: NodeJS.ProcessEnv,
  name: string,
  fallback: number,
  [least, most]: readonly [number, number],
): number {
  const text = environment[name];
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) {
    throw new Error(`${name} must be a whole number, ${least} to ${most}`);
  }
  return value;
}

/**
 * Settings from the container's environment. SageMaker sets SAGEMAKER_BIND_TO_PORT and SAGEMAKER_MULTI_MODEL; the
 * rest is for whoever deploys:
 * - MODEL_FOLDER: where the model lies, or below which models lie. Default: where SageMaker puts them.
 * - MAX_PAYLOAD_BYTES: largest body of a request for predictions; larger ones get 413. Default: 6 MiB.
 * - MODEL_MEMORY_MB: what all models of a multi-model container may take together, in MiB; a load beyond it gets
 *   507. Default: half of the container's memory, at most 2048.
 * - MAX_CONCURRENT_REQUESTS: requests for predictions worked on at the same time, as long as their bodies are together
 *   no larger than four of the largest. Default: 32.
 * - MAX_QUEUED_REQUESTS: requests that may wait; further ones get 503. Default: 128.
 *
 * @throws Error that names the variable and what is allowed
 */
export function optionsFrom(environment: NodeJS.ProcessEnv): Omit<ServerOptions, 'log'> {
  const number = (name: string, fallback: number, range: readonly [number, number]) =>
    wholeNumber(environment, name, fallback, range);
  const maxPayloadBytes = number('MAX_PAYLOAD_BYTES', PAYLOAD_BYTES, [1, MOST_PAYLOAD_BYTES]);
  const mode = environment['SAGEMAKER_MULTI_MODEL']?.toLowerCase() === 'true' ? 'multi' : 'single';
  return {
    port: number('SAGEMAKER_BIND_TO_PORT', 8080, [0, 65_535]),
    mode,
    folder: environment['MODEL_FOLDER'] ?? (mode === 'multi' ? '/opt/ml/models' : '/opt/ml/model'),
    maxPayloadBytes,
    modelMemoryBytes:
      number('MODEL_MEMORY_MB', Math.floor(modelMemory(containerMemory()) / MIB), [1, 4096]) * MIB,
    requests: {
      concurrent: number('MAX_CONCURRENT_REQUESTS', CONCURRENT, [1, 1000]),
      bytes: LARGEST_BODIES * maxPayloadBytes,
      queued: number('MAX_QUEUED_REQUESTS', QUEUED, [0, 100_000]),
    },
  };
}
