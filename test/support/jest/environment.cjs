const { getHeapStatistics } = require('node:v8');
const { TestEnvironment } = require('jest-environment-node');
const { Libraries } = require('./libraries.cjs');

/**
 * Jest's environment for Node, but one for many test files: packages are loaded once a worker, and stay compiled.
 * Modules of the project are loaded anew for each file, as ever. What a file did to globals and to the variables of the
 * process is undone after it.
 */
class LongLivedEnvironment extends TestEnvironment {
  #globals;
  #variables;
  #exit;

  constructor(...given) {
    super(...given);
    this.libraries = new Libraries(this.context, this.global);
    this.#globals = Object.getOwnPropertyDescriptors(this.global);
    this.#variables = { ...this.global.process.env };
    this.#exit = Object.getOwnPropertyDescriptor(this.global.process, 'exit');
  }

  async teardown() {
    this.fakeTimersModern.dispose();
    Object.defineProperty(this.global.process, 'exit', this.#exit);
    const { env } = this.global.process;
    for (const name of Object.keys(env)) {
      if (!(name in this.#variables)) delete env[name];
    }
    Object.assign(env, this.#variables);
    for (const key of Reflect.ownKeys(this.global)) {
      const before = this.#globals[key];
      const now = Object.getOwnPropertyDescriptor(this.global, key);
      if (before === undefined) {
        if (!this.libraries.globals.has(key)) delete this.global[key];
      } else if (before.configurable && (before.value !== now?.value || before.get !== now?.get)) {
        Object.defineProperty(this.global, key, before);
      }
    }
  }
}

let current;

/** The environment of this worker: a new one for the first file, and once packages hold half of the memory there is. */
module.exports = function environment(...given) {
  const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
  if (current === undefined || used > limit / 2) current = new LongLivedEnvironment(...given);
  return current;
};
