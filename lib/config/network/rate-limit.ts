import type { Environment } from '../environment';

/** Seconds over which the web ACL counts the requests of one address. */
export const RATE_WINDOW_SECONDS = 300;

/** Requests in that time that any address may make: pages, their assets and calls of a few people. */
const LEAST = 2000;

/** Requests a second at planned peak, of all specialists together. */
export function peakRps({ traffic }: Environment): number {
  return Object.values(traffic).reduce((sum, { peakRps: one }) => sum + one, 0);
}

/** Requests in the web ACL's time at planned peak, which may all come from one address, such as a NAT gateway's. */
export function peakRequests(environment: Environment): number {
  return Math.ceil(peakRps(environment) * RATE_WINDOW_SECONDS);
}

/**
 * Requests that the web ACL lets one address make in five minutes: what the configuration says, or as many as the
 * endpoints are sized for (`hosting.safetyFactor`), and not fewer than {@link LEAST}.
 */
export function rateLimit(environment: Environment): number {
  const { hosting, platform } = environment;
  const sized = Math.ceil(peakRequests(environment) * hosting.safetyFactor);
  return platform.loadBalancer.rateLimitPer5Minutes ?? Math.max(LEAST, sized);
}
