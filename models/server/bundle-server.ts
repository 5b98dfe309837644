import { chmodSync, copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { nodeModule } from '../packaging/bundle-options';
import { copyWasmFiles } from '../runtime/wasm-files';

/**
 * Writes the build context of the model server's image: Dockerfile, one bundled script, ONNX Runtime's WebAssembly,
 * and beside them the command that builds the image. Nothing is installed while the image builds, so the image is what was tested, and the
 * context's hash changes with the server's sources and its locked dependencies only.
 *
 * @param outDir folder to write; made where it does not exist
 * @param root the project's root; @default the current folder, as for CDK and npm
 */
export function bundleServer(outDir: string, root: string = process.cwd()): void {
  mkdirSync(outDir, { recursive: true });
  buildSync({
    ...nodeModule(root, 'node22'),
    entryPoints: [join(root, 'models/server/main.ts')],
    outfile: join(outDir, 'server.mjs'),
  });
  buildSync({
    ...nodeModule(root, 'node20'),
    entryPoints: [join(root, 'models/server/build-image.ts')],
    outfile: join(outDir, 'build-image.mjs'),
  });
  const wasmFiles = copyWasmFiles(root, outDir);
  copyFileSync(join(root, 'models/server/Dockerfile'), join(outDir, 'Dockerfile'));
  // The image keeps these modes. A container without root's rights, as on a serverless endpoint, must read the files.
  for (const file of ['server.mjs', 'Dockerfile', ...wasmFiles]) chmodSync(join(outDir, file), 0o644);
}
