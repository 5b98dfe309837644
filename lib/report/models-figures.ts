import type { Calibration, Evaluation, Figures } from '../../models/contract/provenance';
import { LINE, drawColumns, wrap } from '../util/text-layout';

/** A heading with what stands under it. */
export const section = (title: string, ...lines: readonly string[]): string => [title, ...lines].join('\n');

/** An indented sentence. */
export const item = (text: string): string => `  ${wrap(text, '    ')}`;

const number = (title: string, width: number) => ({ title, width, right: true });

function perClass({ rows, accuracy, macroF1, perClass: lines }: Figures): string[] {
  return [
    item(`${rows} rows, accuracy ${accuracy.toFixed(4)}, macro-F1 ${macroF1.toFixed(4)}`),
    drawColumns(
      [
        { title: '  Class', width: 36 },
        number('Precision', 9),
        number('Recall', 8),
        number('F1', 8),
        number('Rows', 10),
      ],
      lines.map((line) => [
        `  ${line.class}`,
        line.precision.toFixed(4),
        line.recall.toFixed(4),
        line.f1.toFixed(4),
        String(line.support),
      ]),
    ),
  ];
}

/** Who was taken for whom; columns by position, because names of classes are longer than a line holds. */
function confusionOf({ confusion }: Figures, classes: readonly string[]): string {
  const numbered = confusion.map((row, truth) => [String(truth), ...row.map(String), classes[truth] ?? '']);
  const widest = Math.max(...numbered.flatMap((row) => row.slice(0, -1).map((cell) => cell.length)), 3);
  const columns = classes.map((_, at) => number(String(at), widest));
  const left = LINE - 5 - columns.length * (widest + 1) - 1;
  // A model of many classes has a matrix that no line holds; JSON has it.
  if (left < 10) return item('Confusion: wider than a line; --format json has it');
  return section(
    '  Confusion: truth downwards, answer across',
    drawColumns([number('#', 4), ...columns, { title: '', width: left }], numbered),
  );
}

/** Figures by class, and who was taken for whom. */
export function figuresSections(title: string, figures: Figures, classes: readonly string[]): string[] {
  return [section(title, ...perClass(figures)), confusionOf(figures, classes)];
}

/** How sure the model was and how often it was right, in bins that hold rows. */
function calibrationOf({ expectedCalibrationError, brier, bins }: Calibration): string {
  return section(
    '  Calibration on the held-out flows: how sure it was, how often it was right',
    item(
      `Expected calibration error ${expectedCalibrationError.toFixed(4)}, Brier score ${brier.toFixed(4)} (0 is best)`,
    ),
    drawColumns(
      [
        { title: '  Confidence', width: 14 },
        number('Rows', 10),
        number('Mean confidence', 16),
        number('Accuracy', 10),
      ],
      bins
        .filter(({ rows }) => rows > 0)
        .map(({ from, to, rows, confidence, accuracy }) => [
          `  ${from.toFixed(2)}–${to.toFixed(2)}`,
          String(rows),
          confidence.toFixed(4),
          accuracy.toFixed(4),
        ]),
    ),
  );
}

/** Every figure of an evaluation, each with what it was measured on. */
export function evaluationSections(evaluation: Evaluation, classes: readonly string[]): string[] {
  const { heldOut, againstNormal, withoutDestinationPort, otherCapture, caveats } = evaluation;
  const optional = (title: string, figures: Figures | undefined) =>
    figures === undefined ? [] : figuresSections(title, figures, classes);
  return [
    ...figuresSections('Held-out flows', heldOut, classes),
    ...(heldOut.calibration === undefined ? [] : [calibrationOf(heldOut.calibration)]),
    ...optional('Held-out flows without attacks of other kinds', againstNormal),
    ...optional(
      'Held-out flows, trained and asked with Destination Port set to zero',
      withoutDestinationPort,
    ),
    ...(otherCapture === undefined
      ? []
      : figuresSections(`Another capture (${otherCapture.file})`, otherCapture, classes)),
    ...(caveats.length === 0 ? [] : [section('Caveats', ...caveats.map((caveat) => item(`- ${caveat}`)))]),
  ];
}
