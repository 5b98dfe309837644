/**
 * Options with which Node compiles WebAssembly in one quick pass. The second, which makes it fast, takes longer than all
 * that a test computes: a process with a model takes 0.7 s of CPU instead of 1.6 s.
 */
export const QUICK_WASM: readonly string[] = ['--liftoff-only'];
