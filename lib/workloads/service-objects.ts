import { UserError } from '../util/user-error';
import { autoscaler, disruptionBudget } from './pod-availability';
import { deployment, rolloutGate, type ServiceWorkload } from './deployment';
import { ENDPOINT_MOUNT, ENDPOINT_VOLUME, endpointConfigMap, revisionOf } from './endpoint-document';
import { serviceAccount } from './foundation';
import type { ReadinessCheck } from './readiness-check';
import { runnableReference } from './image-reference';
import {
  CONFIGURATION_ANNOTATION,
  HEALTH_PATHS,
  LISTENING_ANNOTATION,
  PORTS,
  type ServiceName,
} from '../config/workloads/workload-names';
import type { WorkloadOptions } from './workload-options';
import { service, targetGroupBinding } from './service';
import { MIN_REPLICAS, POD_SIZES } from '../config/workloads/pod-sizes';

/** A service as it is applied. */
export interface Service {
  /** In the order in which they are applied. */
  readonly objects: readonly object[];
  /** What tells that its rollout went well. */
  readonly gate: ReadinessCheck;
}

/** Everything of the backend; nothing without its image. */
export function backend(options: WorkloadOptions): Service | undefined {
  const { images, architecture, nodes, endpointConfiguration, backendVariables } = options;
  if (images.backend === undefined) return undefined;
  const workload: ServiceWorkload = {
    name: 'backend',
    image: runnableReference('backend', images.backend, architecture),
    architecture,
    port: PORTS.backend,
    healthPath: HEALTH_PATHS.backend,
    size: POD_SIZES.backend,
    zones: nodes.zones,
    variables: backendVariables,
    annotations: { ...annotationsOf(options), [CONFIGURATION_ANNOTATION]: revisionOf(endpointConfiguration) },
    volumes: [ENDPOINT_VOLUME],
    mounts: [ENDPOINT_MOUNT],
  };
  return {
    objects: [endpointConfigMap(endpointConfiguration), ...serviceObjects(options, workload)],
    gate: rolloutGate(workload),
  };
}

/** Everything of the frontend; nothing without its image. */
export function frontend(options: WorkloadOptions): Service | undefined {
  const { images, architecture, nodes } = options;
  if (images.frontend === undefined) return undefined;
  const workload: ServiceWorkload = {
    name: 'frontend',
    image: runnableReference('frontend', images.frontend, architecture),
    architecture,
    port: PORTS.frontend,
    healthPath: HEALTH_PATHS.frontend,
    size: POD_SIZES.frontend,
    zones: nodes.zones,
    annotations: annotationsOf(options),
  };
  return { objects: serviceObjects(options, workload), gate: rolloutGate(workload) };
}

function annotationsOf({ listening }: WorkloadOptions): Record<string, string> {
  return { [LISTENING_ANNOTATION]: String(listening) };
}

/** The Deployment comes after the objects by which its pods get their readiness gate. */
function serviceObjects(options: WorkloadOptions, workload: ServiceWorkload): object[] {
  const { name } = workload;
  return [
    serviceAccount(name),
    service(name),
    targetGroupBinding(name, options.targetGroupArns[name]),
    disruptionBudget(name),
    deployment(workload),
    autoscaler(name, maxReplicasOf(options, name)),
  ];
}

function maxReplicasOf({ maxReplicas }: WorkloadOptions, name: ServiceName): number {
  const given = maxReplicas[name];
  if (Number.isInteger(given) && given >= MIN_REPLICAS) return given;
  throw new UserError(
    `${name} may have ${given} pods at most; allowed is a whole number of at least ${MIN_REPLICAS}, which always run.`,
  );
}
