import type { PredictedFlow, PredictionDocument, PredictionFailure } from '../client/predict-flows';
import { type Column, drawColumns, wrap } from '../util/text-layout';
import { counted } from './words';

const EXPECTED: Column = { title: 'Expected', width: 14 };

const COLUMNS: readonly Column[] = [
  { title: 'Answer', width: 14 },
  { title: 'Share', width: 6, right: true },
  { title: 'Verdict', width: 11 },
  { title: 'Known', width: 5 },
  { title: 'Confirmed', width: 10 },
  { title: 'Served', width: 8 },
];

/** Whether the flow is like what the model was trained on. */
function known({ inDistribution }: PredictedFlow): string {
  if (inDistribution === null) return '?';
  return inDistribution ? 'yes' : 'no';
}

function confirmation({ confirmation: given }: PredictedFlow): string {
  if (given === undefined) return '';
  return given.agrees ? given.specialist : `${given.specialist} says ${given.label}`;
}

function served({ servedBy, degraded, variant }: PredictedFlow): string {
  const notes = [...(degraded ? ['degraded'] : []), ...(variant === 'challenger' ? ['challenger'] : [])];
  return [servedBy, ...notes].join(' ');
}

/** A share that is rounded up to 1 would hide that the model left room for doubt. */
function shareOf({ confidence, lowConfidence }: PredictedFlow): string {
  const text = confidence < 1 && confidence >= 0.9995 ? '>0.999' : confidence.toFixed(3);
  return lowConfidence ? `${text}?` : text;
}

/** Every flow with its answer, on at most 80 columns. What the flow is known to be stands beside it, where it is known. */
export function renderPredictions(answers: readonly PredictedFlow[]): string {
  if (answers.length === 0) return '';
  const withExpected = answers.some(({ expected }) => expected !== null);
  const width = Math.max(3, String(answers.at(-1)?.row ?? 0).length);
  const columns: Column[] = [
    { title: 'Row', width, right: true },
    ...(withExpected ? [EXPECTED] : []),
    ...COLUMNS,
  ];
  const rows = answers.map((answer) => [
    String(answer.row),
    ...(withExpected ? [answer.expected ?? ''] : []),
    answer.label,
    shareOf(answer),
    answer.verdict,
    known(answer),
    confirmation(answer),
    served(answer),
  ]);
  return `${drawColumns(columns, rows)}\n`;
}

function tally(words: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].map(([word, count]) => `${count} ${word}`).join(', ');
}

function modelsOf(answers: readonly PredictedFlow[]): string[] {
  const names = answers.map(
    ({ model: { name, version, reference } }) => `${name} ${version}${reference ? ' (reference)' : ''}`,
  );
  return [...new Set(names)];
}

/** How many flows there were, what the verdicts are, who answered; to be read beside the data. */
export function summarizePredictions({ answers, rows }: PredictionDocument): string {
  if (answers.length === 0) return `none of ${counted(rows, 'flow')} answered\n`;
  const strange = answers.filter(({ inDistribution }) => inDistribution === false).length;
  const unsure = answers.filter(({ lowConfidence }) => lowConfidence).length;
  const degraded = answers.filter((answer) => answer.degraded).length;
  // A file may label flows in words that are not the model's: there is nothing to compare them with.
  const labelled = answers.filter(
    ({ expected, probabilities }) => expected !== null && Object.hasOwn(probabilities, expected),
  );
  const same = labelled.filter(({ expected, label }) => expected === label).length;
  const sentences = [
    `${answers.length} of ${counted(rows, 'flow')} answered by ${modelsOf(answers).join(', ')}: ${tally(answers.map(({ verdict }) => verdict))}`,
    ...(labelled.length > 0 ? [`${same} of ${labelled.length} have the label that was expected`] : []),
    ...(strange > 0 ? [`${strange} unlike anything the model was trained on`] : []),
    ...(unsure > 0 ? [`${unsure} of low confidence`] : []),
    ...(degraded > 0
      ? [`${degraded} degraded: an endpoint failed, and the function's own copy answered`]
      : []),
  ];
  return `${wrap(`${sentences.join('; ')}.`)}\n`;
}

/** Why flows have no answer, and what to do. */
export function renderFailure(failure: PredictionFailure, answered: number): string {
  const after = answered > 0 ? ` after row ${answered}` : '';
  if (failure.kind === 'unanswered') {
    return `xdr: not answered${after}: ${failure.reason}; ${failure.remedy}\n`;
  }
  const details = failure.details.map(({ row, feature, field, message }) => {
    const place = [
      ...(row === undefined ? [] : [`row ${row}`]),
      ...(feature === undefined ? [] : [feature]),
      ...(field === undefined ? [] : [field]),
    ];
    return `  ${place.length > 0 ? `${place.join(', ')}: ` : ''}${message}`;
  });
  const { status, code, message } = failure;
  return `${[`xdr: the service refuses the flows${after} (${status} ${code}): ${message}`, ...details].join('\n')}\n`;
}
