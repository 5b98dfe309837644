import { basename } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { createTar, parseTar } from 'nanotar';
import { SPECIALISTS, type Specialist } from '../catalogue';
import { ContractError } from '../contract/contract-error';
import { sha256 } from '../contract/contract-file';
import { SPECIALIST_FILES, type SpecialistFile, readSpecialistFolder } from '../contract/specialist-folder';
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

function damaged(file: string, given: string, allowed: string): ContractError {
  return new ContractError([{ file, key: '', given, allowed }]);
}

/**
 * Checks that an archive opens to the files that it is meant to hold, and to no other.
 *
 * @param file how the archive is called in an error, such as `ddos/model.tar.gz`
 * @throws ContractError when it is cut off or damaged, or holds something else
 */
export function checkArchive(
  file: string,
  archive: Uint8Array,
  files: Readonly<Record<SpecialistFile, Uint8Array>>,
): void {
  let held: { readonly name: string; readonly data?: Uint8Array | undefined }[];
  try {
    held = parseTar(new Uint8Array(gunzipSync(archive)));
  } catch (error) {
    throw damaged(file, (error as Error).message, 'a whole gzipped tar');
  }
  const names = held.map(({ name }) => name).join(', ');
  if (names !== SPECIALIST_FILES.join(', ')) throw damaged(file, names, SPECIALIST_FILES.join(', '));
  held.forEach(({ data = new Uint8Array() }, at) => {
    const name = SPECIALIST_FILES[at] ?? 'model.onnx';
    if (Buffer.compare(data, files[name]) !== 0) {
      throw damaged(file, `another ${name}, of ${data.length} bytes`, `${name} as it is in the folder`);
    }
  });
}

/**
 * Packs a specialist's folder as SageMaker wants a model: the files at the root of a gzipped tar.
 * The bytes are the same on every machine, and have been read back. Synchronous, so that CDK code can call it while
 * it synthesises; it runs no graph, so whoever deploys what it gives has asked the golden vectors before.
 *
 * @param folder the specialist's folder, such as `models/general`
 * @throws ContractError when the folder breaks its contract or is no specialist of the catalogue
 */
export function packArtifact(folder: string): ModelArtifact {
  const { model, files } = readSpecialistFolder(folder);
  const specialist = SPECIALISTS.find((name) => name === model.name);
  if (specialist === undefined) {
    const file = `${basename(folder)}/model.json`;
    throw new ContractError([
      { file, key: 'name', given: model.name, allowed: `one of ${SPECIALISTS.join(', ')}` },
    ]);
  }
  const entries = SPECIALIST_FILES.map((name) => ({ name, data: files[name] }));
  const archive = gzipStored(Buffer.concat([createTar(entries, { attrs: ENTRY }), END_OF_ARCHIVE]));
  checkArchive(`${specialist}/model.tar.gz`, archive, files);
  const hash = sha256(archive);
  return { specialist, bytes: archive, sha256: hash, key: `${specialist}/${hash.slice(0, 16)}.tar.gz` };
}
