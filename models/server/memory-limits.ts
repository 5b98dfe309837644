import { totalmem } from 'node:os';

const MIB = 1024 * 1024;

// WebAssembly addresses 4 GiB; what a batch works on lies there, too.
const MOST_FOR_MODELS = 2048 * MIB;

/** Bytes of memory that the container may use: its control group's limit, or the machine's memory. */
export function containerMemory(): number {
  // Without a limit Node gives undefined, 0 or a number beyond any machine, by version.
  const limit = process.constrainedMemory() ?? 0;
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

/** Bytes that models may take where nobody has said: half, since the rest is for the runtime and the requests. */
export function modelMemory(container: number): number {
  return Math.min(Math.floor(container / 2), MOST_FOR_MODELS);
}

/**
 * Bytes that a loaded model is counted with. Measured, a graph takes 1.3 times its file plus 0.2 MB; the rest is
 * room for what loading needs beside it. It is counted and not read off the process, because WebAssembly's memory
 * never shrinks: what an unloaded model leaves is used again, but the process does not look smaller.
 *
 * @param graphBytes size of `model.onnx`
 */
export function memoryOfModel(graphBytes: number): number {
  return MIB + 2 * graphBytes;
}
