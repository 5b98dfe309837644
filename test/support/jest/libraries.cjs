const { readFileSync } = require('node:fs');
const { createRequire, isBuiltin } = require('node:module');
const path = require('node:path');
const { compileFunction } = require('node:vm');

const PARAMETERS = ['exports', 'require', 'module', '__filename', '__dirname'];

/** The installed packages: each of their modules is loaded once into Jest's sandbox, and stays for the next file. */
class Libraries {
  #context;
  #global;
  #modules = new Map();
  #files = new Map();
  #depth = 0;
  /** Globals that packages defined as they loaded, and that they may hold on to. */
  globals = new Set();

  /**
   * @param context that {@link global} is the global object of
   * @param global
   */
  constructor(context, global) {
    this.#context = context;
    this.#global = global;
  }

  /**
   * File that a module of the project means by the name of a package.
   *
   * @returns undefined for any other name, such as that of a module of the project or of Node
   */
  fileOf(from, name) {
    if (name.startsWith('.') || path.isAbsolute(name) || isBuiltin(name)) return undefined;
    const known = this.#files.get(name) ?? createRequire(from).resolve(name);
    this.#files.set(name, known);
    return known;
  }

  /** Exports of a module of a package. */
  load(filename) {
    const known = this.#modules.get(filename);
    if (known !== undefined) return known.exports;
    const module = { id: filename, filename, path: path.dirname(filename), exports: {}, loaded: false };
    this.#modules.set(filename, module);
    const before = this.#depth === 0 ? new Set(Reflect.ownKeys(this.#global)) : undefined;
    this.#depth += 1;
    try {
      this.#execute(module);
    } catch (error) {
      this.#modules.delete(filename);
      throw error;
    } finally {
      this.#depth -= 1;
      if (before !== undefined) this.#noteGlobals(before);
    }
    module.loaded = true;
    return module.exports;
  }

  #noteGlobals(before) {
    for (const key of Reflect.ownKeys(this.#global)) {
      if (!before.has(key)) this.globals.add(key);
    }
  }

  #execute(module) {
    const { filename } = module;
    const source = readFileSync(filename, 'utf8');
    if (filename.endsWith('.json')) {
      module.exports = this.#global.JSON.parse(source);
      return;
    }
    const run = compileFunction(source, PARAMETERS, { filename, parsingContext: this.#context });
    module.require = this.#requireOf(filename);
    run.call(module.exports, module.exports, module.require, module, filename, module.path);
  }

  #requireOf(filename) {
    const own = createRequire(filename);
    const required = (name) => {
      if (!isBuiltin(name)) return this.load(own.resolve(name));
      return name === 'process' || name === 'node:process' ? this.#global.process : own(name);
    };
    return Object.assign(required, { resolve: own.resolve, cache: {} });
  }
}

module.exports = { Libraries };
