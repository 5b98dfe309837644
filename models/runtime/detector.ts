import { InferenceSession, Tensor, env } from 'onnxruntime-web';
import {
  type DetectorContract,
  type DetectorGolden,
  readDetectorFolder,
  rowsOfInput,
} from '../detector-contract';
import { GraphError, InvalidRequestError } from './errors';

/** What a detector says of one input. */
export interface Anomaly {
  /** The higher, the stranger; comparable within one detector only. */
  readonly score: number;
  /** Whether the score is above the detector's threshold. */
  readonly anomalous: boolean;
}

/** A detector that scores its golden vectors otherwise than they say. */
export class DetectorSelfTestError extends Error {
  override readonly name = 'DetectorSelfTestError';
}

// More threads would need worker processes of their own; inputs here take single milliseconds.
env.wasm.numThreads = 1;

function checkPort(
  kind: 'input' | 'output',
  metadata: readonly InferenceSession.ValueMetadata[],
  name: string,
  shape: readonly number[],
): void {
  const [port, ...others] = metadata;
  const fits =
    port?.isTensor === true &&
    others.length === 0 &&
    port.name === name &&
    port.type === 'float32' &&
    typeof port.shape[0] === 'string' &&
    port.shape.slice(1).join() === shape.join();
  if (fits) return;
  const found = metadata.map((each) =>
    each.isTensor ? `"${each.name}" [${each.shape.join(', ')}]` : each.name,
  );
  const wanted = `one ${kind} "${name}" of float32 [${['batch', ...shape].join(', ')}]`;
  throw new GraphError(`the graph must have ${wanted}, but has ${found.join(' and ') || `no ${kind}`}`);
}

/** The shape of one input: rows and features of an autoencoder's sequence, features of a forest's row. */
function shapeOf(contract: DetectorContract): readonly number[] {
  const width = contract.features.length;
  return contract.sequenceLength === undefined ? [width] : [contract.sequenceLength, width];
}

/** An anomaly detector that has passed its self-test and scores inputs. */
export class RunningDetector {
  private constructor(
    readonly contract: DetectorContract,
    private readonly session: InferenceSession,
  ) {}

  /**
   * Loads a detector: reads and validates its files, opens the graph, and asks it the golden vectors.
   *
   * @param folder holds `detector.json`, `golden.json` and `detector.onnx`
   * @throws ContractError when the files break their contract
   * @throws GraphError when the graph cannot be loaded or does not fit the contract
   * @throws DetectorSelfTestError when it scores a golden vector otherwise than that says
   */
  static async load(folder: string): Promise<RunningDetector> {
    const { contract, golden, graph } = readDetectorFolder(folder);
    let session: InferenceSession;
    try {
      session = await InferenceSession.create(graph, { executionProviders: ['wasm'] });
    } catch (error) {
      throw new GraphError(`the graph of ${contract.name} cannot be loaded: ${(error as Error).message}`);
    }
    const detector = new RunningDetector(contract, session);
    try {
      checkPort('input', session.inputMetadata, contract.graph.input, shapeOf(contract));
      checkPort('output', session.outputMetadata, contract.graph.output, []);
      await detector.selfTest(golden);
    } catch (error) {
      await session.release();
      throw error;
    }
    return detector;
  }

  /**
   * Scores inputs; each is a list of rows of raw features in the detector's order, as many as a sequence has.
   *
   * @throws InvalidRequestError that names the input and what is wrong with it
   * @throws GraphError when the graph fails on the inputs
   */
  async detect(inputs: readonly (readonly (readonly number[])[])[]): Promise<readonly Anomaly[]> {
    inputs.forEach((input, at) => this.check(input, at));
    if (inputs.length === 0) return [];
    const { graph, threshold } = this.contract;
    const values = Float32Array.from(inputs.flat(2));
    const tensor = new Tensor('float32', values, [inputs.length, ...shapeOf(this.contract)]);
    const { [graph.output]: output } = await this.session.run({ [graph.input]: tensor });
    const scores = output?.data;
    const finite = scores instanceof Float32Array && scores.every((score) => Number.isFinite(score));
    if (!finite || scores.length !== inputs.length) {
      throw new GraphError(`the graph of ${this.contract.name} did not give a finite score for every input`);
    }
    return [...scores].map((score) => ({ score, anomalous: score > threshold }));
  }

  /** Frees the detector's memory; it cannot score afterwards. */
  async release(): Promise<void> {
    await this.session.release();
  }

  private check(input: readonly (readonly number[])[], at: number): void {
    const [rows, width] = [rowsOfInput(this.contract), this.contract.features.length];
    if (input.length !== rows || input.some((row) => row.length !== width)) {
      throw InvalidRequestError.of(`input ${at} must be ${rows} rows of ${width} values`);
    }
    if (!input.every((row) => row.every((value) => Number.isFinite(Math.fround(value))))) {
      throw InvalidRequestError.of(`input ${at} must hold finite numbers of single precision`);
    }
  }

  private async selfTest({ vectors, tolerance }: DetectorGolden): Promise<void> {
    const got = await this.detect(vectors.map(({ input }) => input));
    const failures = vectors.flatMap(({ id, expected }, i) => {
      const anomaly = got[i] ?? { score: Number.NaN, anomalous: false };
      const allowed = tolerance * Math.max(1, Math.abs(expected.score));
      const near = Math.abs(anomaly.score - expected.score) <= allowed;
      if (near && anomaly.anomalous === expected.anomalous) return [];
      return [`"${id}": expected ${expected.score}, got ${anomaly.score.toPrecision(6)}`];
    });
    if (failures.length === 0) return;
    const { name } = this.contract;
    throw new DetectorSelfTestError(
      `${name} fails its self-test on ${failures.length} of ${vectors.length} golden vectors; ${failures[0]}`,
    );
  }
}
