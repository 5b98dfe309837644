import type { ModelContract } from '../../models/contract/model-contract';
import type { SpecialistFolder } from '../../models/contract/specialist-folder';
import type { Imported, Training } from '../../models/contract/provenance';
import { atWorkSections, thresholdsOf } from './models-at-work';
import { evaluationSections, figuresSections, item, section } from './models-figures';
import { drawColumns } from '../util/text-layout';
import { REFERENCE } from './words-models';

/** What `xdr models inspect` says. */
export interface ModelInspection {
  readonly schemaVersion: 1;
  /** `model.json` as it stands. */
  readonly contract: ModelContract;
  readonly graphBytes: number;
  readonly golden: {
    readonly vectors: number;
    /** How far a probability may be off. */
    readonly tolerance: number;
    readonly perClass: Readonly<Record<string, number>>;
  };
}

/** What a specialist's files say, in full. */
export function inspectModel({ model, golden, graph }: SpecialistFolder): ModelInspection {
  const expected = golden.vectors.map((vector) => vector.expected.class);
  return {
    schemaVersion: 1,
    contract: model,
    graphBytes: graph.length,
    golden: {
      vectors: golden.vectors.length,
      tolerance: golden.tolerance,
      perClass: Object.fromEntries(
        model.classes.map((name) => [name, expected.filter((each) => each === name).length]),
      ),
    },
  };
}

function headOf({ contract, graphBytes }: ModelInspection): string {
  const { name, version, reference, description, graph } = contract;
  return section(
    `${name} ${version}${reference ? ' (reference)' : ''}`,
    item(description),
    ...(reference ? [item(REFERENCE)] : []),
    item(`Graph: ${graph.file}, ${graphBytes} bytes, SHA-256`),
    `    ${graph.sha256}`,
    item(`Input "${graph.input}", output "${graph.output}"`),
  );
}

/** Reading downwards, in two columns: the position of a feature is what callers by position need. */
function featuresOf({ features }: ModelContract): string {
  const half = Math.ceil(features.length / 2);
  const cells = (at: number) => (at < features.length ? [String(at), features[at] ?? ''] : ['', '']);
  const column = (title: string) => [
    { title: '#', width: 4, right: true },
    { title, width: 34 },
  ];
  const rows = Array.from({ length: half }, (_, i) => [...cells(i), ...cells(half + i)]);
  return section(
    `Features, in order (${features.length}, counted from 0)`,
    drawColumns([...column('Feature'), ...column('Feature')], rows),
  );
}

function classesOf({ contract, golden }: ModelInspection): string {
  const { classes, untrained } = contract;
  const rows = classes.map((name, at) => [
    String(at),
    name,
    String(golden.perClass[name] ?? 0),
    untrained.includes(name) ? 'no training data, never answered' : '',
  ]);
  return section(
    `Classes, in order (${classes.length}, counted from 0)`,
    drawColumns(
      [
        { title: '#', width: 4, right: true },
        { title: 'Class', width: 30 },
        { title: 'Golden', width: 6, right: true },
        { title: '', width: 33 },
      ],
      rows,
    ),
    item(`Golden vectors: ${golden.vectors}, every probability within ${golden.tolerance}.`),
    item(thresholdsOf(contract)),
  );
}

function trainingOf({ source, file, algorithm, seed, rows, labels, leftOut }: Training): string {
  const others = Object.entries(leftOut.otherLabels).map(([label, count]) => `${label} (${count})`);
  return section(
    'Training',
    item(`Source: ${source}`),
    item(`File: ${file}; ${rows} rows; seed ${seed}`),
    item(`Algorithm: ${algorithm}`),
    item(
      `Left out: ${leftOut.incomplete} incomplete, ${leftOut.repeated} repeated, other labels: ${others.join(', ') || 'none'}`,
    ),
    drawColumns(
      [
        { title: '  Label of the data', width: 38 },
        { title: 'Class', width: 40 },
      ],
      Object.entries(labels).map(([label, name]) => [`  ${label}`, name]),
    ),
  );
}

function importOf(imported: Imported, classes: readonly string[]): string[] {
  const { checkpoint, forward, chosenBy, scaler, parity, labelledRows } = imported;
  return [
    section(
      'Imported',
      item(`Checkpoint: ${checkpoint.file}, SHA-256`),
      `    ${checkpoint.sha256}`,
      item(`Forward pass: ${forward}; chosen by ${chosenBy}`),
      item(`Scaler: ${scaler}`),
      item(
        `Parity of PyTorch and ONNX: no probability differs by more than ${parity.largestDifference} on ${parity.rows} rows`,
      ),
    ),
    ...(labelledRows === undefined
      ? []
      : figuresSections('Labelled rows that the import was given', labelledRows, classes)),
  ];
}

const NO_FIGURES = section(
  'Figures',
  item('none on flows that it was not trained on: the contract has no evaluation'),
);

/** A specialist's contract in full, on at most 80 columns. */
export function renderInspection(inspection: ModelInspection): string {
  const { training, imported, evaluation, classes } = inspection.contract;
  const sections = [
    headOf(inspection),
    featuresOf(inspection.contract),
    classesOf(inspection),
    ...atWorkSections(inspection.contract),
    ...(training === undefined ? [] : [trainingOf(training)]),
    ...(imported === undefined ? [] : importOf(imported, classes)),
    ...(evaluation === undefined ? [NO_FIGURES] : evaluationSections(evaluation, classes)),
  ];
  return `${sections.join('\n\n')}\n`;
}
