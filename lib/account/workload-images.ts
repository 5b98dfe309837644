import { ecrAddress } from '../config/workloads/ecr-address';
import type { Target } from '../config/load-environment';
import type { Environment } from '../config/environment';
import { type ConfiguredWorkload, runs } from '../config/workloads/configured-workloads';
import type { Architecture } from '../config/workloads/workloads-schema';
import { repositoryName } from '../config/resource-names';

/** An image in the registry of the account and region that are deployed to. */
export interface RegistryImage {
  readonly workload: ConfiguredWorkload;
  readonly repository: string;
  /** `sha256:` and 64 hexadecimal digits. */
  readonly digest: string;
  /** Whether the repository is the environment's own, which its first deployment makes. */
  readonly own: boolean;
  /** What configuration says that the image was built for. */
  readonly stated: readonly Architecture[];
}

/** Where the images of an environment come from. */
export interface WorkloadImages {
  /** Those that can be looked up with the credentials of a deployment. */
  readonly inRegistry: readonly RegistryImage[];
  /** Workloads whose images are of another registry, account or region. */
  readonly elsewhere: readonly ConfiguredWorkload[];
}

/**
 * Repository of an image in the registry that is deployed to; undefined where it is certain to be of another one.
 *
 * @param address what stands before the digest; empty for the environment's own repository
 */
function repositoryOf(address: string, own: string, target: Partial<Target>): string | undefined {
  if (address === '') return own;
  const found = ecrAddress(address);
  const here =
    (target.account === undefined || found?.account === target.account) &&
    (target.region === undefined || found?.region === target.region);
  return here ? found?.repository : undefined;
}

/**
 * Images of the workloads that run, told apart by whether the registry that is deployed to has them.
 *
 * @param target where it is known; an unknown account or region is taken for that of the image
 */
export function workloadImages(environment: Environment, target: Partial<Target>): WorkloadImages {
  const [inRegistry, elsewhere]: [RegistryImage[], ConfiguredWorkload[]] = [[], []];
  const { images } = environment.platform.workloads;
  for (const workload of Object.keys(images) as ConfiguredWorkload[]) {
    const given = images[workload];
    if (given === undefined || !runs(environment, workload)) continue;
    const at = given.image.lastIndexOf('@');
    const address = given.image.slice(0, Math.max(at, 0));
    const own = repositoryName(environment.name, workload);
    const repository = repositoryOf(address, own, target);
    if (repository === undefined) elsewhere.push(workload);
    else {
      const digest = given.image.slice(at + 1);
      inRegistry.push({
        workload,
        repository,
        digest,
        own: repository === own,
        stated: given.architectures,
      });
    }
  }
  return { inRegistry, elsewhere };
}
