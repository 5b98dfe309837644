import type { Environment } from './schema';

/** Workloads that can have an image, in the order of the configuration. */
export type ConfiguredWorkload = keyof Environment['platform']['workloads']['images'];

/** Whether the environment runs that workload: its image is configured, and there is a cluster. */
export function runs({ platform }: Environment, workload: ConfiguredWorkload): boolean {
  return platform.enabled && platform.workloads.images[workload] !== undefined;
}

/** Whether the environment runs anything on its cluster. A migration alone is none: it precedes the backend. */
export function runsWorkloads(environment: Environment): boolean {
  return runs(environment, 'backend') || runs(environment, 'frontend');
}
