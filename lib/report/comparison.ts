import { createColors } from 'picocolors';
import { SPECIALISTS } from '../../models/catalogue';
import { environmentPrefix } from '../config/resource-names';
import { expectedCost, moneyDelta, quotaWords } from './changes-words';
import { type Changes, compareReports } from './compare';
import { markdownTable } from './markdown-table';
import type { Report } from './schema';
import { type Column, drawColumns, wrap } from '../util/text-layout';
import { size, usd } from './words';

/** A table of a comparison, for any medium. */
interface Section {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
}

/** A report whose endpoints are named without the environment, so that like is compared with like. */
function unprefixed(report: Report): Report {
  const prefix = `${environmentPrefix(report.environment)}-`;
  const bare = (text: string) => text.replaceAll(prefix, '');
  const endpoints = report.plan.endpoints.map((endpoint) => ({ ...endpoint, name: bare(endpoint.name) }));
  const lines = report.cost.lines.map((line) => ({ ...line, item: bare(line.item) }));
  return { ...report, plan: { ...report.plan, endpoints }, cost: { ...report.cost, lines } };
}

/** What the second of two environments has otherwise than the first; names of endpoints count without theirs. */
export function compareEnvironments(from: Report, to: Report): Changes {
  return compareReports(unprefixed(from), unprefixed(to));
}

function home(report: Report, specialist: (typeof SPECIALISTS)[number]): string {
  const { endpoints, embedded } = report.plan;
  const endpoint = endpoints.find(({ specialists }) => specialists.includes(specialist));
  if (endpoint !== undefined) {
    const others = endpoint.specialists.filter((name) => name !== specialist);
    const group = others.length === 0 ? '' : ` with ${others.join(', ')}`;
    return `${endpoint.mode}${group}, ${size(endpoint)}`;
  }
  return embedded.includes(specialist) ? 'embedded in the Lambda' : 'not hosted';
}

function plans(from: Report, to: Report): Section {
  const row = (name: string, spell: (report: Report) => string) => [name, spell(from), spell(to)];
  return {
    columns: [
      { title: 'Plan', width: 14 },
      { title: from.environment, width: 31 },
      { title: to.environment, width: 31 },
    ],
    rows: [
      row('Verdict', ({ verdict }) => verdict),
      row('Snapshot', ({ snapshot }) => `${snapshot.name} of ${snapshot.takenAt.slice(0, 10)}`),
      ...SPECIALISTS.map((name) => row(name, (report) => home(report, name))),
      row('Update order', ({ plan }) => plan.updateOrder),
      row('Cost a month', ({ cost }) => `${usd(cost.monthlyUsd)} of a budget of ${usd(cost.budgetUsd)}`),
    ],
  };
}

function costs({ cost }: Changes, from: Report, to: Report): Section {
  return {
    columns: [
      { title: 'USD a month', width: 32 },
      { title: from.environment, width: 11, right: true },
      { title: to.environment, width: 11, right: true },
      { title: 'Change', width: 11, right: true },
      { title: 'Maximum', width: 11, right: true },
    ],
    rows: [...cost.lines.map((line) => ({ ...line })), { item: 'Total', ...cost.total }].map((line) => [
      line.item,
      expectedCost(line.from),
      expectedCost(line.to),
      moneyDelta(line, 'monthlyUsd'),
      moneyDelta(line, 'maxMonthlyUsd'),
    ]),
  };
}

function headroom({ headroom: quotas }: Changes, from: Report, to: Report): Section {
  return {
    columns: [
      { title: 'Left of a quota', width: 31 },
      { title: 'Limit', width: 11, right: true },
      { title: from.environment, width: 9, right: true },
      { title: to.environment, width: 9, right: true },
      { title: 'Verdict', width: 15 },
    ],
    rows: quotas
      .filter((quota) => quota.from !== undefined && quota.to !== undefined)
      .map(quotaWords)
      .map((quota) => [quota.name, quota.limit, quota.from, quota.to, quota.verdict]),
  };
}

/** Quotas that only one of the two draws on, in a sentence each. */
function alone({ headroom: quotas }: Changes, from: Report, to: Report): string[] {
  const sides = [
    { environment: from.environment, found: quotas.filter((quota) => quota.to === undefined) },
    { environment: to.environment, found: quotas.filter((quota) => quota.from === undefined) },
  ];
  return sides.flatMap(({ environment, found }) => {
    if (found.length === 0) return [];
    const names = found.map(quotaWords).map(({ name, code }) => `${name} (${code})`);
    return [`Only ${environment} draws on: ${names.join('; ')}`];
  });
}

function sections(changes: Changes, from: Report, to: Report): Section[] {
  const parts = [plans(from, to), costs(changes, from, to), headroom(changes, from, to)];
  return parts.filter(({ rows }) => rows.length > 0);
}

/** Two environments' plans side by side, for a terminal of 80 columns. */
export function tableComparison(from: Report, to: Report, color: boolean): string {
  const changes = compareEnvironments(from, to);
  const paint = createColors(color);
  return `${[
    paint.bold(`${from.environment} and ${to.environment}`),
    ...sections(changes, from, to).map(({ columns, rows }) => drawColumns(columns, rows)),
    ...alone(changes, from, to).map((line) => wrap(line, '  ')),
  ].join('\n\n')}\n`;
}

/** Two environments' plans side by side, as GitHub Markdown. */
export function markdownComparison(from: Report, to: Report): string {
  const changes = compareEnvironments(from, to);
  return `${[
    `## ${from.environment} and ${to.environment}`,
    ...sections(changes, from, to).map(({ columns, rows }) =>
      markdownTable(
        columns.map(({ title, right }) => `${title}${right === true ? ':' : ''}`),
        rows,
      ),
    ),
    ...alone(changes, from, to),
  ].join('\n\n')}\n`;
}
