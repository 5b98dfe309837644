import { join } from 'node:path';
import type { Specialist } from '../../models/catalogue';
import type { RunningModel } from '../../models/runtime/model';
import { InvalidRequestError } from '../../models/runtime/errors';
import { Failure } from './failure';
import type { AskEmbedded } from './service';

/**
 * Answers from models that lie beside the bundle. A model is loaded, and passes its self-test, when it is
 * first asked; one that fails to load is tried again at the next request.
 *
 * @param root folder that holds one folder a specialist
 */
export function embeddedModels(root: string): AskEmbedded {
  const loaded = new Map<Specialist, Promise<RunningModel>>();

  const open = (specialist: Specialist): Promise<RunningModel> => {
    const known = loaded.get(specialist);
    if (known !== undefined) return known;
    const opening = import('../../models/runtime/model').then(({ RunningModel }) =>
      RunningModel.load(join(root, specialist)),
    );
    loaded.set(specialist, opening);
    opening.catch(() => loaded.delete(specialist));
    return opening;
  };

  return async ({ specialist, payload }) => {
    let model: RunningModel;
    try {
      model = await open(specialist);
    } catch (error) {
      throw new Failure('unavailable', 'the model is not available', [], (error as Error).name);
    }
    try {
      return await model.predict(payload);
    } catch (error) {
      if (error instanceof InvalidRequestError) {
        throw new Failure('invalid_request', error.message, error.problems);
      }
      throw new Failure('bad_model_answer', 'the model failed on this request', [], (error as Error).name);
    }
  };
}
