import { renderMarkdown } from '../../lib/report/markdown';
import type { Report } from '../../lib/report/schema';
import { REPORTS } from '../support/plan/plan-reports';

/** Cells of a table row, by the pipes that are not escaped. */
const cells = (line: string) => line.split(/(?<!\\)\|/).slice(1, -1);

describe.each(REPORTS)('the Markdown of %s', (_name, report) => {
  const text = renderMarkdown(report);

  it('says the verdict in its heading', () => {
    expect(text.split('\n')[0]).toMatch(
      new RegExp(`^## Pre-flight: ${report.environment} (fits|is blocked|is undecided)`),
    );
  });

  it('has as many cells in every row as its table has columns', () => {
    for (const table of text.split('\n\n').filter((part) => part.startsWith('|'))) {
      const counts = table
        .trimEnd()
        .split('\n')
        .map((line) => cells(line).length);
      expect(new Set(counts).size).toBe(1);
    }
  });

  it('ends in one newline', () => {
    expect(text).toMatch(/[^\n]\n$/);
  });
});

describe('a cell', () => {
  it('escapes what would end it', () => {
    const [, base] = REPORTS[0] ?? [];
    if (base === undefined) throw new Error('no report');
    const report: Report = {
      ...base,
      cost: {
        ...base.cost,
        lines: [{ item: 'a | b\nc', monthlyUsd: 1, idleMonthlyUsd: 0, maxMonthlyUsd: 2, source: 's' }],
      },
    };
    const row = renderMarkdown(report)
      .split('\n')
      .find((line) => line.startsWith('| a '));
    expect(row).toBe('| a \\| b c | $1.00 | $0.00 | $2.00 |');
  });
});
