import { UserError } from '../errors';
import { autoscaler, disruptionBudget, MIN_REPLICAS } from './availability';
import { checkManifests } from './checks';
import { deployment, type ServiceWorkload } from './deployment';
import { ENDPOINT_MOUNT, ENDPOINT_VOLUME, endpointConfigMap, revisionOf } from './endpoint-document';
import { namespace, networkPolicyController, serviceAccount } from './foundation';
import { runnableReference } from './image';
import { type Manifest, toManifests } from './manifest';
import { type MigrationGate, migrationGate, migrationJob } from './migration';
import { CONFIGURATION_ANNOTATION, HEALTH_PATHS, PORTS } from './names';
import { networkPolicies } from './network-policies';
import type { WorkloadOptions } from './options';
import { service, targetGroupBinding } from './service';

/** Nothing to run, and why. */
export interface NoWorkloads {
  readonly deployed: false;
  readonly reason: string;
}

/** What runs, in the order in which it is applied. */
export interface Workloads {
  readonly deployed: true;
  /** Namespace, identities, configuration and network policies. */
  readonly foundation: readonly Manifest[];
  /** The migration, and what to wait for before the rollout; none without its image. */
  readonly migration?: { readonly manifests: readonly Manifest[]; readonly gate: MigrationGate };
  /** Everything else: services, their pods, and their way to the load balancer. */
  readonly rollout: readonly Manifest[];
}

const DEFAULT_MAX_REPLICAS = 4;

/**
 * The manifests of the platform's workloads, a pure function of its options.
 *
 * @throws UserError when an image is not given by digest or was built for other nodes, when a number of replicas does
 *   not fit, or when a manifest breaks a rule of {@link checkManifests}
 */
export function workloadManifests(options: WorkloadOptions): Workloads | NoWorkloads {
  const { backend, frontend } = options.images;
  if (backend === undefined && frontend === undefined) {
    return {
      deployed: false,
      reason:
        'No image is configured, so the platform runs no workload. Push images to its repositories, then set ' +
        'platform.workloads.images.backend and .frontend to their digests.',
    };
  }
  const migration = renderMigration(options);
  const workloads: Workloads = {
    deployed: true,
    foundation: renderFoundation(options),
    ...(migration && { migration }),
    rollout: toManifests([...backendObjects(options), ...frontendObjects(options)]),
  };
  refuseFaults(workloads, options);
  return workloads;
}

/** All manifests in the order in which they are applied. */
export function allManifests(workloads: Workloads | NoWorkloads): Manifest[] {
  if (!workloads.deployed) return [];
  const { foundation, migration, rollout } = workloads;
  return [...foundation, ...(migration?.manifests ?? []), ...rollout];
}

function renderFoundation({ images, endpointConfiguration, network }: WorkloadOptions): Manifest[] {
  const ofBackend = [serviceAccount('backend'), endpointConfigMap(endpointConfiguration)];
  return toManifests([
    namespace(),
    networkPolicyController(),
    ...networkPolicies(network),
    ...(images.backend ? ofBackend : []),
    ...(images.frontend ? [serviceAccount('frontend')] : []),
  ]);
}

function renderMigration(options: WorkloadOptions): Workloads['migration'] {
  const { images, architecture, backendVariables } = options;
  if (images.migration === undefined) return undefined;
  if (images.backend === undefined) {
    throw new UserError(
      'There is an image of migration and none of backend, which the migration precedes and whose identity it uses. ' +
        'Give both, or the backend alone.',
    );
  }
  const image = runnableReference('migration', images.migration, architecture);
  const job = migrationJob({ image, architecture, variables: backendVariables });
  return { manifests: toManifests([job]), gate: migrationGate(job) };
}

function backendObjects(options: WorkloadOptions): object[] {
  const { images, architecture, endpointConfiguration, backendVariables } = options;
  if (images.backend === undefined) return [];
  return serviceObjects(options, {
    name: 'backend',
    image: runnableReference('backend', images.backend, architecture),
    architecture,
    port: PORTS.backend,
    healthPath: HEALTH_PATHS.backend,
    resources: { requests: { cpu: '500m', memory: '1Gi' }, limits: { memory: '3Gi' } },
    variables: backendVariables,
    annotations: { [CONFIGURATION_ANNOTATION]: revisionOf(endpointConfiguration) },
    volumes: [ENDPOINT_VOLUME],
    mounts: [ENDPOINT_MOUNT],
  });
}

function frontendObjects(options: WorkloadOptions): object[] {
  const { images, architecture } = options;
  if (images.frontend === undefined) return [];
  return serviceObjects(options, {
    name: 'frontend',
    image: runnableReference('frontend', images.frontend, architecture),
    architecture,
    port: PORTS.frontend,
    healthPath: HEALTH_PATHS.frontend,
    resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { memory: '512Mi' } },
  });
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
  const given = maxReplicas?.[name] ?? DEFAULT_MAX_REPLICAS;
  if (Number.isInteger(given) && given >= MIN_REPLICAS) return given;
  throw new UserError(
    `${name} may have ${given} pods at most; allowed is a whole number of at least ${MIN_REPLICAS}, which always run.`,
  );
}

function refuseFaults(workloads: Workloads, { architecture, modelPaths }: WorkloadOptions): void {
  const findings = checkManifests(allManifests(workloads), { architecture, modelPaths });
  if (findings.length === 0) return;
  const lines = findings.map(
    ({ rule, resource, problem, fix }) => `  - ${resource}: ${problem} ${fix} (${rule})`,
  );
  throw new UserError(['The manifests of the workloads break rules:', ...lines].join('\n'));
}
