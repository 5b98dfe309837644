import { ARCHITECTURES, type Architecture } from '../config/workloads/workloads-schema';
import type { AccountNeeds, FoundImage } from './account-facts';
import { type AccountFinding, accountFinding } from './account-findings-registry';
import type { RegistryImage } from './workload-images';

/** What to set where the image is right and the configuration is not; nothing where no node could run it. */
function settings(workload: string, built: readonly Architecture[], nodes: Architecture): string {
  const [first] = built;
  if (first === undefined) return '';
  const architectures = `, or set platform.workloads.images.${workload}.architectures to ${built.join(', ')}`;
  return built.includes(nodes)
    ? architectures
    : `${architectures} and platform.workloads.architecture to ${first}, for which every image must be built`;
}

/**
 * What is wrong with an image that was looked up.
 *
 * @param nodes architecture of the nodes that it is to run on
 */
export function imageFindings(
  { workload, repository, digest, own, stated }: RegistryImage,
  nodes: Architecture,
  found: FoundImage,
): AccountFinding[] {
  if (!found.found) {
    const { lacking } = found;
    const owner = own ? 'environment' : 'configuration';
    return [accountFinding('image-missing', { workload, repository, digest, lacking, owner })];
  }
  const built = ARCHITECTURES.filter((architecture) => found.architectures.includes(architecture));
  if (stated.every((architecture) => built.includes(architecture))) return [];
  return [
    accountFinding('image-architecture', {
      workload,
      built: found.architectures.join(' and ') || 'no Linux architecture',
      stated: stated.join(' and '),
      nodes,
      runs: built.includes(nodes) ? 'yes' : 'no',
      platforms: stated.map((architecture) => `linux/${architecture}`).join(','),
      settings: settings(workload, built, nodes),
    }),
  ];
}

/** One note for all images that no reading of this account tells anything about. */
export function imagesElsewhere({ images }: AccountNeeds): AccountFinding[] {
  const workloads = images?.elsewhere ?? [];
  return workloads.length === 0
    ? []
    : [accountFinding('images-elsewhere', { workloads: workloads.join(', ') })];
}
