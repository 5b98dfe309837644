import { SERVICES, type ServiceName } from './workload-names';
import type { Environment } from '../environment';

/** Workloads that can have an image, in the order of the configuration. */
export type ConfiguredWorkload = keyof Environment['platform']['workloads']['images'];

/** Whether the environment runs that workload: its image is configured, and there is a cluster. */
export function runs({ platform }: Environment, workload: ConfiguredWorkload): boolean {
  return platform.enabled && platform.workloads.images[workload] !== undefined;
}

/** Services that the environment runs. */
export function runningServices(environment: Environment): readonly ServiceName[] {
  return SERVICES.filter((service) => runs(environment, service));
}

/** Whether the environment runs anything on its cluster. A migration alone is none: it precedes the backend. */
export function runsWorkloads(environment: Environment): boolean {
  return runningServices(environment).length > 0;
}

/**
 * Services whose pods the load balancer asks for their health: those that run, once a certificate lets it listen. A
 * target group that no listener uses is not asked, and has no metrics.
 */
export function watchedServices(environment: Environment): readonly ServiceName[] {
  return environment.platform.certificateArn === undefined ? [] : runningServices(environment);
}

/** Whether an image, as the configuration spells it, lies in the environment's own repository: a digest stands alone. */
export function isOwnImage(image: string): boolean {
  return image.startsWith('sha256:');
}
