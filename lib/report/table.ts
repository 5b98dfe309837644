import Table from 'cli-table3';
import { createColors } from 'picocolors';
import type { Report } from './schema';
import { byUrgency, headline, limitWithOrigin, size, units, usd } from './words';

/** Columns of the narrowest terminal that the table is drawn for. */
const LINE = 80;

export interface TableOptions {
  readonly color: boolean;
}

/** Rows without rules: whatever is drawn fits a line. */
const NO_BORDERS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: ' ',
};

interface Column {
  readonly title: string;
  readonly width: number;
  readonly right?: boolean;
}

/** Breaks words that are longer than a line; a name that is cut off could not be looked up. */
function breakWords(text: string, width: number): string {
  // The rest of it, else up to a hyphen or slash, else as much as there is room for.
  const pieces = new RegExp(`.{1,${width}}$|.{1,${width - 1}}[-/]|.{1,${width}}`, 'gu');
  return text
    .split(' ')
    .map((word) => (word.length > width ? (word.match(pieces) ?? []).join(' ') : word))
    .join(' ');
}

function draw(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const table = new Table({
    head: columns.map(({ title }) => title),
    colWidths: columns.map(({ width }) => width),
    colAligns: columns.map(({ right }) => (right ? 'right' : 'left')),
    chars: NO_BORDERS,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
    wordWrap: true,
  });
  table.push(
    ...rows.map((row) => row.map((cell, column) => breakWords(cell, columns[column]?.width ?? LINE))),
  );
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

function topology({ plan }: Report): string {
  return draw(
    [
      { title: 'Specialist', width: 30 },
      { title: 'Mode', width: 10 },
      { title: 'Size', width: 28 },
      { title: 'p95', width: 7, right: true },
    ],
    [
      ...plan.endpoints.map((endpoint) => [
        endpoint.specialists.join(', '),
        endpoint.mode,
        size(endpoint),
        `${endpoint.p95Ms} ms`,
      ]),
      ...plan.embedded.map((name) => [name, 'embedded', 'inside the inference Lambda', '']),
    ],
  );
}

function quotas(report: Report): string {
  return draw(
    [
      { title: 'Quota', width: 32 },
      { title: 'Limit', width: 12, right: true },
      { title: 'Others', width: 6, right: true },
      { title: 'Steady', width: 6, right: true },
      { title: 'Peak', width: 5, right: true },
      { title: 'Update', width: 6, right: true },
      { title: 'Left', width: 6, right: true },
    ],
    byUrgency(report.quotas).map((quota) => [
      `${quota.name}${quota.verdict === 'fits' ? '' : ` [${quota.verdict}]`}`,
      limitWithOrigin(quota),
      units(quota.usedByOthers),
      units(quota.steady),
      units(quota.peak),
      units(quota.updatePeak),
      units(quota.headroom),
    ]),
  );
}

function cost({ cost: bill }: Report): string {
  const money = (line: { monthlyUsd: number; idleMonthlyUsd: number; maxMonthlyUsd: number }) =>
    [line.monthlyUsd, line.idleMonthlyUsd, line.maxMonthlyUsd].map(usd);
  return draw(
    [
      { title: 'USD a month', width: 45 },
      { title: 'Expected', width: 10, right: true },
      { title: 'Idle', width: 10, right: true },
      { title: 'Maximum', width: 11, right: true },
    ],
    [...bill.lines.map((line) => [line.item, ...money(line)]), ['Total', ...money(bill)]],
  );
}

function alternatives(report: Report): string {
  return draw(
    [
      { title: 'Alternative', width: 18 },
      { title: 'Fits', width: 4 },
      { title: 'Cost', width: 10, right: true },
      { title: 'Why not', width: 44 },
    ],
    report.alternatives.map((a) => [
      a.name,
      a.feasible ? 'yes' : 'no',
      a.monthlyUsd === undefined ? '' : usd(a.monthlyUsd),
      a.reason ?? '',
    ]),
  );
}

/** Wraps a sentence with a hanging indent. */
function wrap(text: string, indent: string): string {
  const lines = [''];
  for (const word of breakWords(text, LINE - indent.length).split(' ')) {
    const current = lines.at(-1) ?? '';
    if (current !== '' && `${indent}${current} ${word}`.length > LINE) lines.push(word);
    else lines[lines.length - 1] = current === '' ? word : `${current} ${word}`;
  }
  return lines.join(`\n${indent}`);
}

function increases(report: Report): string[] {
  if (report.increases.length === 0) return [];
  return [
    'Increases to request',
    report.increases
      .map(
        (i) =>
          `  ${wrap(`${i.code} ${i.name}: ${units(i.from)} → ${units(i.to)} (${i.justification})`, '    ')}`,
      )
      .join('\n'),
  ];
}

/** The report for a terminal: the verdict in the first line, whatever is wrong next, then the figures. */
export function renderTable(report: Report, { color }: TableOptions): string {
  const paint = createColors(color);
  const verdictColor = { fits: paint.green, blocked: paint.red, unknown: paint.yellow }[report.verdict];
  const severityColor = { error: paint.red, warning: paint.yellow, info: paint.dim };
  const findings = report.findings.map((f) => {
    const [first, ...rest] = wrap(`${f.severity}: ${f.title}. ${f.remedy}.`, '  ').split('\n');
    return [severityColor[f.severity](first ?? ''), ...rest].join('\n');
  });
  return `${[
    `${verdictColor(wrap(headline(report), '  '))}\n${paint.dim(
      wrap(
        `${report.region}, snapshot ${report.snapshot.name} of ${report.snapshot.takenAt.slice(0, 10)}`,
        '  ',
      ),
    )}`,
    ...(findings.length > 0 ? [findings.join('\n')] : []),
    ...increases(report),
    topology(report),
    quotas(report),
    cost(report),
    alternatives(report),
  ].join('\n\n')}\n`;
}
