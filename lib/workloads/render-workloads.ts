import { UserError } from '../util/user-error';
import { checkManifests, spellFinding } from './checks';
import { type ManifestGroup, renderGroups } from './manifest-groups';
import type { Manifest } from './manifest';
import type { WorkloadOptions } from './workload-options';

/** Nothing to run, and why. */
export interface NoWorkloads {
  readonly deployed: false;
  readonly reason: string;
}

/** What runs. */
export interface Workloads {
  readonly deployed: true;
  /** In the order in which they are applied. */
  readonly groups: readonly ManifestGroup[];
}

/**
 * The manifests of the platform's workloads, a pure function of its options.
 *
 * @throws UserError when an image is not given by digest or was built for other nodes, when a number of replicas or of
 *   vCPUs does not fit, or when a manifest breaks a rule of {@link checkManifests}
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
  const workloads: Workloads = { deployed: true, groups: renderGroups(options) };
  refuseFaults(workloads, options);
  return workloads;
}

/** All manifests in the order in which they are applied. */
export function allManifests(workloads: Workloads | NoWorkloads): Manifest[] {
  return workloads.deployed ? workloads.groups.flatMap(({ manifests }) => manifests) : [];
}

function refuseFaults(workloads: Workloads, { architecture, modelPaths }: WorkloadOptions): void {
  const findings = checkManifests(allManifests(workloads), { architecture, modelPaths });
  if (findings.length === 0) return;
  const lines = findings.map((found) => `  - ${spellFinding(found)}`);
  throw new UserError(['The manifests of the workloads break rules:', ...lines].join('\n'));
}
