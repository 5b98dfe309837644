import { createColors } from 'picocolors';
import { arrow, expectedCost, moneyDelta, quotaWords } from './changes-words';
import { type Change, type Changes, type Money, compareReports } from './compare';
import type { Report } from './schema';
import { spellSetting, type ShownSetting } from './settings';
import { drawColumns, wrap } from '../util/text-layout';
import { usd } from './words';

/** Of an endpoint that is replaced everything differs: what it is, how large and how fast says enough. */
const OF_A_REPLACEMENT = new Set(['name', 'specialists', 'size', 'p95']);

function topology(changes: Changes['topology']): string[] {
  if (changes.length === 0) return [];
  const replaced = new Set(changes.flatMap(({ subject, what }) => (what === 'name' ? [subject] : [])));
  const shown = changes.filter(({ subject, what }) => !replaced.has(subject) || OF_A_REPLACEMENT.has(what));
  const rows = shown.map(({ subject, what, from, to }) => [subject, what, from, to]);
  return [
    drawColumns(
      [
        { title: 'Topology', width: 25 },
        { title: 'What', width: 11 },
        { title: 'Before', width: 20 },
        { title: 'Now', width: 20 },
      ],
      rows,
    ),
  ];
}

const moneyRow = (name: string, change: Change<Money>): string[] => [
  name,
  expectedCost(change.from),
  expectedCost(change.to),
  moneyDelta(change, 'monthlyUsd'),
  moneyDelta(change, 'maxMonthlyUsd'),
];

function cost({ budget, total, lines }: Changes['cost']): string[] {
  const rows = [...lines.map((line) => moneyRow(line.item, line)), moneyRow('Total', total)];
  return [
    ...(budget === undefined ? [] : [`Budget: ${arrow(usd(budget.from ?? 0), usd(budget.to ?? 0))} a month`]),
    ...(lines.length === 0
      ? []
      : [
          drawColumns(
            [
              { title: 'USD a month', width: 32 },
              { title: 'Before', width: 11, right: true },
              { title: 'Now', width: 11, right: true },
              { title: 'Change', width: 11, right: true },
              { title: 'Maximum', width: 11, right: true },
            ],
            rows,
          ),
        ]),
  ];
}

function headroom(changes: Changes['headroom']): string[] {
  if (changes.length === 0) return [];
  const rows = changes
    .map(quotaWords)
    .map((quota) => [quota.name, quota.limit, quota.from, quota.to, quota.verdict]);
  return [
    drawColumns(
      [
        { title: 'Left of a quota', width: 31 },
        { title: 'Limit', width: 11, right: true },
        { title: 'Before', width: 9, right: true },
        { title: 'Now', width: 9, right: true },
        { title: 'Verdict', width: 15 },
      ],
      rows,
    ),
  ];
}

/**
 * The difference between an environment as configured and with some values replaced, for a terminal of 80 columns:
 * what was set, then verdict, topology, cost and headroom, each only where it differs.
 */
export function tableChanges(
  base: Report,
  now: Report,
  settings: readonly ShownSetting[],
  color: boolean,
): string {
  const paint = createColors(color);
  const changes = compareReports(base, now);
  const parts = [
    ...(changes.verdict === undefined
      ? []
      : [`Verdict: ${arrow(changes.verdict.from ?? '', changes.verdict.to ?? '')}`]),
    ...topology(changes.topology),
    ...cost(changes.cost),
    ...headroom(changes.headroom),
  ];
  return `${[
    [
      paint.bold(`Difference from ${base.environment} as configured`),
      ...settings.map((setting) => `  ${wrap(spellSetting(setting), '    ')}`),
    ].join('\n'),
    ...(parts.length > 0 ? parts : ['The plan is the same: verdict, topology, cost and headroom.']),
  ].join('\n\n')}\n`;
}
