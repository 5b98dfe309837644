import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  DETECTOR_KINDS,
  type DetectorContract,
  type DetectorGolden,
  readDetectorFolder,
} from '../../models/detector-contract';
import { sha256 } from '../../models/contract-file';
import { DetectorProcess } from './support/detector';
import { constantOf } from './support/onnx';
import { ROOT, newFolder, removeFolders } from './support/specialist';

type Kind = (typeof DETECTOR_KINDS)[number];

let detectors: DetectorProcess;
beforeAll(() => {
  detectors = new DetectorProcess();
});
afterAll(() => {
  detectors.stop();
  removeFolders();
});

const imported = (kind: Kind) => join(ROOT, 'test/golden/detectors', kind);

function copyOf(kind: Kind): string {
  const folder = join(newFolder(), kind);
  cpSync(imported(kind), folder, { recursive: true });
  return folder;
}

function edit(folder: string, file: string, change: (content: unknown) => void): void {
  const content = JSON.parse(readFileSync(join(folder, file), 'utf8')) as unknown;
  change(content);
  writeFileSync(join(folder, file), JSON.stringify(content));
}

const editContract = (folder: string, change: (content: DetectorContract) => void) =>
  edit(folder, 'detector.json', change as (content: unknown) => void);
const editGolden = (folder: string, change: (content: DetectorGolden) => void) =>
  edit(folder, 'golden.json', change as (content: unknown) => void);

function editGraph(folder: string, change: (graph: Buffer) => Buffer): void {
  const graph = change(readFileSync(join(folder, 'detector.onnx')));
  writeFileSync(join(folder, 'detector.onnx'), graph);
  editContract(folder, (contract) => {
    contract.graph.sha256 = sha256(graph);
  });
}

describe('an imported detector', () => {
  it.each(DETECTOR_KINDS)('loads on the WebAssembly runtime and scores as before: %s', async (kind) => {
    const { golden } = readDetectorFolder(imported(kind));
    const { anomalies, error } = await detectors.run(
      imported(kind),
      golden.vectors.map(({ input }) => input),
    );
    expect(error).toBeUndefined();
    expect(anomalies?.map(({ anomalous }) => anomalous)).toEqual(
      golden.vectors.map(({ expected }) => expected.anomalous),
    );
    anomalies?.forEach(({ score }, i) => {
      const wanted = golden.vectors[i]?.expected.score ?? Number.NaN;
      expect(Math.abs(score - wanted) / Math.max(1, wanted)).toBeLessThan(golden.tolerance);
    });
  });

  it('takes 15 features, and an autoencoder sequences of 10 rows', () => {
    const contracts = DETECTOR_KINDS.map((kind) => readDetectorFolder(imported(kind)).contract);
    expect(contracts.map(({ features, sequenceLength }) => [features.length, sequenceLength])).toEqual([
      [15, 10],
      [15, undefined],
    ]);
  });

  it('refuses inputs of another shape, and values that are not finite', async () => {
    const row = Array.from({ length: 15 }, () => 1);
    const sequence = Array.from({ length: 10 }, () => row);
    const refused = async (kind: Kind, input: number[][]) =>
      (await detectors.run(imported(kind), [input])).error?.message;
    expect(await refused('lstm-autoencoder', sequence.slice(1))).toBe('input 0 must be 10 rows of 15 values');
    expect(await refused('isolation-forest', sequence)).toBe('input 0 must be 1 rows of 15 values');
    expect(await refused('isolation-forest', [[...row.slice(1), 1e39]])).toBe(
      'input 0 must hold finite numbers of single precision',
    );
  });
});

