import {
  type Golden,
  type ModelContract,
  checkGoldenMatches,
  parseGolden,
  parseModelContract,
} from './model-contract';
import { asJson, nameOf, readBytes, readGraph } from './contract-file';

/** The files that make up a specialist, in the order of their names. Nothing else ships. */
export const SPECIALIST_FILES = ['golden.json', 'model.json', 'model.onnx'] as const;
export type SpecialistFile = (typeof SPECIALIST_FILES)[number];

/** A specialist's folder, read and validated; its graph has not been run yet. */
export interface SpecialistFolder {
  readonly model: ModelContract;
  readonly golden: Golden;
  readonly graph: Uint8Array;
  /** Every file as it was read: what was checked is what ships. */
  readonly files: Readonly<Record<SpecialistFile, Uint8Array>>;
}

/**
 * Reads a specialist's folder and checks everything that can be checked without running the graph.
 *
 * @param folder the folder that holds `model.json`, `golden.json` and `model.onnx`
 * @throws ContractError when a file is missing, broken, or does not belong to the others
 */
export function readSpecialistFolder(folder: string): SpecialistFolder {
  const modelBytes = readBytes(folder, 'model.json');
  const modelFile = nameOf(folder, 'model.json');
  const model = parseModelContract(modelFile, asJson(modelFile, modelBytes));
  const goldenBytes = readBytes(folder, 'golden.json');
  const goldenFile = nameOf(folder, 'golden.json');
  const golden = parseGolden(goldenFile, asJson(goldenFile, goldenBytes));
  checkGoldenMatches(goldenFile, model, golden);
  const graph = readGraph(folder, 'model.json', model.graph);
  const files = { 'golden.json': goldenBytes, 'model.json': modelBytes, 'model.onnx': graph };
  return { model, golden, graph, files };
}
