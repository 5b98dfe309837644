import { reportSchema } from '../../lib/report/schema';
import { renderHtml } from '../../lib/report/html/page';
import { renderMarkdown } from '../../lib/report/markdown';
import type { Report } from '../../lib/report/schema';
import { renderTable } from '../../lib/report/table';
import { usd } from '../../lib/report/words';
import { REPORTS } from '../support/plan/plan-reports';

const FIGURES = ['monthlyUsd', 'idleMonthlyUsd', 'maxMonthlyUsd'] as const;

const solid = (text: string) => text.replaceAll(/\s+/g, '');
const textsOf = (report: Report) => ({
  table: solid(renderTable(report, { color: false })),
  markdown: solid(renderMarkdown(report)),
  html: solid(renderHtml(report).replaceAll(/<[^>]*>/g, ' ')),
});
const cents = (value: number) => Math.round(value * 100);

describe.each(REPORTS)('the bill of %s', (_name, report) => {
  const { parts = [], lines } = report.cost;
  const texts = textsOf(report);

  it('has parts whose figures add up to the totals, and every line in one of them', () => {
    for (const figure of FIGURES) {
      expect(parts.reduce((sum, part) => sum + cents(part[figure]), 0)).toBe(cents(report.cost[figure]));
      for (const { part, [figure]: whole } of parts) {
        const own = lines.filter((line) => line.part === part);
        expect(own.reduce((sum, line) => sum + cents(line[figure]), 0)).toBe(cents(whole));
      }
    }
    expect(lines.filter(({ part }) => !parts.some((each) => each.part === part))).toEqual([]);
  });

  it('shows each part with its three figures and what switches it off, in table, Markdown and page', () => {
    expect(parts.length).toBeGreaterThan(0);
    for (const part of parts) {
      const figures = solid(FIGURES.map((figure) => usd(part[figure])).join(' '));
      for (const text of [texts.table, texts.markdown.replaceAll('|', ''), texts.html]) {
        expect(text).toContain(figures);
        if (part.switch !== undefined) expect(text).toContain(part.switch);
      }
      expect(texts.markdown).toContain(solid(part.part));
      expect(texts.html).toContain(solid(part.part));
    }
  });
});

describe('the table', () => {
  it('repeats no part that is a single line, and puts the lines of the others below their sum', () => {
    const [, report] = REPORTS.find(([name]) => name === 'prod on new-account') ?? [];
    if (report === undefined) throw new Error('no report');
    const rows = renderTable(report, { color: false }).split('\n');
    expect(rows.filter((row) => /^(- )?NAT gateways /.test(row))).toHaveLength(1);
    const at = rows.findIndex((row) => row.startsWith('Inference function '));
    expect(rows[at + 1]).toMatch(/^- Lambda, logs, alarms: /);
    expect(rows.filter((row) => /^Total +\$/.test(row))).toHaveLength(1);
  });
});

describe('a report of an earlier version', () => {
  it('without parts is still read and drawn, line by line', () => {
    const [, report] = REPORTS[0] ?? [];
    if (report === undefined) throw new Error('no report');
    const { parts: _parts, lines, ...cost } = report.cost;
    const earlier = reportSchema.parse({
      ...report,
      cost: { ...cost, lines: lines.map(({ part: _part, ...line }) => line) },
    });
    const texts = textsOf(earlier);
    for (const text of Object.values(texts)) {
      for (const { item } of lines) expect(text).toContain(solid(item));
    }
    expect(texts.table).not.toContain('switchedoff');
  });
});
