import { constants, copyFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** What ONNX Runtime loads at run time: it looks for both beside the code that it is bundled into. */
const WASM_FILES = ['ort-wasm-simd-threaded.mjs', 'ort-wasm-simd-threaded.wasm'] as const;

/**
 * Copies the WebAssembly build of ONNX Runtime (14 MB) beside a bundle.
 *
 * @param root the project's root, whose installed version is taken
 * @returns the names of the files
 */
export function copyWasmFiles(root: string, outDir: string): readonly string[] {
  const installed = createRequire(join(root, 'package.json'));
  for (const file of WASM_FILES) {
    const from = installed.resolve(`onnxruntime-web/${file}`);
    copyFileSync(from, join(outDir, file), constants.COPYFILE_FICLONE);
  }
  return WASM_FILES;
}
