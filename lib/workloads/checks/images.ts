import { textOf, type JsonRecord } from '../../compliance/json';
import { digestOf } from '../image';
import { at, containersOf, type ManifestRule, nameOf, podsOf } from './rule';

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

/** All pods ask for nodes of one architecture, and for the one that there is. */
export const sameArchitecture: ManifestRule = {
  id: 'SameArchitecture',
  check: (manifest, all, { architecture }) => {
    if (podsOf(manifest) === undefined) return [];
    const given = architectureOf(manifest);
    const expected = architecture ?? all.map(architectureOf).find((found) => found !== undefined);
    if (given !== undefined && given === expected) return [];
    return [
      {
        problem: `The pods ask for ${given === undefined ? 'nodes of any architecture' : `${given} nodes`}; there are ${expected ?? 'no'} ones.`,
        fix: `Set nodeSelector kubernetes.io/arch to ${expected ?? 'amd64 or arm64'}, and build the image for it.`,
      },
    ];
  },
};

const architectureOf = (manifest: JsonRecord): string | undefined =>
  textOf(at(podsOf(manifest)?.spec, 'nodeSelector', 'kubernetes.io/arch'));
