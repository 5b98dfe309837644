import { finding } from '../../lib/plan/findings';
import { exitCodeOf, reportOf } from '../../lib/report/report';
import { renderJson } from '../../lib/report/json';
import { reportSchema } from '../../lib/report/schema';
import { planFor } from '../support/plan/plan-fixtures';
import { REPORTS } from '../support/plan/plan-reports';

describe.each(REPORTS)('the report of %s', (_name, report) => {
  it('keeps to its schema as JSON, with nothing lost on the way', () => {
    const text = renderJson(report);
    expect(text.endsWith('}\n')).toBe(true);
    expect(reportSchema.parse(JSON.parse(text))).toEqual(report);
  });

  it('has lines that add up to the total', () => {
    const { lines, monthlyUsd } = report.cost;
    expect(Math.round(monthlyUsd * 100)).toBe(
      lines.reduce((sum, line) => sum + Math.round(line.monthlyUsd * 100), 0),
    );
  });

  it('gives the exit code of its verdict', () => {
    expect(report.exitCode).toBe({ fits: 0, blocked: 1, unknown: 3 }[report.verdict]);
  });
});

describe('the exit code', () => {
  const warning = finding('update-needs-quota', { quota: 'a/b', name: 'c', limit: 1, others: 0, needed: 2 });
  const note = finding('capacity-configured', { asOf: '2026-01-01' });

  it.each([
    ['fits', [], false, 0],
    ['fits', [], true, 0],
    ['fits', [note], true, 0],
    ['fits', [warning], false, 0],
    ['fits', [warning], true, 2],
    ['blocked', [warning], true, 1],
    ['blocked', [], false, 1],
    ['unknown', [warning], true, 3],
    ['unknown', [], false, 3],
  ] as const)('of a plan that %s with findings %j, strict %s, is %i', (verdict, findings, strict, code) => {
    expect(exitCodeOf({ verdict, findings }, strict)).toBe(code);
  });
});

describe('the account of a report', () => {
  it('is that of the target, else that of the snapshot', () => {
    const plan = planFor({});
    const options = { snapshotName: 's', strict: false };
    expect(reportOf(plan, options).account).toBe('111122223333');
    const targeted = { ...plan, target: { ...plan.target, account: '444455556666' } };
    expect(reportOf(targeted, options)).toMatchObject({
      account: '444455556666',
      snapshot: { account: '111122223333' },
    });
  });
});
