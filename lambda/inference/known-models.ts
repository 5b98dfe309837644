import type { Specialist } from '../../models/catalogue';
import { readSpecialistFolder } from '../../models/folder';
import { type Contracts, knownModel } from './contracts';

/**
 * What the function knows of models, read from their folders.
 *
 * @throws ContractError when a folder breaks its contract
 */
export function knownModels(
  folders: readonly (readonly [specialist: Specialist, folder: string])[],
): Contracts['champion'] {
  return Object.fromEntries(
    folders.map(([name, folder]) => [name, knownModel(readSpecialistFolder(folder).model)]),
  );
}
