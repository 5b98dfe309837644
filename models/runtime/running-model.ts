import { setImmediate } from 'node:timers/promises';
import type { ModelContract } from '../contract/model-contract';
import { readSpecialistFolder } from '../contract/specialist-folder';
import { type Batch, readBatch, slices } from './feature-batch';
import { TrainingLimits } from './training-limits';
import { type PredictionResponse, respond } from './prediction-response';
import { type Scorer, openGraph } from './scorer';
import { selfTest } from './self-test';

/**
 * Rows that the graph is given at a time. WebAssembly's memory grows to what the largest batch took and never
 * shrinks, and nothing else is answered while a batch runs; from here on a larger one is hardly faster per row.
 */
const ROWS_AT_A_TIME = 256;

/** A specialist that has passed its self-test and answers requests. */
export class RunningModel {
  private readonly limits: TrainingLimits | null;

  private constructor(
    readonly contract: ModelContract,
    private readonly scorer: Scorer,
  ) {
    this.limits = contract.population === undefined ? null : new TrainingLimits(contract.population);
  }

  /**
   * Loads a specialist: reads and validates its files, opens the graph, and asks it the golden vectors.
   *
   * @param folder holds `model.json`, `golden.json` and `model.onnx`
   * @throws ContractError when the files break their contract
   * @throws GraphError when the graph cannot be loaded or does not fit the contract
   * @throws SelfTestError when it answers something else than the golden vectors say
   */
  static async load(folder: string): Promise<RunningModel> {
    const { model, golden, graph } = readSpecialistFolder(folder);
    const scorer = await openGraph(model, graph);
    try {
      await selfTest(golden, scorer);
    } catch (error) {
      await scorer.release();
      throw error;
    }
    return new RunningModel(model, scorer);
  }

  /**
   * Answers a request.
   *
   * @param body `{ instances: number[][] }` by position, or `{ records: { [feature]: number }[] }` by name
   * @throws InvalidRequestError that names rows and features
   * @throws GraphError when the graph fails on the rows
   */
  async predict(body: unknown): Promise<PredictionResponse> {
    const batch = readBatch(body, this.contract.features);
    const { limits } = this;
    const probabilities = await this.score(batch);
    return respond(this.contract, probabilities, (row) => limits?.hold(batch.values, row) ?? null);
  }

  private async score(batch: Batch): Promise<Float32Array> {
    if (batch.rows <= ROWS_AT_A_TIME) return this.scorer.score(batch);
    const { classes } = this.contract;
    const probabilities = new Float32Array(batch.rows * classes.length);
    let at = 0;
    for (const slice of slices(batch, ROWS_AT_A_TIME)) {
      probabilities.set(await this.scorer.score(slice), at * classes.length);
      at += slice.rows;
      await setImmediate();
    }
    return probabilities;
  }

  /** Frees the model's memory; it cannot answer afterwards. */
  async release(): Promise<void> {
    await this.scorer.release();
  }
}
