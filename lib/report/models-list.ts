import { join } from 'node:path';
import { packArtifact } from '../../models/packaging/model-artifact';
import { SPECIALISTS, type Specialist } from '../../models/catalogue';
import { ContractError } from '../../models/contract/contract-error';
import { readNamedSpecialist } from '../../models/verification/verify-specialist';
import { drawColumns, wrap } from '../util/text-layout';
import { counted } from './words';
import { type Origin, REFERENCE, originOf } from './words-models';

/** A specialist that stands in the folder with its contract kept. */
export interface ListedSpecialist {
  readonly specialist: Specialist;
  readonly version: string;
  /** Whether this project trained it on public data. */
  readonly reference: boolean;
  readonly origin: Origin;
  readonly features: number;
  readonly classes: number;
  readonly graphBytes: number;
  /** Lower-case hexadecimal SHA-256, and size, of `model.tar.gz`. */
  readonly artifact: { readonly key: string; readonly sha256: string; readonly bytes: number };
  /** On flows that it was not trained on, of the same capture; shares of 1. Null where nothing is known. */
  readonly heldOut: { readonly rows: number; readonly accuracy: number; readonly macroF1: number } | null;
}

/** What `xdr models list` says. */
export interface ModelsList {
  readonly schemaVersion: 1;
  readonly folder: string;
  readonly specialists: readonly ListedSpecialist[];
  /** Specialists that are missing or break their contract, with every reason. */
  readonly broken: readonly { readonly specialist: Specialist; readonly reasons: readonly string[] }[];
}

function listed(folder: string, specialist: Specialist): ListedSpecialist {
  const { model, graph } = readNamedSpecialist(folder, specialist);
  const { key, sha256, bytes } = packArtifact(folder);
  const heldOut = model.evaluation?.heldOut;
  return {
    specialist,
    version: model.version,
    reference: model.reference,
    origin: originOf(model),
    features: model.features.length,
    classes: model.classes.length,
    graphBytes: graph.length,
    artifact: { key, sha256, bytes: bytes.length },
    heldOut:
      heldOut === undefined
        ? null
        : { rows: heldOut.rows, accuracy: heldOut.accuracy, macroF1: heldOut.macroF1 },
  };
}

/**
 * Lists the specialists of a folder. Runs no graph.
 *
 * @param folder holds one folder for each specialist
 */
export function listModels(folder: string): ModelsList {
  const specialists: ListedSpecialist[] = [];
  const broken: { specialist: Specialist; reasons: string[] }[] = [];
  for (const specialist of SPECIALISTS) {
    try {
      specialists.push(listed(join(folder, specialist), specialist));
    } catch (error) {
      if (!(error instanceof ContractError)) throw error;
      broken.push({ specialist, reasons: error.message.split('\n') });
    }
  }
  return { schemaVersion: 1, folder, specialists, broken };
}

const FIGURES = [
  { title: 'Specialist', width: 10 },
  { title: 'Version', width: 8 },
  { title: 'Origin', width: 9 },
  { title: 'Features', width: 8, right: true },
  { title: 'Classes', width: 7, right: true },
  { title: 'Graph (B)', width: 9, right: true },
  { title: 'Accuracy', width: 8, right: true },
  { title: 'Macro-F1', width: 8, right: true },
];

const HASHES = [
  { title: 'Specialist', width: 10 },
  { title: 'SHA-256 of model.tar.gz', width: 64 },
];

function tables(specialists: readonly ListedSpecialist[]): string[] {
  if (specialists.length === 0) return [];
  const figures = specialists.map((line) => [
    line.specialist,
    line.version,
    line.origin,
    String(line.features),
    String(line.classes),
    String(line.graphBytes),
    line.heldOut?.accuracy.toFixed(4) ?? 'unknown',
    line.heldOut?.macroF1.toFixed(4) ?? 'unknown',
  ]);
  const hashes = specialists.map(({ specialist, artifact }) => [specialist, artifact.sha256]);
  return [
    drawColumns(FIGURES, figures),
    wrap(
      'Accuracy and macro-F1: held-out flows of the capture that each was trained on; xdr models inspect NAME shows more.',
    ),
    drawColumns(HASHES, hashes),
  ];
}

/** The list as a table of at most 80 columns. */
export function renderModelsList({ folder, specialists, broken }: ModelsList): string {
  const sections = [
    wrap(`${counted(specialists.length, 'specialist')} in ${folder}`),
    ...tables(specialists),
    ...(specialists.some(({ reference }) => reference) ? [wrap(REFERENCE)] : []),
    ...broken.map(({ specialist, reasons }) =>
      [
        `${specialist} is missing or breaks its contract:`,
        ...reasons.map((reason) => `  ${wrap(reason, '    ')}`),
      ].join('\n'),
    ),
    ...(broken.length > 0 ? ['xdr models verify says what to do.'] : []),
  ];
  return `${sections.join('\n\n')}\n`;
}
