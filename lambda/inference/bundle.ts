import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { type Specialist, inCanonicalOrder } from '../../models/catalogue';
import { SPECIALIST_FILES } from '../../models/folder';
import { copyWasmFiles } from '../../models/runtime/wasm-files';

/** What goes into the function's bundle. */
export interface InferenceBundleOptions {
  /** Specialists that the function serves itself. Without any, neither models nor ONNX Runtime are in it. */
  readonly embedded: readonly Specialist[];
  /** Folder that holds one folder for each specialist. @default - `models` in the root */
  readonly modelsFolder?: string;
  /**
   * The project's root.
   *
   * @default - the current folder, as for CDK and npm
   */
  readonly root?: string;
}

/** Handler setting of the function that runs the bundle. */
export const INFERENCE_HANDLER = 'index.handler';

/**
 * Writes the code of the inference function: an ES module with the AWS SDK in it, and, beside it, the
 * embedded models. The same sources and lock file give the same bytes. Synchronous, for CDK's synth.
 *
 * @param outDir folder to write; whatever is in it is removed first
 */
export function bundleInference(outDir: string, options: InferenceBundleOptions): void {
  const { embedded, root = process.cwd() } = options;
  const modelsFolder = options.modelsFolder ?? join(root, 'models');
  const entry = embedded.length > 0 ? 'handler-embedded.ts' : 'handler.ts';
  rmSync(outDir, { recursive: true, force: true });
  mkdirSync(outDir, { recursive: true });
  buildSync({
    absWorkingDir: root,
    entryPoints: { index: join(root, 'lambda/inference', entry) },
    outdir: outDir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    // ONNX Runtime becomes a chunk of its own, which is loaded when an embedded model is first asked.
    splitting: embedded.length > 0,
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
  });
  if (embedded.length > 0) copyWasmFiles(root, outDir);
  for (const specialist of inCanonicalOrder(embedded)) {
    const folder = join(outDir, 'models', specialist);
    mkdirSync(folder, { recursive: true });
    for (const file of SPECIALIST_FILES) {
      copyFileSync(join(modelsFolder, specialist, file), join(folder, file));
    }
  }
}
