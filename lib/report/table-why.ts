import type { Report } from './schema';
import { drawColumns, wrap } from '../util/text-layout';
import {
  type ChoiceGroup,
  briefReason,
  choiceGroups,
  moreTypes,
  nextBetterBrings,
  nextBetterNeeds,
  nextBetterTopology,
  objectiveLine,
  otherHomeName,
  saidOf,
} from './why';
import { units, usd } from './words';

const indented = (text: string, indent: string) => `${indent}${wrap(text, `${indent}  `)}`;

function details(group: ChoiceGroup): string[] {
  const of = (names: string) => (names === '' ? '' : ` for ${names}`);
  const others = saidOf(group, ({ others: homes }) => homes).map(({ item: other, of: names }) => {
    const cost = other.monthlyUsd === undefined ? '' : ` ${usd(other.monthlyUsd)} a month`;
    const p95 = other.p95Ms === undefined ? '' : `, p95 ${units(other.p95Ms)} ms`;
    return `not ${otherHomeName(other)}${of(names)}${cost}${p95}: ${other.reason}`;
  });
  const sizing = saidOf(group, (choice) => choice.sizing);
  const more = saidOf(group, moreTypes);
  return [
    ...sizing.map(({ item, of: names }) => (names === '' ? item : `${names}: ${item}`)),
    ...others,
    ...more.map(({ item }) => item),
  ].map((line) => indented(line, '    '));
}

/** Why every specialist is hosted as it is; with every figure when asked for. */
export function why(report: Report, verbose: boolean): string[] {
  const groups = choiceGroups(report);
  if (groups.length === 0) return [];
  const lines = groups.flatMap((group) => [
    indented(`${group.specialists.join(', ')}: ${group.why}`, '  '),
    ...(verbose ? details(group) : []),
  ]);
  const rule = objectiveLine(report);
  return [['Why', ...lines, ...(verbose && rule !== undefined ? [indented(rule, '  ')] : [])].join('\n')];
}

/** What a few more units of quota would be worth; nothing where nothing better exists. */
export function nextBetter({ nextBetter: better }: Report, verbose: boolean): string[] {
  if (better === undefined) return [];
  const lines = [
    wrap(`Next better plan: ${nextBetterBrings(better)}, by raising ${nextBetterNeeds(better)}`, '  '),
    ...(verbose
      ? [
          indented(nextBetterTopology(better), '  '),
          ...better.increases.map(({ code, justification }) => indented(`${code}: ${justification}`, '  ')),
        ]
      : []),
  ];
  return [lines.join('\n')];
}

/** Other ways to host the four: the quota that binds most, or the whole reason when asked for. */
export function alternatives({ alternatives: all }: Report, verbose: boolean): string[] {
  if (all.length === 0) return [];
  return [
    drawColumns(
      [
        { title: 'Alternative', width: 19 },
        { title: 'Fits', width: 4 },
        { title: 'Cost', width: 10, right: true },
        { title: 'p95', width: 7, right: true },
        { title: 'Why not', width: 36 },
      ],
      all.map((alternative) => [
        alternative.name,
        alternative.feasible ? 'yes' : 'no',
        alternative.monthlyUsd === undefined ? '' : usd(alternative.monthlyUsd),
        alternative.p95Ms === undefined ? '' : `${units(alternative.p95Ms)} ms`,
        verbose && !(alternative.chosen && alternative.feasible)
          ? (alternative.reason ?? '')
          : briefReason(alternative),
      ]),
    ),
  ];
}
