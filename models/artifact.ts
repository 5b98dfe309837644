import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createTar } from 'nanotar';
import { SPECIALISTS, type Specialist } from './catalogue';
import { ContractError } from './contract-error';
import { SPECIALIST_FILES, readSpecialistFolder, sha256 } from './folder';
import { gzipStored } from './gzip';

/** A specialist's `model.tar.gz`, named by its content. */
export interface ModelArtifact {
  readonly specialist: Specialist;
  readonly bytes: Uint8Array;
  /** Lower-case hexadecimal SHA-256 of the bytes. */
  readonly sha256: string;
  /**
   * Object key: `<specialist>/<first 16 digits of the hash>.tar.gz`. A changed model gets another key,
   * because SageMaker does not redeploy an artifact that changes under the same one.
   */
  readonly key: string;
}

/** Owner, time and mode are fixed: they would otherwise be those of whoever checked the files out. */
const ENTRY = { mode: '644', uid: 0, gid: 0, mtime: 0, user: '', group: '' };

/** Two empty blocks end an archive; the packer leaves them out when the entries fill its last record. */
const END_OF_ARCHIVE = Buffer.alloc(1024);

/**
 * Packs a specialist's folder as SageMaker wants a model: the files at the root of a gzipped tar.
 * The bytes are the same on every machine. Synchronous, so that CDK code can call it while it synthesises.
 *
 * @param folder the specialist's folder, such as `models/general`
 * @throws ContractError when the folder breaks its contract or is no specialist of the catalogue
 */
export function packArtifact(folder: string): ModelArtifact {
  const { model } = readSpecialistFolder(folder);
  const specialist = SPECIALISTS.find((name) => name === model.name);
  if (specialist === undefined) {
    const file = `${basename(folder)}/model.json`;
    throw new ContractError([
      { file, key: 'name', given: model.name, allowed: `one of ${SPECIALISTS.join(', ')}` },
    ]);
  }
  const entries = SPECIALIST_FILES.map((name) => ({ name, data: readFileSync(join(folder, name)) }));
  const archive = gzipStored(Buffer.concat([createTar(entries, { attrs: ENTRY }), END_OF_ARCHIVE]));
  const hash = sha256(archive);
  return { specialist, bytes: archive, sha256: hash, key: `${specialist}/${hash.slice(0, 16)}.tar.gz` };
}
