import { render } from '../../lib/report/render';
import { type AnyFinding, reportOf } from '../../lib/report/report';
import { planFor } from '../support/plan/plan-fixtures';

const plan = planFor({});
const options = { snapshotName: 'test', strict: false };
const problem = (severity: AnyFinding['severity']): AnyFinding => ({
  id: 'bootstrap-missing',
  severity,
  title: 'The account is not bootstrapped',
  remedy: 'Bootstrap it',
  facts: {},
});

describe('what a report says beside its plan', () => {
  it.each(['table', 'md', 'html'] as const)('states how far it covers what is deployed (%s)', (format) => {
    const text = render(reportOf(plan, options), format, { color: false }).replaceAll(/\s+/g, ' ');

    expect(text).toMatch(/Coverage: of \d+ resource types \d+ are held against their limits/);
  });

  it('names every type with a limit that is not read, and the limit', () => {
    const { coverage } = reportOf(plan, options);

    expect(coverage?.uncheckedTypes.length).toBeGreaterThan(0);
    for (const { type, limits } of coverage?.uncheckedTypes ?? []) {
      expect(type).toMatch(/^(AWS::|Custom::)/);
      expect(limits.length).toBeGreaterThan(0);
    }
  });

  it.each([
    ['blocked', 1],
    ['unknown', 3],
  ] as const)('is %s when the account beside its quotas is, although the plan fits', (verdict, exitCode) => {
    const report = reportOf(plan, { ...options, verdict, findings: [problem('error')] });

    expect(plan.verdict).toBe('fits');
    expect(report).toMatchObject({ verdict, exitCode, findings: [{ id: 'bootstrap-missing' }, {}] });
  });

  it('counts warnings about the account under --strict', () => {
    const report = reportOf(plan, { ...options, strict: true, findings: [problem('warning')] });

    expect(report.exitCode).toBe(2);
  });
});
