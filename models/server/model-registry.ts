import { statSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import * as z from 'zod';
import { ContractError } from '../contract/contract-error';
import { GraphError, SelfTestError } from '../contract/model-errors';
import { RunningModel } from '../runtime/running-model';
import { HttpError } from './http/http-error';
import { RefCounted } from './ref-counted';
import { memoryOfModel } from './memory-limits';

const loadRequest = z.object({ model_name: z.string().min(1), url: z.string().min(1) });

/** A model as the multi-model API names it. */
export interface LoadedModel {
  readonly modelName: string;
  readonly modelUrl: string;
}

interface Entry {
  readonly url: string;
  /** What the model is counted with, in bytes. */
  readonly memory: number;
  readonly loading: Promise<RefCounted<RunningModel>>;
  /** Set once it is loaded. */
  lease?: RefCounted<RunningModel>;
}

/** The models of a multi-model endpoint: SageMaker loads and unloads them while the container runs. */
export class ModelRegistry {
  private readonly entries = new Map<string, Entry>();
  /** Bytes of every model that is loaded, being loaded or being unloaded. */
  private taken = 0;

  /**
   * @param root folder below which SageMaker unpacks models; a url outside is refused
   * @param memoryBytes what all models together may take
   */
  constructor(
    private readonly root: string,
    private readonly memoryBytes: number,
  ) {}

  /**
   * Loads the model of a `{ model_name, url }` request.
   *
   * @throws HttpError 400 for a bad request, 409 when the name is taken, 500 when the model fails its checks,
   *   507 when there is no room for it, upon which SageMaker unloads others and asks again
   */
  async load(body: unknown): Promise<LoadedModel> {
    const parsed = loadRequest.safeParse(body);
    if (!parsed.success) {
      throw new HttpError(400, 'invalid_request', 'give "model_name" and "url", both non-empty strings');
    }
    const { model_name: name, url } = parsed.data;
    const folder = resolve(url);
    if (!folder.startsWith(resolve(this.root) + sep)) {
      throw new HttpError(400, 'invalid_request', `"url" must be a folder below ${this.root}`);
    }
    if (this.entries.has(name)) {
      throw new HttpError(409, 'already_loaded', 'a model of that name is loaded, or being loaded');
    }
    const memory = this.reserve(folder);
    const loading = RunningModel.load(folder).then((model) => new RefCounted(model));
    const entry: Entry = { url, memory, loading };
    this.entries.set(name, entry);
    try {
      entry.lease = await loading;
    } catch (error) {
      this.taken -= memory;
      if (this.entries.get(name) === entry) this.entries.delete(name);
      throw modelRefused(error);
    }
    return { modelName: name, modelUrl: url };
  }

  /** Every loaded model, in the order of loading. */
  list(): LoadedModel[] {
    return [...this.entries]
      .filter(([, { lease }]) => lease !== undefined)
      .map(([modelName, { url }]) => ({ modelName, modelUrl: url }));
  }

  /** @throws HttpError 404 when no model of that name is loaded */
  describe(name: string): LoadedModel {
    const entry = this.entries.get(name);
    if (entry?.lease === undefined) throw notLoaded();
    return { modelName: name, modelUrl: entry.url };
  }

  /**
   * Does something with a model; one that is unloaded meanwhile stays until it is done.
   *
   * @throws HttpError 404 when no model of that name is loaded
   */
  async use<T>(name: string, work: (model: RunningModel) => Promise<T>): Promise<T> {
    const lease = this.entries.get(name)?.lease;
    if (lease === undefined) throw notLoaded();
    return lease.use(work);
  }

  /**
   * Unloads a model: nobody new gets it from now on, and its memory is free when whoever uses it is done. One that
   * is still being loaded goes as soon as it is.
   *
   * @throws HttpError 404 when no model of that name is loaded or being loaded
   */
  async unload(name: string): Promise<void> {
    const entry = this.entries.get(name);
    if (entry === undefined) throw notLoaded();
    this.entries.delete(name);
    let lease: RefCounted<RunningModel>;
    try {
      lease = await entry.loading;
    } catch {
      throw notLoaded();
    }
    await lease.end();
    this.taken -= entry.memory;
  }

  /** Unloads every model. */
  async close(): Promise<void> {
    await Promise.allSettled([...this.entries.keys()].map((name) => this.unload(name)));
  }

  private reserve(folder: string): number {
    // A folder without a graph is refused by the loading itself, which says what is missing.
    const graphBytes = statSync(join(folder, 'model.onnx'), { throwIfNoEntry: false })?.size ?? 0;
    const memory = memoryOfModel(graphBytes);
    if (this.taken + memory > this.memoryBytes) {
      const mb = (bytes: number) => (bytes / 1024 / 1024).toFixed(1);
      throw new HttpError(
        507,
        'insufficient_memory',
        `the model takes ${mb(memory)} MB, and ${mb(this.taken)} of ${mb(this.memoryBytes)} MB are taken; unload a model and try again`,
      );
    }
    this.taken += memory;
    return memory;
  }
}

function notLoaded(): HttpError {
  return new HttpError(404, 'not_loaded', 'no model of that name is loaded');
}

function modelRefused(error: unknown): unknown {
  const ours =
    error instanceof ContractError || error instanceof GraphError || error instanceof SelfTestError;
  return ours ? new HttpError(500, 'model_refused', error.message) : error;
}
