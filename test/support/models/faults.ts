import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packArtifact } from '../../../models/packaging/model-artifact';
import type { Specialist } from '../../../models/catalogue';
import {
  dropResidual,
  removeScaler,
  scaleTwice,
  swapClasses,
  swapFeatures,
  zeroWeights,
} from './graph-edits';
import { OnnxModel } from './onnx';
import { contractOf, copyOf, editContract, editGolden, editGraph, newFolder, shipped } from './specialist';

/** Something that goes wrong with a model on its way, and what is said about it. */
export interface Fault {
  readonly name: string;
  /** Gives a folder with the fault. */
  readonly plant: (specialist: Specialist) => string;
  readonly reason: RegExp;
}

const WRONG_ANSWER = /fails its self-test on \d+ of \d+ golden vectors; ".+": expected .+, got .+/;

/** Rewires the graph in good faith: its new hash is recorded, as an export does. */
function rewired(edit: (model: OnnxModel) => void): (specialist: Specialist) => string {
  return (specialist) => {
    const folder = copyOf(specialist);
    editGraph(folder, (graph) => {
      const model = OnnxModel.read(graph);
      edit(model);
      return model.bytes();
    });
    return folder;
  };
}

function dropFeature(specialist: Specialist): string {
  const folder = copyOf(specialist);
  editContract(folder, (model) => {
    model.features.pop();
    model.population?.pop();
  });
  editGolden(folder, (golden) => {
    golden.features.pop();
    for (const { row } of golden.vectors) row.pop();
  });
  return folder;
}

/** What tar leaves of an archive whose last third of the graph is gone. */
function unpackTruncated(specialist: Specialist): string {
  const { bytes } = packArtifact(shipped(specialist));
  const archive = Buffer.from(bytes);
  const graph = readFileSync(join(shipped(specialist), 'model.onnx'));
  const start = archive.indexOf(graph.subarray(0, 64));
  const folder = newFolder();
  const file = join(folder, 'model.tar.gz');
  writeFileSync(file, archive.subarray(0, start + Math.floor((graph.length * 2) / 3)));
  spawnSync('tar', ['xzf', file], { cwd: folder });
  return folder;
}

function takeGoldenOfAnother(specialist: Specialist): string {
  const folder = copyOf(specialist);
  const other = specialist === 'ddos' ? 'bruteforce' : 'ddos';
  cpSync(join(shipped(other), 'golden.json'), join(folder, 'golden.json'));
  return folder;
}

function renameGoldenOfAnother(specialist: Specialist): string {
  const folder = takeGoldenOfAnother(specialist);
  const { features, classes } = contractOf(specialist);
  editGolden(folder, (golden) => {
    for (const { expected } of golden.vectors) {
      expected.class = classes[golden.classes.indexOf(expected.class)] ?? '';
      expected.probabilities = classes.map((_, i) => expected.probabilities[i] ?? 0);
    }
    Object.assign(golden, { model: specialist, features, classes });
  });
  return folder;
}

/** Every fault that stopped, or should have stopped, a model on its way to production. */
export const FAULTS: readonly Fault[] = [
  { name: 'scaler removed', plant: rewired(removeScaler), reason: WRONG_ANSWER },
  { name: 'scaler applied twice', plant: rewired(scaleTwice), reason: WRONG_ANSWER },
  { name: 'the other forward pass', plant: rewired(dropResidual), reason: WRONG_ANSWER },
  {
    name: 'two classes swapped',
    plant: (specialist) =>
      rewired((model) => swapClasses(model, contractOf(specialist).classes, 0, 1))(specialist),
    reason: WRONG_ANSWER,
  },
  {
    name: 'two features swapped',
    plant: (specialist) =>
      rewired((model) =>
        swapFeatures(model, contractOf(specialist).features, 'Destination Port', 'Flow Duration'),
      )(specialist),
    reason: WRONG_ANSWER,
  },
  {
    name: 'one feature dropped',
    plant: dropFeature,
    reason: /the graph must have one input "features" of float32 \[batch, 77\], but has .+78/,
  },
  { name: 'weights zeroed', plant: rewired(zeroWeights), reason: WRONG_ANSWER },
  {
    name: 'truncated archive',
    plant: unpackTruncated,
    reason: /model\.json: graph\.sha256: given "[0-9a-f]{64}"; allowed is [0-9a-f]{64}, the hash of/,
  },
  {
    name: 'wrong opset',
    plant: rewired((model) => model.useOpset(99)),
    reason: /the graph of \w+ cannot be loaded: .*opset/,
  },
  {
    name: 'golden file of another model',
    plant: takeGoldenOfAnother,
    reason: /golden\.json: model: given "\w+"; allowed is \w+, as in model\.json/,
  },
  {
    name: 'golden vectors of another model under this one’s name',
    plant: renameGoldenOfAnother,
    // Two kinds of vectors cannot cover the seven classes of general: there the contract says it first.
    reason: new RegExp(
      `${WRONG_ANSWER.source}|golden\\.json: vectors: given nothing; allowed is a vector of class`,
    ),
  },
];
