import type { Specialist } from '../../models/catalogue';
import type { Check, Verification } from '../../models/verification/verify-specialist';
import { wrap } from '../util/text-layout';
import { counted } from './words';

/** What `xdr models verify` says. */
export interface VerificationDocument {
  readonly schemaVersion: 1;
  readonly folder: string;
  readonly specialists: readonly Verification[];
}

/** What `xdr models package` says. */
export interface PackageDocument {
  readonly schemaVersion: 1;
  readonly packaged: readonly {
    readonly specialist: Specialist;
    readonly version: string;
    /** Whether this project trained it on public data. */
    readonly reference: boolean;
    /** Where the archive lies. */
    readonly file: string;
    readonly bytes: number;
    /** Lower-case hexadecimal. */
    readonly sha256: string;
  }[];
  /** Specialists that do not verify: no archive of them was written. */
  readonly refused: readonly Verification[];
}

const WORD = {
  passed: 'ok',
  failed: 'FAILED',
  skipped: 'not made',
  undetermined: 'unknown',
} as const;

const INDENT = ' '.repeat(23);

/** wrap() leaves its first line unindented, and reckons it as if it were. */
const beside = (text: string): string => wrap(text, INDENT);

function checkLines({ check, outcome, details, remedy }: Check): string[] {
  const [first = '', ...others] = details;
  return [
    `  ${WORD[outcome].padEnd(10)} ${check.padEnd(9)} ${beside(first)}`,
    ...others.map((detail) => INDENT + beside(detail)),
    ...(remedy === null ? [] : [INDENT + beside(`To do: ${remedy}.`)]),
  ];
}

function titleOf({ specialist, version, reference }: Omit<Verification, 'outcome' | 'checks'>): string {
  return version === null
    ? specialist
    : `${specialist} ${version}${reference === true ? ' (reference)' : ''}`;
}

function specialistLines(verification: Verification): string {
  return [titleOf(verification), ...verification.checks.flatMap(checkLines)].join('\n');
}

const named = (verifications: readonly Verification[]) =>
  verifications.map(({ specialist }) => specialist).join(', ');

function conclusion(verifications: readonly Verification[]): string {
  const failed = verifications.filter(({ outcome }) => outcome === 'failed');
  const open = verifications.filter(({ outcome }) => outcome === 'undetermined');
  const parts = [
    ...(failed.length > 0 ? [`${counted(failed.length, 'specialist')} failed: ${named(failed)}`] : []),
    ...(open.length > 0 ? [`${counted(open.length, 'specialist')} undetermined: ${named(open)}`] : []),
  ];
  return wrap(
    parts.length > 0
      ? `${parts.join('; ')}.`
      : `${counted(verifications.length, 'specialist')} verified: contract, golden vectors and artifact are right.`,
  );
}

/** Every check of every specialist, a line each, on at most 80 columns. */
export function renderVerification({ specialists }: VerificationDocument): string {
  return `${[...specialists.map(specialistLines), conclusion(specialists)].join('\n\n')}\n`;
}

/** The archives that were written and, where some were refused, why. A path stands on a line of its own, unbroken. */
export function renderPackages({ packaged, refused }: PackageDocument): string {
  const sections = [
    ...packaged.map(({ file, bytes, sha256, ...model }) =>
      [titleOf(model), `  ${file}`, `  ${bytes} bytes`, `  SHA-256 ${sha256}`].join('\n'),
    ),
    ...(refused.length > 0
      ? [
          wrap(`Refused, because it does not verify: ${named(refused)}. No archive of it was written.`),
          ...refused.map(specialistLines),
        ]
      : []),
  ];
  return `${sections.join('\n\n')}\n`;
}
