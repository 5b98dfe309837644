import type { Specialist } from '../../models/catalogue';
import { readSpecialistFolder } from '../../models/contract/specialist-folder';
import { type Contracts, modelMetadata } from './model-metadata';

/**
 * What the function knows of models, read from their folders.
 *
 * @throws ContractError when a folder breaks its contract
 */
export function bundledMetadata(
  folders: readonly (readonly [specialist: Specialist, folder: string])[],
): Contracts['champion'] {
  return Object.fromEntries(
    folders.map(([name, folder]) => [name, modelMetadata(readSpecialistFolder(folder).model)]),
  );
}
