import { createColors } from 'picocolors';
import type { Report } from './schema';
import { cost, costInputs } from './table-cost';
import { alternatives, nextBetter, why } from './table-why';
import { drawColumns, wrap } from '../util/text-layout';
import {
  byUrgency,
  counted,
  coverageLine,
  hasAmpleRoom,
  headline,
  othersWithOrigin,
  size,
  units,
} from './words';

export interface TableOptions {
  readonly color: boolean;
  /** Whether to list also what nobody has to look at, and what to do about notes. @default false */
  readonly verbose?: boolean | undefined;
}

type Finding = Report['findings'][number];

function topology({ plan }: Report): string {
  return drawColumns(
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

/** Where a limit comes from, in the width of a column. */
const ORIGIN = { applied: 'applied', default: 'default', configured: 'set', unknown: '?' } as const;

function quotaRows(quotas: Report['quotas']): string {
  return drawColumns(
    [
      { title: 'Quota', width: 27 },
      { title: 'Limit', width: 7, right: true },
      { title: 'Origin', width: 7 },
      { title: 'Others', width: 6, right: true },
      { title: 'Steady', width: 6, right: true },
      { title: 'Peak', width: 6, right: true },
      { title: 'Update', width: 6, right: true },
      { title: 'Left', width: 7, right: true },
    ],
    byUrgency(quotas).map((quota) => [
      `${quota.name}${quota.verdict === 'fits' ? '' : ` [${quota.verdict}]`}`,
      units(quota.limit),
      ORIGIN[quota.origin],
      othersWithOrigin(quota),
      units(quota.steady),
      units(quota.peak),
      units(quota.updatePeak),
      units(quota.headroom),
    ]),
  );
}

/** Quotas that are drawn on; those with ample room only counted, unless asked for. */
export function quotaSection(quotas: Report['quotas'], verbose: boolean): string {
  const folded = verbose ? [] : quotas.filter(hasAmpleRoom);
  const shown = quotas.filter((quota) => !folded.includes(quota));
  const more = shown.length > 0 ? ' more' : '';
  const fit =
    folded.length === 1 ? 'quota fits with at least half its' : 'quotas fit with at least half their';
  return [
    ...(shown.length > 0 ? [quotaRows(shown)] : []),
    ...(folded.length > 0
      ? [wrap(`${folded.length}${more} ${fit} limit left; --verbose lists them`, '  ')]
      : []),
  ].join('\n');
}

function increases(report: Report): string[] {
  if (report.increases.length === 0) return [];
  const lines = report.increases.map(
    (i) => `  ${wrap(`${i.code} ${i.name}: ${units(i.from)} → ${units(i.to)} (${i.justification})`, '    ')}`,
  );
  return [['Increases to request', ...lines].join('\n')];
}

const spell = ({ severity, title, remedy }: Finding): string => `${severity}: ${title}. ${remedy}.`;

/** What somebody has to act on, in the colour of its severity. */
function problems(report: Report, paint: ReturnType<typeof createColors>): string[] {
  const lines = report.findings
    .filter(({ severity }) => severity !== 'info')
    .map((finding) => {
      const [first = '', ...rest] = wrap(spell(finding), '  ').split('\n');
      const painted = finding.severity === 'error' ? paint.red(first) : paint.yellow(first);
      return [painted, ...rest].join('\n');
    });
  return lines.length > 0 ? [lines.join('\n')] : [];
}

/** What is worth knowing and fails nothing: last, and in brief unless asked for. */
function notes(report: Report, verbose: boolean): string[] {
  const found = report.findings.filter(({ severity }) => severity === 'info');
  if (found.length === 0) return [];
  if (verbose) return [found.map((finding) => wrap(spell(finding), '  ')).join('\n')];
  const heading = `${counted(found.length, 'note')}; --verbose says what to do`;
  return [[heading, ...found.map(({ title }) => `  ${wrap(title, '    ')}`)].join('\n')];
}

/**
 * The report for a terminal of 80 columns: the verdict in the first line, whatever is wrong next, then the figures.
 * What is well is said in brief unless {@link TableOptions.verbose}.
 */
export function renderTable(report: Report, { color, verbose = false }: TableOptions): string {
  const paint = createColors(color);
  const verdictColor = { fits: paint.green, blocked: paint.red, unknown: paint.yellow }[report.verdict];
  const { name, takenAt } = report.snapshot;
  const origin = `${report.region}, snapshot ${name} of ${takenAt.slice(0, 10)}`;
  return `${[
    `${verdictColor(wrap(headline(report), '  '))}\n${paint.dim(wrap(origin, '  '))}`,
    ...problems(report, paint),
    ...increases(report),
    topology(report),
    ...why(report, verbose),
    ...nextBetter(report, verbose),
    quotaSection(report.quotas, verbose),
    ...cost(report),
    ...(verbose ? costInputs(report) : []),
    ...alternatives(report, verbose),
    ...notes(report, verbose),
    ...[coverageLine(report) ?? []].flat().map((line) => paint.dim(wrap(line, '  '))),
  ].join('\n\n')}\n`;
}
