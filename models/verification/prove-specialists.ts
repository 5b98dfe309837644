import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Specialist } from '../catalogue';
import { sha256 } from '../contract/contract-file';
import { SPECIALIST_FILES } from '../contract/specialist-folder';
import { type Verification, verifySpecialist } from './verify-specialist';

/** A model that is to answer for a specialist. */
export interface Candidate {
  readonly specialist: Specialist;
  /** Holds its three files. */
  readonly folder: string;
}

/** Where and for what proofs count. */
export interface ProofOptions {
  /** Folder of the proofs that were passed; may be deleted at any time. */
  readonly memory: string;
  /** What asked the golden vectors: another version of it has to ask again. */
  readonly runtime: string;
  /** @default verifySpecialist */
  readonly verify?: (
    folder: string,
    specialist: Specialist,
  ) => Promise<{ readonly verification: Verification }>;
}

/**
 * What a proof is about: name and every byte of the specialist, and the runtime that was asked. Lengths stand before
 * contents, so that no two folders spell the same; a file that cannot be read leaves nothing to remember.
 */
function digestOf(folder: string, specialist: Specialist, runtime: string): string | undefined {
  try {
    const parts = [runtime, specialist, ...SPECIALIST_FILES.map((name) => readFileSync(join(folder, name)))];
    const framed = parts.flatMap((part) => {
      const bytes = Buffer.from(part);
      return [Buffer.from(`${bytes.length}\n`), bytes];
    });
    return sha256(Buffer.concat(framed));
  } catch {
    return undefined;
  }
}

interface Stamp {
  readonly schemaVersion: 1;
  readonly digest: string;
  readonly runtime: string;
  readonly specialist: Specialist;
}

const fileOf = (memory: string, digest: string) => join(memory, `${digest}.json`);

/** The name alone is no proof: a file that was cut off or copied over says something else than its name. */
function isKnown({ memory, runtime }: ProofOptions, specialist: Specialist, digest: string): boolean {
  try {
    const stamp = JSON.parse(readFileSync(fileOf(memory, digest), 'utf8')) as Partial<Stamp>;
    return stamp.digest === digest && stamp.runtime === runtime && stamp.specialist === specialist;
  } catch {
    return false;
  }
}

/** Beside the file first, then in its place: two syntheses at once never read half of it. */
function remember({ memory, runtime }: ProofOptions, specialist: Specialist, digest: string): void {
  const stamp: Stamp = { schemaVersion: 1, digest, runtime, specialist };
  const beside = join(memory, `${digest}.${randomUUID()}.tmp`);
  try {
    mkdirSync(memory, { recursive: true });
    writeFileSync(beside, `${JSON.stringify(stamp, null, 2)}\n`);
    renameSync(beside, fileOf(memory, digest));
  } catch {
    // Memory only saves time: where nothing can be written, the next run asks again.
    if (existsSync(beside)) rmSync(beside);
  }
}

/**
 * Proves that specialists answer right: contract, golden vectors asked of the real runtime, archive. A proof that was
 * passed is remembered under the content's hash, so that the same bytes are asked once.
 *
 * @returns what became of those that are not proven; empty when all are
 */
export async function proveSpecialists(
  candidates: readonly Candidate[],
  options: ProofOptions,
): Promise<Verification[]> {
  const { verify = verifySpecialist, runtime } = options;
  const unproven: Verification[] = [];
  for (const { specialist, folder } of candidates) {
    const digest = digestOf(folder, specialist, runtime);
    if (digest !== undefined && isKnown(options, specialist, digest)) continue;
    const { verification } = await verify(folder, specialist);
    if (verification.outcome !== 'passed') unproven.push(verification);
    // Bytes that changed while they were asked are not those of the hash.
    else if (digest !== undefined && digest === digestOf(folder, specialist, runtime)) {
      remember(options, specialist, digest);
    }
  }
  return unproven;
}
