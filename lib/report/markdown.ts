import { markdownChanges } from './markdown-changes';
import { costInputs, costItems, costParts } from './markdown-cost';
import { markdownTable } from './markdown-table';
import { markdownAlternatives, markdownChoices, markdownNextBetter } from './markdown-why';
import type { Report } from './schema';
import { coverageLine, byUrgency, headline, limitWithOrigin, othersWithOrigin, size, units } from './words';

function topology({ plan }: Report): string {
  const rows = plan.endpoints.map((endpoint) => [
    endpoint.specialists.join(', '),
    endpoint.mode,
    size(endpoint),
    `${endpoint.p95Ms} ms`,
    `\`${endpoint.name}\``,
  ]);
  const embedded = plan.embedded.map((name) => [name, 'embedded', 'inside the inference Lambda', '', '']);
  return markdownTable(['Specialist', 'Mode', 'Size', 'p95:', 'Endpoint'], [...rows, ...embedded]);
}

function quotas(report: Report): string {
  return markdownTable(
    ['Quota', 'Limit:', 'Others:', 'Steady:', 'Peak:', 'Updating:', 'Left:', 'Verdict'],
    byUrgency(report.quotas).map((quota) => [
      `${quota.name} (\`${quota.code}\`)`,
      limitWithOrigin(quota),
      othersWithOrigin(quota),
      units(quota.steady),
      units(quota.peak),
      units(quota.updatePeak),
      units(quota.headroom),
      quota.verdict,
    ]),
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
    markdownTable(
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

export interface MarkdownOptions {
  /** Report to compare with, such as that of the target branch. @default - nothing is compared */
  readonly baseline?: Report | undefined;
}

/** The report as GitHub Markdown, for a comment on a pull request: verdict, then what changed, then the figures. */
export function renderMarkdown(report: Report, { baseline }: MarkdownOptions = {}): string {
  return `${[
    `## Pre-flight: ${headline(report)}`,
    `Snapshot \`${report.snapshot.name}\` of ${report.snapshot.takenAt.slice(0, 10)}, ${report.region}.`,
    ...(baseline === undefined ? [] : markdownChanges(baseline, report)),
    ...findings(report),
    ...increases(report),
    '### Topology',
    topology(report),
    ...markdownChoices(report),
    ...markdownNextBetter(report),
    '### Quotas',
    quotas(report),
    '### Cost',
    ...costParts(report),
    costItems(report),
    ...costInputs(report),
    ...markdownAlternatives(report),
    ...[coverageLine(report) ?? []].flat().map((line) => `${line}.`),
  ].join('\n\n')}\n`;
}
