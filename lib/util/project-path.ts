import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

let root: string | undefined;

/**
 * Absolute path of a file of the project. Sources run both from where they stand and from a bundle in `build/`,
 * so the root is looked for upwards from this file.
 */
export function projectPath(...parts: string[]): string {
  if (root === undefined) {
    let folder = __dirname;
    while (!existsSync(join(folder, 'cdk.json'))) {
      const parent = dirname(folder);
      if (parent === folder) throw new Error('the project root (the folder of cdk.json) was not found');
      folder = parent;
    }
    root = folder;
  }
  return join(root, ...parts);
}
