import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { SPECIALISTS, type Specialist, inCanonicalOrder } from '../../models/catalogue';
import { SPECIALIST_FILES } from '../../models/contract/specialist-folder';
import { copyWasmFiles } from '../../models/runtime/wasm-files';
import { functionBundle } from '../function-bundle';
import { CONTRACTS_FILE, MODEL_FOLDERS } from './bundle-files';
import type { Contracts } from './model-metadata';
import { bundledMetadata } from './bundled-metadata';

/** What goes into the function's bundle. */
export interface InferenceBundleOptions {
  /** Specialists that the function is asked for, whose contracts it must know. */
  readonly specialists: readonly Specialist[];
  /**
   * Specialists that the function can answer for itself. Without any, and without challengers, neither models nor ONNX
   * Runtime are in it.
   */
  readonly embedded: readonly Specialist[];
  /** Folder of the second version of each specialist that has one on trial. @default - none */
  readonly challengers?: Readonly<Partial<Record<Specialist, string>>>;
  /** Folder that holds one folder for each specialist. @default - `models` in the root */
  readonly modelsFolder?: string;
  /**
   * The project's root.
   *
   * @default - the current folder, as for CDK and npm
   */
  readonly root?: string;
}

function copyModel(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const file of SPECIALIST_FILES) copyFileSync(join(from, file), join(to, file));
}

/**
 * Writes the code of the inference function: an ES module with the AWS SDK in it, what it must know of the models, and
 * the models that it can answer with. The same sources and lock file give the same bytes. Synchronous, for CDK's synth.
 *
 * @param outDir folder to write; whatever is in it is removed first
 * @throws ContractError when a specialist's folder breaks its contract
 */
export function bundleInference(outDir: string, options: InferenceBundleOptions): void {
  const { embedded, challengers = {}, root = process.cwd() } = options;
  const modelsFolder = options.modelsFolder ?? join(root, 'models');
  const champions = inCanonicalOrder(options.specialists).map(
    (name) => [name, join(modelsFolder, name)] as const,
  );
  const onTrial = SPECIALISTS.flatMap((name) => {
    const folder = challengers[name];
    return folder === undefined ? [] : [[name, folder] as const];
  });
  const holdsModels = embedded.length > 0 || onTrial.length > 0;
  rmSync(outDir, { recursive: true, force: true });
  mkdirSync(outDir, { recursive: true });
  const entry = join(root, 'lambda/inference', holdsModels ? 'handler-embedded.ts' : 'handler.ts');
  // ONNX Runtime and the client of S3 become chunks of their own, which are loaded when they are first needed.
  buildSync(functionBundle({ root, entry, outDir, splitting: true }));
  const contracts: Contracts = { champion: bundledMetadata(champions), challenger: bundledMetadata(onTrial) };
  writeFileSync(join(outDir, CONTRACTS_FILE), JSON.stringify(contracts));
  if (holdsModels) copyWasmFiles(root, outDir);
  for (const name of inCanonicalOrder(embedded)) {
    copyModel(join(modelsFolder, name), join(outDir, MODEL_FOLDERS.champion, name));
  }
  for (const [name, folder] of onTrial) copyModel(folder, join(outDir, MODEL_FOLDERS.challenger, name));
}
