import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ModelArtifact } from '../../../models/packaging/model-artifact';
import { SPECIALISTS, SPECIALIST_EDGE, type Specialist, resolveSpecialist } from '../../../models/catalogue';
import { ContractError } from '../../../models/contract/contract-error';
import { sha256 } from '../../../models/contract/contract-file';
import type { SpecialistFolder } from '../../../models/contract/specialist-folder';
import { EXIT, type ExitCode, UserError } from '../../util/user-error';
import { projectPath } from '../../util/project-path';
import { inspectModel, renderInspection } from '../../report/models-inspection';
import { listModels, renderModelsList } from '../../report/models-list';
import {
  type Verification,
  type VerificationDependencies,
  type Verified,
  readNamedSpecialist,
  verifySpecialist,
} from '../../../models/verification/verify-specialist';
import {
  type PackageDocument,
  type VerificationDocument,
  renderPackages,
  renderVerification,
} from '../../report/models-verification-table';
import { makeFolder } from '../../util/write-file';
import type { Terminal } from '../terminal';
import type { ModelsFormat } from './models-options';

export interface ModelsOptions {
  /** Folder that holds one folder for each specialist. @default - the project's own */
  readonly models?: string;
  readonly format: ModelsFormat;
}

export interface ModelsVerifyOptions extends ModelsOptions {
  /** Name or alias of the one specialist that is meant. @default - all of them */
  readonly specialist?: string;
}

export interface ModelsPackageOptions extends ModelsVerifyOptions {
  /** Folder that the archives are written to, below it as the model bucket holds them; made if it is not there. */
  readonly out: string;
}

function modelsFolder({ models = projectPath('models') }: ModelsOptions): string {
  if (statSync(models, { throwIfNoEntry: false })?.isDirectory() === true) return models;
  throw new UserError(`--models ${models} is no folder; it must hold one folder for each specialist`);
}

function specialistOf(word: string): Specialist {
  const specialist = resolveSpecialist(word);
  if (specialist !== undefined) return specialist;
  const known = SPECIALISTS.map((name) => `${name} (or ${SPECIALIST_EDGE[name].aliases.join(', ')})`);
  throw new UserError(`there is no specialist "${word}"; there are ${known.join(', ')}`);
}

function show<T>(
  document: T,
  render: (document: T) => string,
  { format }: ModelsOptions,
  io: Terminal,
): void {
  io.out(format === 'json' ? `${JSON.stringify(document, null, 2)}\n` : render(document));
}

function exitOf(verifications: readonly Verification[]): ExitCode {
  const outcomes = new Set(verifications.map(({ outcome }) => outcome));
  if (outcomes.has('failed')) return EXIT.blocked;
  return outcomes.has('undetermined') ? EXIT.unknown : EXIT.fits;
}

async function verifyAll(
  options: ModelsVerifyOptions,
  dependencies: VerificationDependencies,
): Promise<Verified[]> {
  const { specialist: word } = options;
  const folder = modelsFolder(options);
  const wanted = word === undefined ? SPECIALISTS : [specialistOf(word)];
  const verified: Verified[] = [];
  for (const name of wanted) verified.push(await verifySpecialist(join(folder, name), name, dependencies));
  return verified;
}

/**
 * Lists the specialists: version, origin, sizes, held-out figures, content hash of the artifact. Runs no graph.
 *
 * @returns 0, or 1 when a specialist is missing or breaks its contract
 * @throws UserError when there is no such folder
 */
export function modelsList(options: ModelsOptions, io: Terminal): ExitCode {
  const list = listModels(modelsFolder(options));
  show(list, renderModelsList, options, io);
  return list.broken.length > 0 ? EXIT.blocked : EXIT.fits;
}

/**
 * Verifies specialists: contract, golden vectors asked of the runtime that serves them, same archive each time.
 *
 * @returns 0 when all pass, 1 when one fails, 3 when a check could not be made
 * @throws UserError for a folder or a specialist that is not there
 */
export async function modelsVerify(
  options: ModelsVerifyOptions,
  io: Terminal,
  dependencies: VerificationDependencies = {},
): Promise<ExitCode> {
  const verified = await verifyAll(options, dependencies);
  const specialists = verified.map(({ verification }) => verification);
  const document: VerificationDocument = { schemaVersion: 1, folder: modelsFolder(options), specialists };
  show(document, renderVerification, options, io);
  return exitOf(specialists);
}

/** Beside the file first, read back, then in its place: nobody ever uploads half an archive. */
function writeArchive(file: string, artifact: ModelArtifact): void {
  const beside = `${file}.${randomUUID()}.tmp`;
  try {
    makeFolder(dirname(file));
    writeFileSync(beside, artifact.bytes);
    if (sha256(readFileSync(beside)) !== artifact.sha256) throw new Error('what was written reads otherwise');
    renameSync(beside, file);
  } catch (error) {
    if (existsSync(beside)) rmSync(beside);
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code ?? message;
    throw new UserError(`cannot write ${file}: ${reason}; choose a folder that is writable with --out`);
  }
}

/**
 * Writes the archives of specialists that verify, under the content-hash key that the stacks upload them as. One that
 * does not verify is refused with the reasons; the others are written all the same.
 *
 * @returns as {@link modelsVerify}
 * @throws UserError for a folder or a specialist that is not there, or archives that cannot be written
 */
export async function modelsPackage(
  options: ModelsPackageOptions,
  io: Terminal,
  dependencies: VerificationDependencies = {},
): Promise<ExitCode> {
  const verified = await verifyAll(options, dependencies);
  const packaged = verified.flatMap(({ verification: { specialist, version, reference }, artifact }) => {
    if (artifact === undefined || version === null || reference === null) return [];
    const { key, bytes } = artifact;
    const file = join(options.out, key);
    writeArchive(file, artifact);
    return [{ specialist, version, reference, file, bytes: bytes.length, sha256: artifact.sha256 }];
  });
  const refused = verified.flatMap(({ verification, artifact }) =>
    artifact === undefined ? [verification] : [],
  );
  const document: PackageDocument = { schemaVersion: 1, packaged, refused };
  show(document, renderPackages, options, io);
  return exitOf(refused);
}

function readOrExplain(folder: string, specialist: Specialist): SpecialistFolder {
  try {
    return readNamedSpecialist(folder, specialist);
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    throw new UserError(
      `${folder} breaks its contract:\n${error.message}\nMend it; xdr models verify says whether all is right`,
      EXIT.blocked,
    );
  }
}

/**
 * Shows a specialist's contract in full. Runs no graph.
 *
 * @param word name or alias of the specialist
 * @returns 0
 * @throws UserError for a folder or a specialist that is not there (64), or a broken contract (1)
 */
export function modelsInspect(word: string, options: ModelsOptions, io: Terminal): ExitCode {
  const specialist = specialistOf(word);
  const inspection = inspectModel(readOrExplain(join(modelsFolder(options), specialist), specialist));
  show(inspection, renderInspection, options, io);
  return EXIT.fits;
}
