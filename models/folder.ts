import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import {
  type Golden,
  type ModelContract,
  checkGoldenMatches,
  parseGolden,
  parseModelContract,
} from './contract';
import { ContractError } from './contract-error';

/** The files that make up a specialist, in the order of their names. Nothing else ships. */
export const SPECIALIST_FILES = ['golden.json', 'model.json', 'model.onnx'] as const;

/** A specialist's folder, read and validated; its graph has not been run yet. */
export interface SpecialistFolder {
  readonly model: ModelContract;
  readonly golden: Golden;
  readonly graph: Uint8Array;
}

/** Lower-case hexadecimal SHA-256. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function readBytes(folder: string, file: string): Buffer {
  try {
    return readFileSync(join(folder, file));
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new ContractError([
      { file: `${basename(folder)}/${file}`, key: '', given: reason, allowed: 'a readable file' },
    ]);
  }
}

function readJson(folder: string, file: string): unknown {
  try {
    return JSON.parse(readBytes(folder, file).toString('utf8')) as unknown;
  } catch (error) {
    if (error instanceof ContractError) throw error;
    const { message } = error as SyntaxError;
    throw new ContractError([
      { file: `${basename(folder)}/${file}`, key: '', given: message, allowed: 'JSON' },
    ]);
  }
}

/**
 * Reads a specialist's folder and checks everything that can be checked without running the graph.
 *
 * @param folder the folder that holds `model.json`, `golden.json` and `model.onnx`
 * @throws ContractError when a file is missing, broken, or does not belong to the others
 */
export function readSpecialistFolder(folder: string): SpecialistFolder {
  const named = (file: string) => `${basename(folder)}/${file}`;
  const model = parseModelContract(named('model.json'), readJson(folder, 'model.json'));
  const golden = parseGolden(named('golden.json'), readJson(folder, 'golden.json'));
  checkGoldenMatches(named('golden.json'), model, golden);
  const graph = readBytes(folder, model.graph.file);
  const hash = sha256(graph);
  if (hash !== model.graph.sha256) {
    const allowed = `${hash}, the hash of ${model.graph.file} (${graph.length} bytes)`;
    throw new ContractError([
      { file: named('model.json'), key: 'graph.sha256', given: model.graph.sha256, allowed },
    ]);
  }
  return { model, golden, graph };
}
