import type { Deployment } from 'kubernetes-types/apps/v1';
import type {
  EnvVar,
  PodSpec,
  PodTemplateSpec,
  Probe,
  ResourceRequirements,
  TopologySpreadConstraint,
  Volume,
  VolumeMount,
} from 'kubernetes-types/core/v1';
import type { Architecture } from '../config/workloads/workloads-schema';
import { contentHash, type ReadinessCheck } from './readiness-check';
import { CONTAINER_SECURITY, POD_SECURITY, TEMPORARY_MOUNT, TEMPORARY_VOLUME } from './security-context';
import {
  ARCHITECTURE_LABEL,
  labelsOf,
  NAMESPACE,
  NODE_POOL,
  NODE_POOL_LABEL,
  REVISION_LABEL,
  selectorOf,
  type ServiceName,
  ZONE_LABEL,
} from '../config/workloads/workload-names';
import { type PodSize, SURGE_PODS } from '../config/workloads/pod-sizes';
import { DRAIN_SECONDS, GRACE_SECONDS, READY_SECONDS } from '../config/workloads/rollout-timing';

/** What tells one service from another. */
export interface ServiceWorkload {
  readonly name: ServiceName;
  /** Checked reference of the image. */
  readonly image: string;
  readonly architecture: Architecture;
  /** Port on which it listens. */
  readonly port: number;
  /** Path that answers 200 when it can serve. */
  readonly healthPath: string;
  readonly size: PodSize;
  /** Zones of the nodes: the pods must stand in every one of them. */
  readonly zones: number;
  /** Environment variables, nothing secret. @default - none */
  readonly variables?: Readonly<Record<string, string>>;
  /** Annotations of the pods; another value rolls them. @default - none */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Volumes and mounts beside /tmp. @default - none */
  readonly volumes?: readonly Volume[];
  readonly mounts?: readonly VolumeMount[];
}

/** Seconds that a pod may take to start: the backend loads its models first, and probes once killed it before. */
const START_SECONDS = 150;
const START_PERIOD_SECONDS = 5;

/** Seconds in which the first new pod of a rollout must be available, the start of a node for it included. */
const ROLLOUT_SECONDS = 600;

/**
 * A Deployment without a number of replicas: its HorizontalPodAutoscaler keeps two at least, and a number here would
 * reset what it scaled out at every rollout (kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale).
 */
export function deployment(workload: ServiceWorkload): Deployment {
  const { name } = workload;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: NAMESPACE, labels: labelsOf(name) },
    spec: {
      revisionHistoryLimit: 5,
      progressDeadlineSeconds: ROLLOUT_SECONDS,
      minReadySeconds: READY_SECONDS,
      selector: { matchLabels: selectorOf(name) },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: SURGE_PODS } },
      template: podsOf(workload),
    },
  };
}

/**
 * The gate after a rollout: an available pod of the very revision that was applied. A pod is available once it has been
 * ready for {@link READY_SECONDS}, its readiness gates included; the ready containers of a pod say nothing of these.
 * The ReplicaSet of a revision carries the labels of its pods and counts them, and leaves out a count of none
 * (kubernetes.io/docs/reference/kubernetes-api/workload-resources/replica-set-v1, ReplicaSetStatus).
 *
 * Until then the pods before it serve, and where none becomes available the deployment is taken back. One is enough: a
 * deploy must be possible while a zone is away.
 */
export function rolloutGate(workload: ServiceWorkload): ReadinessCheck {
  const labels = podsOf(workload).metadata?.labels ?? {};
  const selector = Object.entries({ ...selectorOf(workload.name), [REVISION_LABEL]: labels[REVISION_LABEL] });
  return {
    objectType: 'replicasets',
    objectName: `--selector=${selector.map((pair) => pair.join('=')).join(',')}`,
    objectNamespace: NAMESPACE,
    jsonPath: '.items[*].status.availableReplicas',
    timeoutMinutes: Math.ceil(ROLLOUT_SECONDS / 60) + 2,
  };
}

function podsOf(workload: ServiceWorkload): PodTemplateSpec {
  const { name, annotations } = workload;
  const spec: PodSpec = {
    ...POD_SECURITY,
    serviceAccountName: name,
    nodeSelector: nodesOf(workload.architecture),
    topologySpreadConstraints: spread(workload),
    terminationGracePeriodSeconds: GRACE_SECONDS,
    containers: [containerOf(workload)],
    volumes: [TEMPORARY_VOLUME, ...(workload.volumes ?? [])],
  };
  const revision = contentHash({ annotations, spec });
  return {
    metadata: {
      labels: { ...labelsOf(name), [REVISION_LABEL]: revision },
      ...(annotations && { annotations: { ...annotations } }),
    },
    spec,
  };
}

/** Nodes of the workloads' own pool, on which network policies are enforced, that can run the architecture. */
export function nodesOf(architecture: Architecture): Record<string, string> {
  return { [NODE_POOL_LABEL]: NODE_POOL, 'kubernetes.io/os': 'linux', [ARCHITECTURE_LABEL]: architecture };
}

/** Environment variables in the order of their names, so that the order of a record rolls nothing. */
export function variablesOf(variables: Readonly<Record<string, string>> = {}): EnvVar[] {
  return Object.entries(variables)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => ({ name, value }));
}

/** What a container asks for. CPU has no limit: what nobody else asks for may be used. */
export function resourcesOf({ cpuMillis, memoryMi, memoryLimitMi }: PodSize): ResourceRequirements {
  return {
    requests: { cpu: `${cpuMillis}m`, memory: `${memoryMi}Mi` },
    limits: { memory: `${memoryLimitMi}Mi` },
  };
}

function containerOf({ name, image, port, healthPath, size, variables, mounts }: ServiceWorkload) {
  const probe: Probe = { httpGet: { path: healthPath, port: 'http' }, timeoutSeconds: 3 };
  return {
    name,
    image,
    env: variablesOf(variables),
    ports: [{ name: 'http', containerPort: port, protocol: 'TCP' as const }],
    resources: resourcesOf(size),
    securityContext: CONTAINER_SECURITY,
    startupProbe: {
      ...probe,
      periodSeconds: START_PERIOD_SECONDS,
      failureThreshold: START_SECONDS / START_PERIOD_SECONDS,
    },
    readinessProbe: { ...probe, periodSeconds: 5, failureThreshold: 2 },
    livenessProbe: { ...probe, periodSeconds: 15, failureThreshold: 4 },
    lifecycle: { preStop: { sleep: { seconds: DRAIN_SECONDS } } },
    volumeMounts: [TEMPORARY_MOUNT, ...(mounts ?? [])],
  };
}

/**
 * Zones first and strictly, nodes where it can be; each revision on its own, or a rollout would skew the result.
 *
 * `minDomains` makes the zones real: the scheduler knows only zones that have a node, so one node in one zone would
 * satisfy the constraint otherwise, and Karpenter would start no second one
 * (kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints, "Known limitations";
 * aws-samples/appmod-blueprints#892: both pods of a service on one node of EKS Auto Mode).
 */
function spread({ name, zones }: ServiceWorkload): TopologySpreadConstraint[] {
  const common = {
    maxSkew: 1,
    labelSelector: { matchLabels: selectorOf(name) },
    matchLabelKeys: ['pod-template-hash'],
  };
  return [
    { ...common, topologyKey: ZONE_LABEL, whenUnsatisfiable: 'DoNotSchedule', minDomains: zones },
    { ...common, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'ScheduleAnyway' },
  ];
}
