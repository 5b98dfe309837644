import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { copyWasmFiles } from '../../../models/runtime/wasm-files';
import type { DetectorOutcome, DetectorTask } from './detector-child';
import { ROOT, newFolder } from './specialist';

/** Anomaly detectors in a process of their own, for the reason that `RuntimeProcess` has one. */
export class DetectorProcess {
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, (outcome: DetectorOutcome) => void>();
  private tasks = 0;

  constructor() {
    const folder = newFolder();
    const script = join(folder, 'child.mjs');
    buildSync({
      absWorkingDir: ROOT,
      entryPoints: [join(ROOT, 'test/models/support/detector-child.ts')],
      outfile: script,
      bundle: true,
      platform: 'node',
      format: 'esm',
      mainFields: ['module', 'main'],
      logLevel: 'error',
    });
    copyWasmFiles(ROOT, folder);
    this.child = fork(script, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    this.child.on('message', (outcome: DetectorOutcome) => {
      this.waiting.get(outcome.id)?.(outcome);
      this.waiting.delete(outcome.id);
    });
  }

  /** Loads a folder, and scores inputs if there are any. */
  run(folder: string, inputs?: number[][][]): Promise<DetectorOutcome> {
    const id = ++this.tasks;
    const task: DetectorTask = inputs === undefined ? { id, folder } : { id, folder, inputs };
    return new Promise((done) => {
      this.waiting.set(id, done);
      this.child.send(task);
    });
  }

  stop(): void {
    this.child.kill();
  }
}
