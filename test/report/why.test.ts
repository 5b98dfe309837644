import { renderHtml } from '../../lib/report/html/page';
import { renderMarkdown } from '../../lib/report/markdown';
import { reportSchema } from '../../lib/report/schema';
import { renderTable } from '../../lib/report/table';
import { briefReason, choiceGroups, saidOf } from '../../lib/report/why';
import { REPORTS } from '../support/plan/plan-reports';

const reportOn = (name: string) => {
  const [, report] = REPORTS.find(([known]) => known === name) ?? [];
  if (report === undefined) throw new Error(`no report ${name}`);
  return report;
};
const solid = (text: string) => text.replaceAll(/\s+/g, '');
const plainText = (text: string) => text.replaceAll(/<[^>]*>/g, '').replaceAll('&quot;', '"');

describe.each(REPORTS)('the explanation of %s', (_name, report) => {
  it('says why of every specialist, in every format for people', () => {
    const table = solid(renderTable(report, { color: false }));
    const markdown = renderMarkdown(report);
    const page = plainText(renderHtml(report));
    for (const { specialist, why } of report.choices ?? []) {
      expect(table).toContain(solid(why));
      expect(markdown).toContain(why);
      expect(page).toContain(why);
      expect(markdown).toContain(specialist);
    }
  });

  it('says every figure of sizes, other homes and alternatives when asked for', () => {
    const verbose = solid(renderTable(report, { color: false, verbose: true }));
    for (const { sizing, others } of report.choices ?? []) {
      for (const line of [...sizing, ...others.map(({ reason }) => reason)])
        expect(verbose).toContain(solid(line));
    }
  });

  it('says by what one plan is better than another, in the order in which it counts', () => {
    // Where nothing can be hosted at all, nothing was weighed.
    if ((report.choices ?? []).length === 0) return;
    expect(report.objective?.[0]).toContain('on SageMaker');
    const table = solid(renderTable(report, { color: false, verbose: true }));
    const rest = [renderMarkdown(report), plainText(renderHtml(report))];
    let at = 0;
    for (const part of report.objective ?? []) {
      at = table.indexOf(solid(part), at);
      expect(at).toBeGreaterThan(0);
      for (const page of rest) expect(page).toContain(part);
    }
  });

  it('is part of the report that a later version compares with', () => {
    expect(reportSchema.safeParse(report).success).toBe(true);
    const { choices: _choices, nextBetter: _better, ...earlier } = report;
    expect(reportSchema.safeParse(earlier).success).toBe(true);
  });
});

describe('a group of choices', () => {
  it('says what holds for all once, and of the rest for whom it holds', () => {
    const [group] = choiceGroups(reportOn('prod on new-account'));
    if (group === undefined) throw new Error('no group');
    expect(group.specialists).toHaveLength(4);
    expect(saidOf(group, ({ sizing }) => sizing).map(({ of }) => of)).toEqual(['', '', '', '', '']);
    const serverless = saidOf(group, ({ others }) => others).filter(({ item }) => item.mode === 'serverless');
    expect(serverless.map(({ of }) => of)).toEqual(['general', 'ddos, bruteforce, webattacks']);
  });
});

describe('the next better plan', () => {
  const report = reportOn('prod on new-account');

  it('is said in every format for people, with what it needs and what it brings', () => {
    const brings = `$${Math.abs(report.nextBetter?.differenceUsd ?? 0).toFixed(2)} a month less`;
    for (const text of [
      renderTable(report, { color: false }).replaceAll(/\s+/g, ' '),
      renderMarkdown(report),
      plainText(renderHtml(report)).replaceAll(/\s+/g, ' '),
    ]) {
      expect(text).toContain('Next better plan');
      expect(text).toContain(brings);
      expect(text).toContain('ml.c6g.large for endpoint usage (L-4E81EEAC) from 0 to 2');
    }
  });

  it('is not mentioned where there is none', () => {
    expect(renderTable(reportOn('dev on mini-xdr-2025-11'), { color: false })).not.toContain('Next better');
  });
});

describe('the brief reason of an alternative', () => {
  it('is the quota that is short by most, and how many others are', () => {
    const dedicated = reportOn('dev on mini-xdr-2025-11').alternatives.find(
      ({ name }) => name === 'all dedicated',
    );
    if (dedicated === undefined) throw new Error('no alternative');
    expect(briefReason(dedicated)).toBe(
      'instances across active endpoints: 8 needed, none left; 1 more quota short',
    );
  });

  it('is that it is the plan, for the plan', () => {
    const chosen = reportOn('dev on mini-xdr-2025-11').alternatives.filter((one) => one.chosen);
    expect(chosen.map(briefReason)).toEqual(['this is the plan']);
  });
});
