import type { ModelContract } from '../contract';
import { readSpecialistFolder } from '../folder';
import { readBatch } from './batch';
import { type PredictionResponse, respond } from './response';
import { type Scorer, openGraph } from './scorer';
import { selfTest } from './self-test';

/** A specialist that has passed its self-test and answers requests. */
export class RunningModel {
  private constructor(
    readonly contract: ModelContract,
    private readonly scorer: Scorer,
  ) {}

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
    return respond(this.contract, await this.scorer.score(batch));
  }

  /** Frees the model's memory; it cannot answer afterwards. */
  async release(): Promise<void> {
    await this.scorer.release();
  }
}
