import type { Environment } from './schema';
import { runs } from './workloads';

/** Workloads that the load balancer sends requests to. */
export const SERVICES = ['backend', 'frontend'] as const;
export type Service = (typeof SERVICES)[number];

/**
 * Services whose pods the load balancer asks for their health: those that have an image, once a certificate lets it
 * listen. A target group that no listener uses is not asked, and has no metrics.
 */
export function watchedServices(environment: Environment): readonly Service[] {
  if (environment.platform.certificateArn === undefined) return [];
  return SERVICES.filter((service) => runs(environment, service));
}
