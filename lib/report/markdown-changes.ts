import { expectedCost, moneyDelta, quotaWords } from './changes-words';
import { type Change, type Changes, type Money, compareReports } from './compare';
import { markdownTable } from './markdown-table';
import type { Report } from './schema';
import { usd } from './words';

type Quota = Report['quotas'][number];

const moneyRow = (name: string, change: Change<Money>): string[] => [
  name,
  expectedCost(change.from),
  expectedCost(change.to),
  moneyDelta(change, 'monthlyUsd'),
  moneyDelta(change, 'idleMonthlyUsd'),
  moneyDelta(change, 'maxMonthlyUsd'),
];

function cost({ budget, total, lines }: Changes['cost']): string[] {
  return [
    ...(budget === undefined ? [] : [`Budget: ${usd(budget.from ?? 0)} → ${usd(budget.to ?? 0)} a month.`]),
    ...(lines.length === 0
      ? []
      : [
          markdownTable(
            ['Cost a month', 'Base:', 'Now:', 'Expected:', 'Idle:', 'Maximum:'],
            [...lines.map((line) => moneyRow(line.item, line)), moneyRow('**Total**', total)],
          ),
        ]),
  ];
}

function topology(changes: Changes['topology']): string[] {
  if (changes.length === 0) return [];
  const rows = changes.map(({ subject, what, from, to }) => [subject, what, from, to]);
  return [markdownTable(['Topology', 'What', 'Base', 'Now'], rows)];
}

function quotaRow(change: Change<Quota>): string[] {
  const quota = quotaWords(change);
  return [
    `${quota.name} (\`${quota.code}\`)`,
    quota.limit,
    quota.from,
    quota.to,
    quota.change,
    quota.verdict,
  ];
}

function headroom(changes: Changes['headroom']): string[] {
  if (changes.length === 0) return [];
  const headings = ['Headroom', 'Limit:', 'Base:', 'Now:', 'Change:', 'Verdict'];
  return [markdownTable(headings, changes.map(quotaRow))];
}

/** What is compared with what, where it is not simply the same environment earlier. */
function caveats(base: Report, now: Report): string[] {
  const origin = (report: Report) => `${report.environment} in ${report.account}, ${report.region}`;
  return origin(base) === origin(now)
    ? []
    : [`**Mind that the base is a report of ${origin(base)}; this one is of ${origin(now)}.**`];
}

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;

/** The section on what changed against a base report, as Markdown blocks; a single sentence where nothing did. */
export function markdownChanges(base: Report, now: Report): string[] {
  const changes = compareReports(base, now);
  const parts: readonly (readonly [name: string, blocks: readonly string[]])[] = [
    ['verdict', changes.verdict ? [`Verdict: **${changes.verdict.from} → ${changes.verdict.to}**.`] : []],
    ['topology', topology(changes.topology)],
    ['cost', cost(changes.cost)],
    ['headroom', headroom(changes.headroom)],
  ];
  const same = parts.flatMap(([name, blocks]) => (blocks.length === 0 ? [name] : []));
  const blocks = parts.flatMap(([, part]) => part);
  const taken = `the base (snapshot \`${base.snapshot.name}\` of ${base.snapshot.takenAt.slice(0, 10)})`;
  const unchanged = same.length === 0 ? [] : [`No change in ${listed(same)} against ${taken}.`];
  if (blocks.length === 0) return [...caveats(base, now), ...unchanged];
  return [`### Changes against ${taken}`, ...caveats(base, now), ...blocks, ...unchanged];
}