describe('loading a detector stops at', () => {
  it('a scaler that is gone', async () => {
    const folder = copyOf('lstm-autoencoder');
    editGraph(folder, (graph) => {
      constantOf(graph, 'scaler.mean').fill(0);
      constantOf(graph, 'scaler.scale').fill(1);
      return graph;
    });
    const { error } = await detectors.run(folder);
    expect(error?.name).toBe('DetectorSelfTestError');
    expect(error?.message).toMatch(/of 8 golden vectors; "\d\d \w+": expected [\d.]+, got [\d.]+/);
  });

  it('a forest whose scores are normalised by another number of samples', async () => {
    const folder = copyOf('isolation-forest');
    editGraph(folder, (graph) => {
      const exponent = constantOf(graph, 'exponent');
      exponent.set(0, exponent.get(0) * 0.9);
      return graph;
    });
    expect((await detectors.run(folder)).error?.name).toBe('DetectorSelfTestError');
  });

  it('a graph of another kind, whose hash was recorded', async () => {
    const folder = copyOf('isolation-forest');
    editGraph(folder, () => readFileSync(join(imported('lstm-autoencoder'), 'detector.onnx')));
    const { error } = await detectors.run(folder);
    expect(error?.name).toBe('GraphError');
    expect(error?.message).toContain('one input "features" of float32 [batch, 15], but has "features"');
  });

  it('a truncated graph, by its hash and without it', async () => {
    const folder = copyOf('lstm-autoencoder');
    const whole = readFileSync(join(folder, 'detector.onnx'));
    writeFileSync(join(folder, 'detector.onnx'), whole.subarray(0, 700));
    expect((await detectors.run(folder)).error?.message).toContain('graph.sha256: given');
    editGraph(folder, (graph) => graph);
    expect((await detectors.run(folder)).error?.name).toBe('GraphError');
  });
});

describe('the contract of a detector', () => {
  const refusal = (folder: string) => {
    expect(() => readDetectorFolder(folder)).toThrow(expect.objectContaining({ name: 'ContractError' }));
    try {
      readDetectorFolder(folder);
    } catch (error) {
      return (error as Error).message;
    }
    return '';
  };

  it('wants a sequence length of an autoencoder, and none of a forest', () => {
    const [lstm, forest] = [copyOf('lstm-autoencoder'), copyOf('isolation-forest')];
    editContract(lstm, (contract) => {
      delete contract.sequenceLength;
    });
    editContract(forest, (contract) => {
      contract.sequenceLength = 10;
    });
    expect(refusal(lstm)).toContain(
      'sequenceLength: given nothing; allowed is how many rows make a sequence',
    );
    expect(refusal(forest)).toContain('sequenceLength: given 10; allowed is no such key');
  });

  it('wants golden vectors of this detector, in its order of features and of its shape', () => {
    const folder = copyOf('isolation-forest');
    editGolden(folder, (golden) => {
      golden.detector = 'another';
      golden.features.reverse();
      golden.vectors[0]?.input.push([1]);
    });
    const message = refusal(folder);
    expect(message).toContain('detector: given "another"; allowed is isolation-forest, as in detector.json');
    expect(message).toContain('features[0]: given "measure 14"; allowed is measure 00');
    expect(message).toContain('vectors[0].input: given [15,1]; allowed is 1 rows of 15 values');
  });

  it('wants vectors on both sides of the threshold, and verdicts that follow from it', () => {
    const [moved, oneSided] = [copyOf('isolation-forest'), copyOf('isolation-forest')];
    editContract(moved, (contract) => {
      contract.threshold = 0.99;
    });
    editGolden(oneSided, (golden) => {
      golden.vectors = golden.vectors.filter(({ expected }) => expected.anomalous);
    });
    expect(refusal(moved)).toContain(
      'expected.anomalous: given true; allowed is whether the score is above 0.99',
    );
    expect(refusal(oneSided)).toContain('allowed is a vector that is not anomalous');
  });

  it('names a file that is missing or broken', () => {
    const folder = copyOf('isolation-forest');
    writeFileSync(join(folder, 'golden.json'), '{');
    expect(refusal(folder)).toContain('isolation-forest/golden.json: given');
    expect(refusal(newFolder())).toContain('detector.json: given "ENOENT"; allowed is a readable file');
  });
});
