import { UserError } from '../util/user-error';
import type { ReadinessCheck } from './readiness-check';
import { namespace, networkPolicyController, serviceAccount } from './foundation';
import { runnableReference } from './image-reference';
import { type Manifest, toManifests } from './manifest';
import { migrationGate, migrationJob } from './migration-job';
import { internetEgress, networkPolicies } from './network-policies';
import { nodeClass, nodePool } from './node-pool';
import type { WorkloadOptions } from './workload-options';
import { backend, frontend, type Service } from './service-objects';

/**
 * Objects that are applied and deleted together. What a setting takes away is a group of its own: deleting a group
 * deletes its objects, while an object that is only left out of one stays behind, as `kubectl apply --prune` knows
 * neither network policies, disruption budgets and autoscalers nor EKS's own kinds.
 */
export interface ManifestGroup {
  /** Which group it is, such as `Backend`; the same at every rendering. */
  readonly id: string;
  readonly manifests: readonly Manifest[];
  /** Ids of the groups that must be applied before this one, their gates included; all of them come earlier. */
  readonly after: readonly string[];
  /** What must have happened, once the group is applied, before any group that comes after it. */
  readonly gate?: ReadinessCheck;
}

/**
 * The groups in the order in which they are applied.
 *
 * @throws UserError when there is a migration without a backend, an image that cannot run, or too few vCPUs of nodes
 */
export function renderGroups(options: WorkloadOptions): ManifestGroup[] {
  const groups = [
    foundation(options),
    throughNat(options),
    migration(options),
    rollout('Backend', ['Foundation', 'InternetEgress', 'Migration'], backend(options)),
    rollout('Frontend', ['Foundation', 'Backend'], frontend(options)),
  ].filter(({ manifests }) => manifests.length > 0);
  const ids = new Set(groups.map(({ id }) => id));
  return groups.map((one) => ({ ...one, after: one.after.filter((id) => ids.has(id)) }));
}

function group(
  id: string,
  after: readonly string[],
  objects: readonly object[],
  gate?: ReadinessCheck,
): ManifestGroup {
  return { id, manifests: toManifests(objects), after, ...(gate && { gate }) };
}

function rollout(id: string, after: readonly string[], service: Service | undefined): ManifestGroup {
  return service === undefined ? group(id, after, []) : group(id, after, service.objects, service.gate);
}

/** What every other group stands on; the policies stand before the pods that they restrict. */
function foundation({ network, nodes, architecture, listening }: WorkloadOptions): ManifestGroup {
  return group(
    'Foundation',
    [],
    [
      namespace(listening),
      networkPolicyController(),
      nodeClass(nodes),
      nodePool(nodes, architecture),
      ...networkPolicies(network),
    ],
  );
}

function throughNat({ network }: WorkloadOptions): ManifestGroup {
  return group('InternetEgress', ['Foundation'], network.nat ? [internetEgress(network)] : []);
}

function migration({ images, architecture, migrationVariables }: WorkloadOptions): ManifestGroup {
  const after = ['Foundation', 'InternetEgress'];
  if (images.migration === undefined) return group('Migration', after, []);
  if (images.backend === undefined) {
    throw new UserError(
      'There is an image of migration and none of backend, which the migration precedes. Give both, or the backend ' +
        'alone.',
    );
  }
  const image = runnableReference('migration', images.migration, architecture);
  const job = migrationJob({ image, architecture, variables: migrationVariables });
  return group('Migration', after, [serviceAccount('migration'), job], migrationGate(job));
}
