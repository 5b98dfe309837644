import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Specialist } from '../../../models/catalogue';
import type { Golden, ModelContract } from '../../../models/contract/model-contract';
import { sha256 } from '../../../models/contract/contract-file';

/** Root of the project. */
export const ROOT = resolve(__dirname, '../../..');

const made: string[] = [];

/** A fresh folder; {@link removeFolders} removes it. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mini-xdr-'));
  made.push(folder);
  return folder;
}

/** Removes every folder that {@link newFolder} made. */
export function removeFolders(): void {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** The folder of a specialist as it ships. */
export function shipped(specialist: Specialist): string {
  return join(ROOT, 'models', specialist);
}

/** The golden vectors of a specialist as it ships. */
export function goldenOf(specialist: Specialist): Golden {
  return JSON.parse(readFileSync(join(shipped(specialist), 'golden.json'), 'utf8')) as Golden;
}

/** The contract of a specialist as it ships. */
export function contractOf(specialist: Specialist): ModelContract {
  return JSON.parse(readFileSync(join(shipped(specialist), 'model.json'), 'utf8')) as ModelContract;
}

/** A copy of a specialist's files that a test may break. */
export function copyOf(specialist: Specialist): string {
  const folder = join(newFolder(), specialist);
  for (const file of ['model.json', 'golden.json', 'model.onnx']) {
    cpSync(join(shipped(specialist), file), join(folder, file));
  }
  return folder;
}

function editJson(path: string, edit: (content: unknown) => void): void {
  const content = JSON.parse(readFileSync(path, 'utf8')) as unknown;
  edit(content);
  writeFileSync(path, JSON.stringify(content));
}

/** Changes `model.json` in place. */
export function editContract(folder: string, edit: (model: ModelContract) => void): void {
  editJson(join(folder, 'model.json'), edit as (content: unknown) => void);
}

/** Changes `golden.json` in place. */
export function editGolden(folder: string, edit: (golden: Golden) => void): void {
  editJson(join(folder, 'golden.json'), edit as (content: unknown) => void);
}

/** Changes the graph and records its new hash, as whoever packages a wrong model in good faith does. */
export function editGraph(folder: string, edit: (graph: Buffer) => Buffer | void): void {
  const path = join(folder, 'model.onnx');
  const graph = readFileSync(path);
  const edited = edit(graph) ?? graph;
  writeFileSync(path, edited);
  editContract(folder, (model) => {
    model.graph.sha256 = sha256(edited);
  });
}
