import { SPECIALISTS } from '../../../models/catalogue';
import type { PredictionResponse } from '../../../models/runtime/prediction-response';
import { nudgeLastLayer, swapClasses, swapFeatures } from '../../support/models/graph-edits';
import { OnnxModel, constantOf } from '../../support/models/onnx';
import { RuntimeProcess } from '../../support/models/runtime';
import {
  contractOf,
  copyOf,
  editGraph,
  editContract,
  editGolden,
  goldenOf,
  removeFolders,
  shipped,
} from '../../support/models/specialist';

let runtime: RuntimeProcess;
beforeAll(() => {
  runtime = new RuntimeProcess();
});
afterAll(() => {
  runtime.stop();
  removeFolders();
});

function rewire(folder: string, edit: (model: OnnxModel) => void): void {
  editGraph(folder, (graph) => {
    const model = OnnxModel.read(graph);
    edit(model);
    return model.bytes();
  });
}

describe('a specialist as it ships', () => {
  it.each(SPECIALISTS)('%s passes its self-test and answers its golden rows by position', async (name) => {
    const { vectors, classes } = goldenOf(name);
    const { response, error } = await runtime.run(shipped(name), {
      instances: vectors.map(({ row }) => row),
    });
    expect(error).toBeUndefined();
    const { model, predictions } = response as PredictionResponse;
    const { version, reference } = contractOf(name);
    expect(model).toEqual({ name, version, reference });
    expect(predictions.map(({ label }) => label)).toEqual(vectors.map(({ expected }) => expected.class));
    for (const prediction of predictions) {
      expect(Object.keys(prediction.probabilities)).toEqual(classes);
      expect(classes[prediction.class]).toBe(prediction.label);
      expect(prediction.confidence).toBe(prediction.probabilities[prediction.label]);
      expect(Object.values(prediction.probabilities).reduce((a, b) => a + b)).toBeCloseTo(1, 5);
    }
  });

  it('answers the same by feature name as by position, whatever the order of the names', async () => {
    const { vectors, features } = goldenOf('general');
    const rows = vectors.map(({ row }) => row);
    const records = rows.map((row) =>
      Object.fromEntries(features.map((name, i) => [name, row[i]]).toReversed()),
    );
    const byPosition = await runtime.run(shipped('general'), { instances: rows });
    const byName = await runtime.run(shipped('general'), { records });
    expect(byName.response).toEqual(byPosition.response);
  });

  it('says of each row whether it is near the training flows, and how sure it is all the same', async () => {
    const [first, second] = goldenOf('ddos').vectors;
    const { response } = await runtime.run(shipped('ddos'), {
      instances: [first?.row, second?.row.with(1, 1e15), first?.row.with(1, -1e15), second?.row],
    });
    const { predictions } = response as PredictionResponse;
    expect(predictions.map(({ inDistribution }) => inDistribution)).toEqual([true, false, false, true]);
  });

  it('says the same of rows that the graph is given in several parts', async () => {
    const row = goldenOf('ddos').vectors[0]?.row ?? [];
    const far = [3, 255, 256, 511, 600];
    const instances = Array.from({ length: 601 }, (_, at) => (far.includes(at) ? row.with(0, 1e9) : row));
    const { predictions } = (await runtime.run(shipped('ddos'), { instances }))
      .response as PredictionResponse;
    const outside = predictions.flatMap(({ inDistribution }, at) => (inDistribution === false ? [at] : []));
    expect(outside).toEqual(far);
  });

  it('does not say it for a model whose contract does not say what it was trained on', async () => {
    const folder = copyOf('ddos');
    editContract(folder, (model) => void delete model.population);
    const instances = [goldenOf('ddos').vectors[0]?.row];
    const { predictions } = (await runtime.run(folder, { instances })).response as PredictionResponse;
    expect(predictions.map(({ inDistribution }) => inDistribution)).toEqual([null]);
  });

  it('knows every class that its golden vectors and its evaluation speak of', () => {
    for (const name of SPECIALISTS) {
      const { classes, untrained, evaluation } = contractOf(name);
      const covered = new Set(goldenOf(name).vectors.map(({ expected }) => expected.class));
      expect([...covered, ...untrained].sort()).toEqual([...classes].sort());
      expect(evaluation?.heldOut.perClass.map((line) => line.class)).toEqual(classes);
    }
  });
});

