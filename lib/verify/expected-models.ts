import { join } from 'node:path';
import { packArtifact } from '../../models/packaging/model-artifact';
import { SPECIALISTS, type Specialist } from '../../models/catalogue';
import type { Golden, ModelContract } from '../../models/contract/model-contract';
import { ContractError } from '../../models/contract/contract-error';
import { readSpecialistFolder } from '../../models/contract/specialist-folder';
import type { Environment } from '../config/environment';
import { EXIT, UserError } from '../util/user-error';

/** A version of a specialist as it stands in the tree. */
export interface ExpectedModel {
  readonly model: ModelContract;
  readonly golden: Golden;
}

/** A specialist as it stands in the tree. */
export interface ExpectedSpecialist extends ExpectedModel {
  /** Key of its artifact, which carries its content hash. */
  readonly key: string;
  /** The second version on trial, where there is one. */
  readonly challenger?: ExpectedModel;
}

/** The models that the deployed ones are held against. */
export type ExpectedModels = Readonly<Record<Specialist, ExpectedSpecialist>>;

/** Where the models of the tree stand. */
export interface ExpectedModelFolders {
  /** Holds one folder for each specialist. */
  readonly models: string;
  /** Root that the folders of challengers are named from. */
  readonly root: string;
}

function readModel(folder: string): ExpectedModel {
  const { model, golden } = readSpecialistFolder(folder);
  return { model, golden };
}

/**
 * Reads the models of an environment: those of the tree and its challengers. Runs no graph.
 *
 * @throws UserError (1) when one of them breaks its contract
 */
export function readExpectedModels(
  { inference }: Environment,
  { models, root }: ExpectedModelFolders,
): ExpectedModels {
  const readOne = (specialist: Specialist): ExpectedSpecialist => {
    const folder = join(models, specialist);
    const challenger = inference.challengers[specialist];
    return {
      ...readModel(folder),
      key: packArtifact(folder).key,
      ...(challenger === undefined ? {} : { challenger: readModel(join(root, challenger.folder)) }),
    };
  };
  try {
    return Object.fromEntries(SPECIALISTS.map((name) => [name, readOne(name)])) as Record<
      Specialist,
      ExpectedSpecialist
    >;
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    throw new UserError(
      `the models of the tree break their contract, so nothing can be held against them:\n${error.message}\nMend them; xdr models verify says whether all is right`,
      EXIT.blocked,
    );
  }
}
