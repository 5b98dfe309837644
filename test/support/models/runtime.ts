import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { copyWasmFiles } from '../../../models/runtime/wasm-files';
import type { Outcome, Task } from './runtime-child';
import { QUICK_WASM } from './quick-wasm';
import { ROOT, newFolder } from './specialist';

/**
 * The runtime in a process of its own, bundled as it ships: jest's sandbox refuses the dynamic import with
 * which ONNX Runtime loads its WebAssembly.
 */
export class RuntimeProcess {
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, (outcome: Outcome) => void>();
  private tasks = 0;

  constructor() {
    const folder = newFolder();
    const script = join(folder, 'child.mjs');
    buildSync({
      absWorkingDir: ROOT,
      entryPoints: [join(ROOT, 'test/support/models/runtime-child.ts')],
      outfile: script,
      bundle: true,
      platform: 'node',
      format: 'esm',
      mainFields: ['module', 'main'],
      logLevel: 'error',
    });
    copyWasmFiles(ROOT, folder);
    this.child = fork(script, { execArgv: [...QUICK_WASM], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    this.child.on('message', (outcome: Outcome) => {
      this.waiting.get(outcome.id)?.(outcome);
      this.waiting.delete(outcome.id);
    });
  }

  /** Loads a folder, and asks the model if there is a body. */
  run(folder: string, body?: unknown): Promise<Outcome> {
    const id = ++this.tasks;
    const task: Task = body === undefined ? { id, folder } : { id, folder, body };
    return new Promise((done) => {
      this.waiting.set(id, done);
      this.child.send(task);
    });
  }

  stop(): void {
    this.child.kill();
  }
}
