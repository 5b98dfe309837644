import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { projectPath } from '../../util/project-path';
import { scratchFolder } from './scratch-folder';

/** What a bundle is made from: folders of the project, with everything in them. */
export type BundleSources = readonly string[];

function addTo(hash: ReturnType<typeof createHash>, path: string): void {
  const absolute = projectPath(path);
  for (const entry of readdirSync(absolute, { withFileTypes: true }).sort((a, b) =>
    a.name < b.name ? -1 : 1,
  )) {
    const inner = join(path, entry.name);
    if (entry.isDirectory()) addTo(hash, inner);
    else
      hash
        .update(inner)
        .update('\0')
        .update(readFileSync(projectPath(inner)));
  }
}

function keyOf(label: string, sources: BundleSources): string {
  const hash = createHash('sha256')
    .update(label)
    .update(readFileSync(projectPath('package-lock.json')));
  for (const source of sources) addTo(hash, source);
  return hash.digest('hex').slice(0, 16);
}

/**
 * Folder with a bundle, made only where its sources or the lock file have changed since it was last made: bundling
 * would otherwise be a third of a synthesis. Lies in `build/`, which may be deleted at any time.
 *
 * @param label name of the bundle, with whatever else than the sources decides its content
 * @param make writes the bundle into a folder
 */
export function cachedBundle(label: string, sources: BundleSources, make: (folder: string) => void): string {
  const folder = projectPath('build', 'bundles', `${label}-${keyOf(label, sources)}`);
  if (existsSync(folder)) return folder;
  const fresh = scratchFolder(label, projectPath('build', 'bundles'));
  make(fresh);
  try {
    renameSync(fresh, folder);
  } catch (error) {
    // Another process was first; what it made is the same.
    if (!existsSync(folder)) throw error;
    rmSync(fresh, { recursive: true, force: true });
  }
  return folder;
}
