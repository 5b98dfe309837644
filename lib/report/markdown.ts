import type { Report } from './schema';
import { byUrgency, headline, limitWithOrigin, size, units, usd } from './words';

/** A pipe would end a cell, a newline the row. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

/** A GitHub table; columns whose heading ends in `:` are aligned right. */
function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [
    line(headings.map((heading) => heading.replace(/:$/, ''))),
    line(headings.map((heading) => (heading.endsWith(':') ? '---:' : '---'))),
    ...rows.map(line),
  ].join('\n');
}

function topology({ plan }: Report): string {
  const rows = plan.endpoints.map((endpoint) => [
    endpoint.specialists.join(', '),
    endpoint.mode,
    size(endpoint),
    `${endpoint.p95Ms} ms`,
    `\`${endpoint.name}\``,
  ]);
  const embedded = plan.embedded.map((name) => [name, 'embedded', 'inside the inference Lambda', '', '']);
  return table(['Specialist', 'Mode', 'Size', 'p95:', 'Endpoint'], [...rows, ...embedded]);
}

function quotas(report: Report): string {
  return table(
    ['Quota', 'Limit:', 'Others:', 'Steady:', 'Peak:', 'Updating:', 'Left:', 'Verdict'],
    byUrgency(report.quotas).map((quota) => [
      `${quota.name} (\`${quota.code}\`)`,
      limitWithOrigin(quota),
      units(quota.usedByOthers),
      units(quota.steady),
      units(quota.peak),
      units(quota.updatePeak),
      units(quota.headroom),
      quota.verdict,
    ]),
  );
}

function cost({ cost: bill }: Report): string {
  return table(
    ['Item', 'Expected:', 'Idle:', 'Maximum:'],
    [
      ...bill.lines.map((line) => [
        line.item,
        usd(line.monthlyUsd),
        usd(line.idleMonthlyUsd),
        usd(line.maxMonthlyUsd),
      ]),
      ['**Total**', usd(bill.monthlyUsd), usd(bill.idleMonthlyUsd), usd(bill.maxMonthlyUsd)],
    ],
  );
}

function findings(report: Report): string[] {
  if (report.findings.length === 0) return [];
  return [
    '### Findings',
    report.findings.map((f) => `- **${f.severity}** \`${f.id}\`: ${f.title}. ${f.remedy}.`).join('\n'),
  ];
}

function increases(report: Report): string[] {
  if (report.increases.length === 0) return [];
  return [
    '### Increases to request',
    table(
      ['Quota', 'From:', 'To:', 'Why', 'Unlocks'],
      report.increases.map((i) => [
        `${i.name} (\`${i.code}\`)`,
        units(i.from),
        units(i.to),
        i.justification,
        i.unlocks,
      ]),
    ),
  ];
}

function alternatives(report: Report): string {
  return table(
    ['Alternative', 'Fits', 'Cost a month:', 'Why not'],
    report.alternatives.map((a) => [
      a.name,
      a.feasible ? 'yes' : 'no',
      a.monthlyUsd === undefined ? '' : usd(a.monthlyUsd),
      a.reason ?? '',
    ]),
  );
}

/** The report as GitHub Markdown, for a comment on a pull request. */
export function renderMarkdown(report: Report): string {
  return `${[
    `## Pre-flight: ${headline(report)}`,
    `Snapshot \`${report.snapshot.name}\` of ${report.snapshot.takenAt.slice(0, 10)}, ${report.region}.`,
    ...findings(report),
    ...increases(report),
    '### Topology',
    topology(report),
    '### Quotas',
    quotas(report),
    '### Cost',
    cost(report),
    '### Alternatives',
    alternatives(report),
  ].join('\n\n')}\n`;
}
