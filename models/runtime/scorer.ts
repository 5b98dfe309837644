import { InferenceSession, Tensor, env } from 'onnxruntime-web';
import type { ModelContract } from '../contract/model-contract';
import type { Batch } from './feature-batch';
import { GraphError } from '../contract/model-errors';
import { microBatched } from './micro-batch';

/** Runs a model's graph. */
export interface Scorer {
  /** Class probabilities, row after row in the order of the model's classes. */
  score(batch: Batch): Promise<Float32Array>;
  /** Frees the memory of the graph; it cannot be run afterwards. */
  release(): Promise<void>;
}

// More threads would need worker processes of their own; batches here take single milliseconds.
env.wasm.numThreads = 1;

function checkPort(
  kind: 'input' | 'output',
  metadata: readonly InferenceSession.ValueMetadata[],
  name: string,
  width: number,
): void {
  const [port, ...others] = metadata;
  const wanted = `one ${kind} "${name}" of float32 [batch, ${width}]`;
  const found = metadata.map((each) =>
    each.isTensor
      ? `"${each.name}" of ${each.type} [${each.shape.join(', ')}]`
      : `"${each.name}", not a tensor`,
  );
  const fits =
    port?.isTensor === true &&
    others.length === 0 &&
    port.name === name &&
    port.type === 'float32' &&
    port.shape.length === 2 &&
    typeof port.shape[0] === 'string' &&
    port.shape[1] === width;
  if (!fits)
    throw new GraphError(`the graph must have ${wanted}, but has ${found.join(' and ') || 'no ' + kind}`);
}

/**
 * Opens a graph on the WebAssembly build of ONNX Runtime, which runs on any processor that Node runs on.
 *
 * @throws GraphError when the bytes are no graph, or its input and output are not those of the contract
 */
export async function openGraph(model: ModelContract, graph: Uint8Array): Promise<Scorer> {
  let session: InferenceSession;
  try {
    session = await InferenceSession.create(graph, { executionProviders: ['wasm'] });
  } catch (error) {
    throw new GraphError(`the graph of ${model.name} cannot be loaded: ${(error as Error).message}`);
  }
  try {
    checkPort('input', session.inputMetadata, model.graph.input, model.features.length);
    checkPort('output', session.outputMetadata, model.graph.output, model.classes.length);
  } catch (error) {
    await session.release();
    throw error;
  }
  const scorer: Scorer = {
    async score({ values, rows }) {
      const input = new Tensor('float32', values, [rows, model.features.length]);
      const { [model.graph.output]: output } = await session.run({ [model.graph.input]: input });
      const probabilities = output?.data;
      if (
        !(probabilities instanceof Float32Array) ||
        probabilities.length !== rows * model.classes.length ||
        !probabilities.every((p) => Number.isFinite(p))
      ) {
        throw new GraphError(`the graph of ${model.name} did not give a finite probability for every class`);
      }
      return probabilities;
    },
    release: () => session.release(),
  };
  return microBatched(scorer, model.features.length, model.classes.length);
}
