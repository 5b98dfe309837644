import { listOf, recordOf, textOf } from '../../util/json';
import { MODEL_PATHS } from '../workload-options';
import { containersOf, type ManifestRule, nameOf, podsOf } from './manifest-rule';

/**
 * No volume stands where an image holds models: an empty one, mounted there to have a place to write, hid them all
 * from the backend once, which then answered without any.
 */
export const modelsNotHidden: ManifestRule = {
  id: 'ModelsNotHidden',
  check: (manifest, _all, { modelPaths = MODEL_PATHS }) => {
    const pods = podsOf(manifest);
    if (pods === undefined) return [];
    return containersOf(pods).flatMap((container) =>
      listOf(container['volumeMounts'])
        .map((mount) => textOf(recordOf(mount)['mountPath']) ?? '/')
        .flatMap((path) =>
          modelPaths.filter((models) => overlap(path, models)).map((models) => ({ path, models })),
        )
        .map(({ path, models }) => ({
          problem: `A volume at ${path} hides models that the image of container ${nameOf(container)} holds at ${models}.`,
          fix: 'Mount it elsewhere, such as under /tmp.',
        })),
    );
  },
};

/** Whether one path is the other, or lies in it. */
function overlap(one: string, other: string): boolean {
  const [a, b] = [segments(one), segments(other)];
  return `${a}/`.startsWith(`${b}/`) || `${b}/`.startsWith(`${a}/`);
}

/** The path without doubled, trailing and self-referring parts, as the kernel reads it; empty for the root. */
function segments(path: string): string {
  const kept: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') kept.pop();
    else if (part !== '' && part !== '.') kept.push(part);
  }
  return kept.map((part) => `/${part}`).join('');
}
