import type { Architecture } from '../config/workloads/workloads-schema';
import { UserError } from '../util/user-error';
import type { Workload } from '../config/workloads/workload-names';
import type { ContainerImage } from './workload-options';

/** What follows the repository of an image that nobody can move. */
const DIGEST = /^(.+)@sha256:([0-9a-f]{64})$/;

/** A CDK token inside a text: its value is known only once the stack is deployed. */
const TOKEN = /\$\{Token\[[^\]]*\]\}/g;

/** The digest's 64 hexadecimal digits when the reference names an image by digest alone; a tag beside it is refused. */
export function digestOf(reference: string): string | undefined {
  const [, repository, digest] = DIGEST.exec(reference) ?? [];
  if (repository === undefined) return undefined;
  const name = repository.replaceAll(TOKEN, 'token').split('/').at(-1) ?? '';
  return /[:@\s]/.test(name) ? undefined : digest;
}

/**
 * The reference of an image that may run.
 *
 * @throws UserError when it is not given by digest, or was not built for the nodes
 */
export function runnableReference(
  workload: Workload,
  image: ContainerImage,
  architecture: Architecture,
): string {
  if (digestOf(image.reference) === undefined) {
    throw new UserError(
      `The image of ${workload} is "${image.reference}"; allowed is REPOSITORY@sha256: and 64 hexadecimal digits, ` +
        'without a tag, which others can move. The registry shows the digest of each image beside its tags.',
    );
  }
  if (!image.architectures.includes(architecture)) {
    throw new UserError(
      `The image of ${workload} was built for ${image.architectures.join(' and ') || 'no architecture'}, the nodes are ` +
        `${architecture}. Build it for ${architecture}, or set platform.workloads.architecture to what it was built for.`,
    );
  }
  return image.reference;
}
