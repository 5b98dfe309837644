import { join } from 'node:path';
import { SPECIALISTS } from '../../models/catalogue';
import { readSpecialistFolder } from '../../models/contract/specialist-folder';
import type { Candidate } from '../../models/verification/prove-specialists';
import type { Environment } from './environment';
import { EXIT, UserError } from '../util/user-error';
import { projectPath } from '../util/project-path';

/** Second versions that an environment has on trial. */
export function challengersOf({ inference }: Environment): Candidate[] {
  return SPECIALISTS.flatMap((specialist) => {
    const trial = inference.challengers[specialist];
    return trial === undefined ? [] : [{ specialist, folder: projectPath(trial.folder) }];
  });
}

/**
 * Refuses a second version that cannot take the first one's place: callers send the first one's features, and read its
 * classes.
 *
 * @param modelsFolder folder that holds one folder for each specialist
 * @throws UserError that names what differs
 * @throws ContractError when a folder breaks its contract
 */
export function mustBeComparable(modelsFolder: string, challengers: readonly Candidate[]): void {
  const problems = challengers.flatMap(({ specialist, folder }) => {
    const { model: champion } = readSpecialistFolder(join(modelsFolder, specialist));
    const { model: challenger } = readSpecialistFolder(folder);
    const unknown = challenger.features.filter((name) => !champion.features.includes(name));
    const key = `inference.challengers.${specialist}`;
    return [
      ...(unknown.length > 0
        ? [`${key}: given a model that takes ${unknown.join(', ')}, which ${specialist} is not asked with`]
        : []),
      ...(challenger.classes.join() === champion.classes.join()
        ? []
        : [
            `${key}: given the classes ${challenger.classes.join(', ')}; allowed are ${champion.classes.join(', ')}`,
          ]),
    ];
  });
  if (problems.length > 0) throw new UserError(problems.join('\n'), EXIT.blocked);
}
