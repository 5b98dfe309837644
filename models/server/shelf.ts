import { resolve, sep } from 'node:path';
import * as z from 'zod';
import { ContractError } from '../contract-error';
import { GraphError, SelfTestError } from '../runtime/errors';
import { RunningModel } from '../runtime/model';
import { HttpError } from './http';

const loadRequest = z.object({ model_name: z.string().min(1), url: z.string().min(1) });

/** A model as the multi-model API names it. */
export interface ShelvedModel {
  readonly modelName: string;
  readonly modelUrl: string;
}

/** The models of a multi-model endpoint: SageMaker loads and unloads them while the container runs. */
export class Shelf {
  private readonly models = new Map<
    string,
    { readonly url: string; readonly model: Promise<RunningModel> }
  >();

  /** @param root folder below which SageMaker unpacks models; a url outside is refused */
  constructor(private readonly root: string) {}

  /**
   * Loads the model of a `{ model_name, url }` request.
   *
   * @throws HttpError 400 for a bad request, 409 when the name is taken, 500 when the model fails its checks
   */
  async load(body: unknown): Promise<ShelvedModel> {
    const parsed = loadRequest.safeParse(body);
    if (!parsed.success) {
      throw new HttpError(400, 'invalid_request', 'give "model_name" and "url", both non-empty strings');
    }
    const { model_name: name, url } = parsed.data;
    const folder = resolve(url);
    if (!folder.startsWith(resolve(this.root) + sep)) {
      throw new HttpError(400, 'invalid_request', `"url" must be a folder below ${this.root}`);
    }
    if (this.models.has(name)) throw new HttpError(409, 'already_loaded', 'a model of that name is loaded');
    const model = RunningModel.load(folder);
    this.models.set(name, { url, model });
    try {
      await model;
    } catch (error) {
      this.models.delete(name);
      throw modelRefused(error);
    }
    return { modelName: name, modelUrl: url };
  }

  /** Every loaded model, in the order of loading. */
  list(): ShelvedModel[] {
    return [...this.models].map(([modelName, { url }]) => ({ modelName, modelUrl: url }));
  }

  /** @throws HttpError 404 when no model of that name is loaded */
  describe(name: string): ShelvedModel {
    return { modelName: name, modelUrl: this.entry(name).url };
  }

  /** @throws HttpError 404 when no model of that name is loaded */
  async get(name: string): Promise<RunningModel> {
    return this.entry(name).model;
  }

  /**
   * Unloads a model.
   *
   * @throws HttpError 404 when no model of that name is loaded
   */
  async unload(name: string): Promise<void> {
    const { model } = this.entry(name);
    this.models.delete(name);
    await (await model).release();
  }

  /** Unloads every model. */
  async close(): Promise<void> {
    await Promise.all([...this.models.keys()].map((name) => this.unload(name)));
  }

  private entry(name: string) {
    const entry = this.models.get(name);
    if (entry === undefined) throw new HttpError(404, 'not_loaded', 'no model of that name is loaded');
    return entry;
  }
}

function modelRefused(error: unknown): unknown {
  const ours =
    error instanceof ContractError || error instanceof GraphError || error instanceof SelfTestError;
  return ours ? new HttpError(500, 'model_refused', error.message) : error;
}
