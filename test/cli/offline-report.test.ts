import { planLoaded } from '../../lib/plan/load-plan';
import { offlineReport } from '../../lib/cli/offline-report';
import { loadEnvironment } from '../../lib/config/load-environment';

const reportFor = (accountPlan: 'free' | 'paid') =>
  offlineReport(planLoaded({ ...loadEnvironment('dev'), accountPlan }, {}), false);

describe('an environment whose account is on the free plan', () => {
  it('is blocked without asking AWS, with what the plan refuses', () => {
    const { verdict, findings } = reportFor('free');
    const ids = findings.map(({ id }) => id);
    expect(verdict).toBe('blocked');
    expect(ids).toEqual(expect.arrayContaining(['free-plan-cluster', 'free-plan-backups']));
  });

  it('fits once the plan is a paid one', () => {
    const { verdict, findings } = reportFor('paid');
    expect(verdict).toBe('fits');
    expect(findings.filter(({ id }) => id.startsWith('free-plan'))).toEqual([]);
  });
});
