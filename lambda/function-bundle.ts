import type { BuildOptions } from 'esbuild';
import { nodeModule } from '../models/packaging/bundle-options';

/** One function of the project, as esbuild gets it. */
export interface FunctionEntry {
  /** The project's root. */
  readonly root: string;
  /** File that exports `handler`. */
  readonly entry: string;
  /** Folder to write `index.mjs` to. */
  readonly outDir: string;
  /** Whether what is imported dynamically becomes a file of its own, loaded when it is first needed. @default false */
  readonly splitting?: boolean;
}

/** Handler setting of every function that is bundled so. */
export const BUNDLED_HANDLER = 'index.handler';

/** How the project's functions are bundled, for the Node version that Lambda runs them on. */
export function functionBundle({ root, entry, outDir, splitting = false }: FunctionEntry): BuildOptions {
  return {
    ...nodeModule(root, 'node24'),
    entryPoints: { index: entry },
    outdir: outDir,
    outExtension: { '.js': '.mjs' },
    splitting,
    // Some of the SDK's dependencies are CommonJS and ask for Node's modules with require.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  };
}
