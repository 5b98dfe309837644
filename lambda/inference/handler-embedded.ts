import { fileURLToPath } from 'node:url';
import { assemble } from './verdict/assemble-answer';
import { MODEL_FOLDERS } from './bundle-files';
import { embeddedModels } from './specialists/embedded-models';

const beside = (folder: string) => fileURLToPath(new URL(folder, import.meta.url));

/** Entry of a bundle that holds models. */
export const handler = await assemble(
  import.meta.url,
  embeddedModels({
    champion: beside(MODEL_FOLDERS.champion),
    challenger: beside(MODEL_FOLDERS.challenger),
  }),
);
