import { CONTAINER_TYPES, containersOf } from '../model-containers';
import { targetOf } from '../../rendered-resource';
import type { Rule } from '../sagemaker-rule';
import type { ResourceTree } from '../resource-tree';

/**
 * Models are loaded from the project's own bucket.
 *
 * @param modelBucketPath path of the model bucket's resource; any bucket of the tree will do when undefined
 */
export function projectArtifacts(modelBucketPath: string | undefined): Rule {
  return {
    id: 'ProjectArtifacts',
    types: CONTAINER_TYPES,
    why: 'Whoever can write the artifact decides what the endpoint runs; only the model store is versioned, keyed and logged.',
    check: (resource, tree) =>
      containersOf(resource).flatMap(({ artifact }) => {
        if (artifact === undefined || bucketPaths(modelBucketPath, tree).has(bucketOf(artifact))) return [];
        return {
          key: `Artifact::${artifact}`,
          problem: `The artifact ${artifact} is not in the project's model bucket.`,
          fix: 'Publish the archive to the model store and refer to it by that bucket construct, not by a written name.',
        };
      }),
  };
}

function bucketOf(artifact: string): string {
  // A reference holds slashes itself, so the bucket ends at the brace and not at the first slash.
  const bucket = /^s3:\/\/(\$\{[^}]*\}|[^/]*)(\/|$)/.exec(artifact)?.[1];
  return targetOf(bucket) ?? '';
}

function bucketPaths(modelBucketPath: string | undefined, tree: ResourceTree): ReadonlySet<string> {
  if (modelBucketPath !== undefined) return new Set([modelBucketPath]);
  return new Set(tree.ofType('AWS::S3::Bucket').map((bucket) => bucket.path));
}
