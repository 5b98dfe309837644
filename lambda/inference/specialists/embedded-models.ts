import { join } from 'node:path';
import type { Specialist } from '../../../models/catalogue';
import { InvalidRequestError } from '../../../models/contract/model-errors';
import type { RunningModel } from '../../../models/runtime/running-model';
import type { AskEmbedded } from './model-result';
import type { Variant } from '../model-metadata';
import { Failure } from '../api/failure';

/** Folders of the bundle, or of the tree, that hold one folder for each specialist. */
export type ModelFolders = Readonly<Record<Variant, string>>;

/**
 * Answers from models that lie beside the bundle. A model is opened, and passes its self-test, when it is first asked;
 * one that fails to open is tried again at the next request.
 */
export function embeddedModels(folders: ModelFolders): AskEmbedded {
  const opened = new Map<string, Promise<RunningModel>>();

  const open = (specialist: Specialist, variant: Variant): Promise<RunningModel> => {
    const folder = join(folders[variant], specialist);
    const known = opened.get(folder);
    if (known !== undefined) return known;
    const opening = import('../../../models/runtime/running-model').then(({ RunningModel }) =>
      RunningModel.load(folder),
    );
    opened.set(folder, opening);
    opening.catch(() => opened.delete(folder));
    return opening;
  };

  return async (specialist, variant, { rows }) => {
    let model: RunningModel;
    try {
      model = await open(specialist, variant);
    } catch (error) {
      throw new Failure('unavailable', 'the model is not available', [], (error as Error).name);
    }
    try {
      return await model.predict({ instances: rows });
    } catch (error) {
      if (error instanceof InvalidRequestError) {
        throw new Failure('invalid_request', error.message, error.problems);
      }
      throw new Failure('bad_model_answer', 'the model failed on this request', [], (error as Error).name);
    }
  };
}
