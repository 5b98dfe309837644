import { join } from 'node:path';
import { packArtifact } from '../../models/artifact';
import { SPECIALISTS, type Specialist } from '../../models/catalogue';
import type { Golden, ModelContract } from '../../models/contract';
import { ContractError } from '../../models/contract-error';
import { readSpecialistFolder } from '../../models/folder';
import type { Environment } from '../config/schema';
import { EXIT, UserError } from '../errors';

/** A version of a specialist as it stands in the tree. */
export interface TreeModel {
  readonly model: ModelContract;
  readonly golden: Golden;
}

/** A specialist as it stands in the tree. */
export interface TreeSpecialist extends TreeModel {
  /** Key of its artifact, which carries its content hash. */
  readonly key: string;
  /** The second version on trial, where there is one. */
  readonly challenger?: TreeModel;
}

/** The models that the deployed ones are held against. */
export type Tree = Readonly<Record<Specialist, TreeSpecialist>>;

/** Where the models of the tree stand. */
export interface TreeFolders {
  /** Holds one folder for each specialist. */
  readonly models: string;
  /** Root that the folders of challengers are named from. */
  readonly root: string;
}

function readModel(folder: string): TreeModel {
  const { model, golden } = readSpecialistFolder(folder);
  return { model, golden };
}

/**
 * Reads the models of an environment: those of the tree and its challengers. Runs no graph.
 *
 * @throws UserError (1) when one of them breaks its contract
 */
export function readTree({ inference }: Environment, { models, root }: TreeFolders): Tree {
  const readOne = (specialist: Specialist): TreeSpecialist => {
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
      TreeSpecialist
    >;
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    throw new UserError(
      `the models of the tree break their contract, so nothing can be held against them:\n${error.message}\nMend them; xdr models verify says whether all is right`,
      EXIT.blocked,
    );
  }
}
