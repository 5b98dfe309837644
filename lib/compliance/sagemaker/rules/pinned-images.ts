import { CONTAINER_TYPES, containersOf } from '../model-containers';
import type { Rule } from '../sagemaker-rule';

/** A digest, or the tag that CDK gives image assets: the hash of everything that goes into the image. */
const PINNED = /(@sha256:|:)[0-9a-f]{64}$/;

/** Containers are named by content. */
export const pinnedImages: Rule = {
  id: 'PinnedImages',
  types: CONTAINER_TYPES,
  why: 'What stands behind a tag can change, so the next instance of the same endpoint may run something else.',
  check: (resource) =>
    containersOf(resource)
      .filter(({ image }) => image !== undefined && !PINNED.test(image))
      .map(({ image }) => ({
        key: `Image::${image}`,
        problem: `The image ${image} can change under its tag.`,
        fix: 'Use an image asset of the app, or name the image by digest (repository@sha256:…).',
      })),
};
