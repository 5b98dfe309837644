import { UserError } from '../errors';
import { autoscaler, disruptionBudget } from './availability';
import { deployment, type ServiceWorkload } from './deployment';
import { ENDPOINT_MOUNT, ENDPOINT_VOLUME, endpointConfigMap, revisionOf } from './endpoint-document';
import { serviceAccount } from './foundation';
import { runnableReference } from './image';
import { CONFIGURATION_ANNOTATION, HEALTH_PATHS, PORTS } from './names';
import type { WorkloadOptions } from './options';
import { service, targetGroupBinding } from './service';
import { MIN_REPLICAS, POD_SIZES } from './sizes';

/** Everything of the backend in the order in which it is applied; nothing without its image. */
export function backendObjects(options: WorkloadOptions): object[] {
  const { images, architecture, endpointConfiguration, backendVariables } = options;
  if (images.backend === undefined) return [];
  const workload: ServiceWorkload = {
    name: 'backend',
    image: runnableReference('backend', images.backend, architecture),
    architecture,
    port: PORTS.backend,
    healthPath: HEALTH_PATHS.backend,
    size: POD_SIZES.backend,
    variables: backendVariables,
    annotations: { [CONFIGURATION_ANNOTATION]: revisionOf(endpointConfiguration) },
    volumes: [ENDPOINT_VOLUME],
    mounts: [ENDPOINT_MOUNT],
  };
  return [
    serviceAccount('backend'),
    endpointConfigMap(endpointConfiguration),
    ...serviceObjects(options, workload),
  ];
}

/** Everything of the frontend in the order in which it is applied; nothing without its image. */
export function frontendObjects(options: WorkloadOptions): object[] {
  const { images, architecture } = options;
  if (images.frontend === undefined) return [];
  const workload: ServiceWorkload = {
    name: 'frontend',
    image: runnableReference('frontend', images.frontend, architecture),
    architecture,
    port: PORTS.frontend,
    healthPath: HEALTH_PATHS.frontend,
    size: POD_SIZES.frontend,
  };
  return [serviceAccount('frontend'), ...serviceObjects(options, workload)];
}

function serviceObjects(options: WorkloadOptions, workload: ServiceWorkload): object[] {
  const { name } = workload;
  return [
    service(name),
    disruptionBudget(name),
    deployment(workload),
    autoscaler(name, maxReplicasOf(options, name)),
    targetGroupBinding(name, options.targetGroupArns[name]),
  ];
}

function maxReplicasOf({ maxReplicas }: WorkloadOptions, name: 'backend' | 'frontend'): number {
  const given = maxReplicas[name];
  if (Number.isInteger(given) && given >= MIN_REPLICAS) return given;
  throw new UserError(
    `${name} may have ${given} pods at most; allowed is a whole number of at least ${MIN_REPLICAS}, which always run.`,
  );
}
