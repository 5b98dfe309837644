import type { BuildOptions } from 'esbuild';

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

/**
 * How the project's functions are bundled: an ES module for Node 24 with all that it needs, so that what was tested is
 * what runs. The same sources and lock file give the same bytes.
 */
export function functionBundle({ root, entry, outDir, splitting = false }: FunctionEntry): BuildOptions {
  return {
    absWorkingDir: root,
    entryPoints: { index: entry },
    outdir: outDir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    minify: true,
    keepNames: true,
    legalComments: 'none',
    logLevel: 'error',
    // Some of the SDK's dependencies are CommonJS and ask for Node's modules with require.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  };
}
