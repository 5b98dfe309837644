import type { ModelContract } from '../../models/contract/model-contract';
import type { FeaturePopulation } from '../../models/contract/population';
import type { AtWork } from '../../models/contract/provenance';
import { item, section } from './models-figures';
import { drawColumns } from '../util/text-layout';

/** When a row is flagged, and when an answer is not sure. */
export function thresholdsOf({ decision }: ModelContract): string {
  if (decision === undefined) return 'Thresholds: none; the most probable class is the answer.';
  const { attackAt, confidentAt } = decision;
  return (
    `Thresholds: a row is flagged for its label, or from a probability of any attack of ${attackAt} on; ` +
    `an answer with a confidence below ${confidentAt} is of low confidence.`
  );
}

/** In short: whole tables of bins are for JSON. */
function populationOf(population: readonly FeaturePopulation[]): string {
  const bins = population.reduce((sum, { shares }) => sum + shares.length, 0);
  // Only where no training flow had another value does a bin begin at the limit.
  const constant = population.filter(({ edges, high }) => edges[0] === high).length;
  return item(
    `Population: limits of ${population.length} features and ${bins} bins of training shares; ` +
      `features that never changed in training: ${constant}. --format json has them all.`,
  );
}

const percent = (part: number | null) => (part === null ? '-' : `${(100 * part).toFixed(2)} %`);

function measured(captures: readonly (readonly [string, AtWork | undefined])[]): string[] {
  const rows = captures.flatMap(([name, figures]) => {
    if (figures === undefined) return [];
    const { outside, lowConfidence, rightWhenSure, falseAlarms, missed } = figures;
    return [[`  ${name}`, ...[outside, lowConfidence, rightWhenSure, falseAlarms, missed].map(percent)]];
  });
  const column = (title: string, width: number) => ({ title, width, right: true });
  return [
    drawColumns(
      [
        { title: '  Asked with', width: 18 },
        column('Outside', 9),
        column('Unsure', 9),
        column('Right if sure', 13),
        column('False alarms', 12),
        column('Missed', 9),
      ],
      rows,
    ),
  ];
}

/** What the thresholds and the population of a contract lead to; nothing where it has no population. */
export function atWorkSections({ population, evaluation }: ModelContract): string[] {
  if (population === undefined) return [];
  const { heldOut, otherCapture } = evaluation?.atWork ?? {};
  const figures =
    heldOut === undefined
      ? []
      : measured([
          ['Held-out flows', heldOut],
          ['Another capture', otherCapture],
        ]);
  return [section('What the training flows held', populationOf(population), ...figures)];
}
