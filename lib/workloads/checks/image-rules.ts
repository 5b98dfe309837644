import { textOf, type JsonRecord } from '../../util/json';
import { digestOf } from '../image-reference';
import { ARCHITECTURE_LABEL } from '../../config/workloads/workload-names';
import { offers, poolOf } from './node-rules';
import { at, containersOf, type Fault, type ManifestRule, nameOf, podsOf } from './manifest-rule';

/** Images are named by digest: a tag can be moved to something that nobody tested. */
export const pinnedImage: ManifestRule = {
  id: 'PinnedImage',
  check: (manifest) => {
    const pods = podsOf(manifest);
    if (pods === undefined) return [];
    return containersOf(pods)
      .filter((container) => digestOf(textOf(container['image']) ?? '') === undefined)
      .map((container) => ({
        problem: `The container ${nameOf(container)} runs ${textOf(container['image']) ?? 'no image'}, which is not given by digest alone.`,
        fix: 'Name the image REPOSITORY@sha256:DIGEST.',
      }));
  },
};

/** All pods ask for nodes of one architecture, for the one that there is, and for one that their pool may start. */
export const sameArchitecture: ManifestRule = {
  id: 'SameArchitecture',
  check: (manifest, all, { architecture }) => {
    if (podsOf(manifest) === undefined) return [];
    const given = architectureOf(manifest);
    const expected = architecture ?? all.map(architectureOf).find((found) => found !== undefined);
    const pool = poolOf(manifest, all);
    if (given !== undefined && given === expected) {
      return pool === undefined || offers(pool, given) ? [] : [notOffered(given)];
    }
    return [
      {
        problem: `The pods ask for ${given === undefined ? 'nodes of any architecture' : `${given} nodes`}; there are ${expected ?? 'no'} ones.`,
        fix: `Set nodeSelector ${ARCHITECTURE_LABEL} to ${expected ?? 'amd64 or arm64'}, and build the image for it.`,
      },
    ];
  },
};

const notOffered = (architecture: string): Fault => ({
  problem: `The pods ask for ${architecture} nodes, which their pool never starts.`,
  fix: `Put ${architecture} among the values of the NodePool's requirement ${ARCHITECTURE_LABEL}.`,
});

const architectureOf = (manifest: JsonRecord): string | undefined =>
  textOf(at(podsOf(manifest)?.spec, 'nodeSelector', ARCHITECTURE_LABEL));
