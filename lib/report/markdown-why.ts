import { markdownTable } from './markdown-table';
import type { Report } from './schema';
import {
  type ChoiceGroup,
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

/** Angle brackets would begin a tag, wherever they come from. */
const text = (words: string) => words.replaceAll('<', '&lt;');
const money = (value: number | undefined) => (value === undefined ? '' : usd(value));
const latency = (value: number | undefined) => (value === undefined ? '' : `${units(value)} ms`);

function choiceGroup(group: ChoiceGroup): string[] {
  const sizing = saidOf(group, (choice) => choice.sizing);
  const more = saidOf(group, moreTypes);
  return [
    `**${group.specialists.join(', ')}**: ${text(group.why)}.`,
    '<details><summary>Their size, and every other home</summary>',
    sizing.map(({ item, of }) => `- ${of === '' ? '' : `${of}: `}${text(item)}`).join('\n'),
    markdownTable(
      ['Other home', 'Cost a month:', 'p95:', 'Why not'],
      saidOf(group, ({ others }) => others).map(({ item: other, of }) => [
        `${otherHomeName(other)}${of === '' ? '' : ` (${of})`}`,
        money(other.monthlyUsd),
        latency(other.p95Ms),
        other.reason,
      ]),
    ),
    ...more.map(({ item }) => `${text(item)}.`),
    '</details>',
  ].filter((part) => part !== '');
}

/** Why every specialist is hosted as it is; the figures behind it fold away. */
export function markdownChoices(report: Report): string[] {
  const groups = choiceGroups(report);
  if (groups.length === 0) return [];
  const rule = objectiveLine(report);
  return ['### Why', ...groups.flatMap(choiceGroup), ...(rule === undefined ? [] : [`${text(rule)}.`])];
}

/** What a few more units of quota would be worth. */
export function markdownNextBetter({ nextBetter: better }: Report): string[] {
  if (better === undefined) return [];
  return [
    '### Next better plan',
    text(`${nextBetterBrings(better)}, by raising ${nextBetterNeeds(better)}.`),
    `It would be: ${text(nextBetterTopology(better))}.`,
    better.increases.map(({ code, justification }) => `- \`${code}\`: ${text(justification)}`).join('\n'),
  ];
}

/** Other ways to host the four, and why each was not chosen. */
export function markdownAlternatives({ alternatives }: Report): string[] {
  if (alternatives.length === 0) return [];
  return [
    '### Alternatives',
    markdownTable(
      ['Alternative', 'Fits', 'Cost a month:', 'p95:', 'Why not'],
      alternatives.map(({ name, feasible, chosen, monthlyUsd, p95Ms, reason }) => [
        name,
        feasible ? 'yes' : 'no',
        money(monthlyUsd),
        latency(p95Ms),
        reason ?? (chosen ? 'this is the plan' : ''),
      ]),
    ),
  ];
}
