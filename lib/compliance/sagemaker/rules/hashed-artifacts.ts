import { CONTAINER_TYPES, containersOf } from '../model-containers';
import type { Rule } from '../sagemaker-rule';

/** 16 hexadecimal digits or more that stand alone, so that no ordinary word counts. */
const CONTENT_HASH = /(?<![0-9a-z])[0-9a-f]{16,}(?![0-9a-z])/;

/**
 * The key of a single model carries its content hash. A multi-model container names a prefix instead; there the
 * caller's target model carries the hash.
 */
export const hashedArtifacts: Rule = {
  id: 'HashedArtifacts',
  types: CONTAINER_TYPES,
  why: 'SageMaker does not load an artifact again that changed under the same key: a deploy would report success and run the old model.',
  check: (resource) =>
    containersOf(resource)
      .filter(
        ({ artifact, multiModel }) =>
          artifact !== undefined && !multiModel && !CONTENT_HASH.test(keyOf(artifact)),
      )
      .map(({ artifact }) => ({
        key: `Artifact::${artifact}`,
        problem: `The artifact ${artifact} has no content hash in its key.`,
        fix: 'Publish the archive under a key with 16 or more hexadecimal digits of its content hash.',
      })),
};

function keyOf(artifact: string): string {
  return artifact.replace(/\$\{[^}]*\}/g, '').replace(/^s3:\/\/[^/]*/, '');
}
