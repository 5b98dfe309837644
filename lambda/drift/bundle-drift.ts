import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { SPECIALISTS } from '../../models/catalogue';
import { functionBundle } from '../function-bundle';

/** What goes into the drift function's bundle. */
export interface DriftBundleOptions {
  /** The project's root. */
  readonly root: string;
  /** Folder that holds one folder for each specialist. */
  readonly modelsFolder: string;
}

/**
 * Writes the code of the drift function and, in `contracts/` beside it, the contract of every specialist: what came is
 * compared with the training data of the version that is deployed with it. Synchronous, for CDK's synth.
 *
 * @param outDir folder to write; whatever is in it is removed first
 */
export function bundleDrift(outDir: string, { root, modelsFolder }: DriftBundleOptions): void {
  rmSync(outDir, { recursive: true, force: true });
  mkdirSync(join(outDir, 'contracts'), { recursive: true });
  buildSync(functionBundle({ root, entry: join(root, 'lambda/drift/drift-handler.ts'), outDir }));
  for (const specialist of SPECIALISTS) {
    copyFileSync(
      join(modelsFolder, specialist, 'model.json'),
      join(outDir, 'contracts', `${specialist}.json`),
    );
  }
}
