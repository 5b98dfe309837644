const { default: Runtime } = require('jest-runtime');

/** Jest's loader of modules, but for packages: those come from the environment, which keeps them from file to file. */
module.exports = class RuntimeOfProject extends Runtime {
  #libraries;

  constructor(config, environment, ...rest) {
    super(config, environment, ...rest);
    this.#libraries = environment.libraries;
  }

  requireModule(from, name, options, isRequireActual) {
    if (name !== undefined && options?.isInternalModule !== true) {
      const file = this.#libraries.fileOf(from, name);
      if (file !== undefined) return this.#libraries.load(file);
    }
    return super.requireModule(from, name, options, isRequireActual);
  }
};