describe('the self-test stops', () => {
  it.each(SPECIALISTS)('%s without its scaler', async (name) => {
    const folder = copyOf(name);
    editGraph(folder, (graph) => {
      constantOf(graph, 'scaler.mean').fill(0);
      constantOf(graph, 'scaler.scale').fill(1);
    });
    const { error } = await runtime.run(folder);
    expect(error?.name).toBe('SelfTestError');
    expect(error?.message).toMatch(/"\d\d .+": expected .+, got .+/);
  });

  it('a model whose classes are swapped in the graph', async () => {
    const folder = copyOf('ddos');
    rewire(folder, (model) => swapClasses(model, contractOf('ddos').classes, 0, 1));
    const { error } = await runtime.run(folder);
    expect(error?.name).toBe('SelfTestError');
    expect(error?.message).toMatch(/ (\d+) of \1 golden vectors/);
  });

  it('a model whose classes are renamed in model.json alone, by name and value', async () => {
    const folder = copyOf('ddos');
    editContract(folder, (model) => {
      model.classes.reverse();
    });
    const { error } = await runtime.run(folder);
    expect(error?.name).toBe('ContractError');
    expect(error?.message).toContain(
      'ddos/golden.json: classes[0]: given "Normal"; allowed is Attack, as in model.json',
    );
  });

  it('a model whose classes are renamed in both files', async () => {
    const folder = copyOf('ddos');
    editContract(folder, (model) => {
      model.classes.reverse();
    });
    editGolden(folder, (golden) => {
      golden.classes.reverse();
      for (const { expected } of golden.vectors) expected.probabilities.reverse();
    });
    expect((await runtime.run(folder)).error?.name).toBe('SelfTestError');
  });

  it('a model whose features are swapped in the graph, for any pair that the model tells apart', async () => {
    const { features } = contractOf('general');
    for (const [left, right] of [
      ['Destination Port', 'Flow Duration'],
      ['Init_Win_bytes_forward', 'Init_Win_bytes_backward'],
      ['Flow IAT Max', 'Flow IAT Min'],
    ] as const) {
      const folder = copyOf('general');
      rewire(folder, (model) => swapFeatures(model, features, left, right));
      const { error } = await runtime.run(folder);
      expect([left, right, error?.name]).toEqual([left, right, 'SelfTestError']);
    }
  });

  it('a model whose features are swapped in model.json, even two that are zero in every golden row', async () => {
    const folder = copyOf('general');
    editContract(folder, ({ features }) => {
      const [i, j] = [features.indexOf('Bwd URG Flags'), features.indexOf('Fwd Avg Bulk Rate')];
      [features[i], features[j]] = [features[j] ?? '', features[i] ?? ''];
    });
    const { error } = await runtime.run(folder);
    expect(error?.name).toBe('ContractError');
    expect(error?.message).toContain('general/golden.json: features[');
  });

  it('a model that differs in one weight by a little', async () => {
    const folder = copyOf('webattacks');
    rewire(folder, (model) => nudgeLastLayer(model, 0.01));
    expect((await runtime.run(folder)).error?.name).toBe('SelfTestError');
  });
});

describe('loading stops at', () => {
  it('a truncated graph, by its hash', async () => {
    const folder = copyOf('ddos');
    const { sha256 } = contractOf('ddos').graph;
    editGraph(folder, (graph) => graph.subarray(0, graph.length - 1));
    editContract(folder, (model) => {
      model.graph.sha256 = sha256;
    });
    const { error } = await runtime.run(folder);
    expect(error?.name).toBe('ContractError');
    expect(error?.message).toContain(`graph.sha256: given "${sha256}"`);
  });

  it('a truncated graph whose hash was recorded after the cut', async () => {
    const folder = copyOf('ddos');
    editGraph(folder, (graph) => graph.subarray(0, 900));
    const { error } = await runtime.run(folder);
    expect(error?.name).toBe('GraphError');
    expect(error?.message).toContain('the graph of ddos cannot be loaded');
  });

  it('a graph that takes another number of features than the contract says', async () => {
    const folder = copyOf('ddos');
    editContract(folder, (model) => {
      model.features.push('Extra');
      model.population?.push({ low: 0, high: 1, edges: [], shares: [1] });
    });
    editGolden(folder, (golden) => {
      golden.features.push('Extra');
      for (const { row } of golden.vectors) row.push(0);
    });
    const { error } = await runtime.run(folder);
    expect(error?.name).toBe('GraphError');
    expect(error?.message).toContain('one input "features" of float32 [batch, 79], but has "features"');
  });
});
