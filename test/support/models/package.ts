import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { PackageTask, Packaged } from './package-child';
import { QUICK_WASM } from './quick-wasm';
import { ROOT } from './specialist';

/** `xdr models package` with the real runtime, in one process for many calls. */
export class PackageProcess {
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, (packaged: Packaged) => void>();
  private tasks = 0;

  constructor() {
    this.child = fork(join(ROOT, 'test/support/models/package-child.ts'), {
      cwd: ROOT,
      execArgv: [...QUICK_WASM, '--import', 'tsx'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.child.on('message', (packaged: Packaged) => {
      this.waiting.get(packaged.id)?.(packaged);
      this.waiting.delete(packaged.id);
    });
  }

  /**
   * Packages one specialist.
   *
   * @param models folder that holds one folder for each specialist
   */
  run(models: string, specialist: string, out: string): Promise<Packaged> {
    const task: PackageTask = { id: ++this.tasks, models, specialist, out };
    return new Promise((done) => {
      this.waiting.set(task.id, done);
      this.child.send(task);
    });
  }

  stop(): void {
    this.child.kill();
  }
}
