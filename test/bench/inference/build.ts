import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { bundleInference } from '../../../lambda/inference/bundle-inference';
import { projectPath } from '../../../lib/util/project-path';
import { SPECIALISTS } from '../../../models/catalogue';

/** What is measured, as files. */
export interface Built {
  /** The bundle as it is deployed where the function may answer for every specialist. */
  readonly folder: string;
  readonly handler: string;
  /** Calls the SDK and does nothing else. */
  readonly direct: string;
}

/** Builds into a folder. */
export function build(root: string): Built {
  const folder = join(root, 'function');
  bundleInference(folder, { specialists: SPECIALISTS, embedded: SPECIALISTS, root: projectPath() });
  const direct = join(root, 'direct.mjs');
  buildSync({
    absWorkingDir: projectPath(),
    entryPoints: [projectPath('test/bench/inference/direct.ts')],
    outfile: direct,
    bundle: true,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    minify: true,
    logLevel: 'error',
    // As in the function's own bundle.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  return { folder, handler: join(folder, 'index.mjs'), direct };
}
