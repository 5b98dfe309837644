/**
 * How requests come to a pod and stop coming. Probes, load balancer and pods go by these figures together: where they
 * disagree, a release drops requests.
 */

/** How often the load balancer asks a pod for its health, and how long the answer may take, in seconds. */
export const HEALTH_CHECK = { intervalSeconds: 15, timeoutSeconds: 5 } as const;

/**
 * Seconds for which a new pod must stay ready before a rollout stops an old one. A target takes its first request after
 * one health check (ELB guide, "Health checks for your target groups"): this is time for two.
 */
export const READY_SECONDS = 2 * HEALTH_CHECK.intervalSeconds;

/**
 * Seconds that a request may take: the load balancer's idle timeout, after which it answers 504 (ELB guide, "Load
 * balancer attributes", 60 unless set). So long it waits for the answers of a target that it lets go of.
 */
export const DEREGISTRATION_SECONDS = 60;

/** Seconds in which the controller and every node of the load balancer learn that a pod is about to stop. */
const NOTICE_SECONDS = 15;

/** Seconds between the order to stop and the signal: the pod serves until the load balancer has let go of it. */
export const DRAIN_SECONDS = NOTICE_SECONDS + DEREGISTRATION_SECONDS;

/** Seconds that a process has after the signal. */
export const STOP_SECONDS = 45;

/** Seconds from the order to stop to the kill. Kubernetes counts the wait before the signal too. */
export const GRACE_SECONDS = DRAIN_SECONDS + STOP_SECONDS;
