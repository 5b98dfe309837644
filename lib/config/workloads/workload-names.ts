/** Namespace of the workloads; the trusts of the pods' roles name it too. */
export const NAMESPACE = 'mini-xdr';

/** Workloads that the load balancer sends requests to. */
export const SERVICES = ['backend', 'frontend'] as const;
export type ServiceName = (typeof SERVICES)[number];

/** Workloads, as their label `app.kubernetes.io/name` says. */
export const WORKLOADS = [...SERVICES, 'migration'] as const;
export type Workload = (typeof WORKLOADS)[number];

/** Ports on which the pods listen. */
export const PORTS = { backend: 8000, frontend: 3000 } as const;

/** Port of PostgreSQL: off its well-known 5432, which scanners try first. */
export const DATABASE_PORT = 5433;

/** Paths that answer 200 without credentials once a pod can serve: probes and load balancer ask the same. */
export const HEALTH_PATHS = { backend: '/health', frontend: '/' } as const;

/** Name of the pool of nodes that the workloads run on, and of the class that sets these nodes up. */
export const NODE_POOL = 'mini-xdr';

/** Label of a node with the name of its pool (karpenter.sh/docs/concepts/nodepools). */
export const NODE_POOL_LABEL = 'karpenter.sh/nodepool';

/** Label of a node with the architecture of its processors. */
export const ARCHITECTURE_LABEL = 'kubernetes.io/arch';

/** Label of a node with its availability zone. */
export const ZONE_LABEL = 'topology.kubernetes.io/zone';

/** Label that tells workloads apart. */
export const NAME_LABEL = 'app.kubernetes.io/name';

/** Annotation of a pod template with the content hash of its configuration: another hash rolls the pods. */
export const CONFIGURATION_ANNOTATION = 'mini-xdr/endpoints-sha256';

/**
 * Annotation of a pod template that says whether the load balancer checks the pods: a change of it makes new pods, which
 * get a readiness gate or get rid of it.
 */
export const LISTENING_ANNOTATION = 'mini-xdr/listening';

/** Label of pods with a hash of all that they were made from: tells those of a rollout from those before it. */
export const REVISION_LABEL = 'mini-xdr/revision';

/** Annotation of a network policy that lets pods reach the internet: the reason. */
export const INTERNET_ANNOTATION = 'mini-xdr/internet-egress';

/** Labels that select the pods of a workload; they never change, because a Deployment's selector cannot. */
export function selectorOf(workload: Workload): Record<string, string> {
  return { [NAME_LABEL]: workload };
}

/** Labels of a workload's objects. */
export function labelsOf(workload: Workload): Record<string, string> {
  return { ...selectorOf(workload), 'app.kubernetes.io/part-of': NAMESPACE };
}
