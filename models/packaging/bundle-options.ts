import type { BuildOptions } from 'esbuild';

/**
 * How everything of the project that runs in Node on AWS is bundled: one ES module with all that it needs, so that what
 * was tested is what runs. The same sources and lock file give the same bytes.
 *
 * @param root the project's root
 * @param target Node version that runs it, such as `node24`
 */
export function nodeModule(root: string, target: string): BuildOptions {
  return {
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    target,
    format: 'esm',
    mainFields: ['module', 'main'],
    minify: true,
    // Names of errors and functions stand in logs.
    keepNames: true,
    legalComments: 'none',
    logLevel: 'error',
  };
}
