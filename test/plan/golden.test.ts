import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { planEnvironment } from '../../lib/cli/context';
import { environmentNames } from '../../lib/config/load';
import type { DeploymentPlan } from '../../lib/plan/deployment-plan';
import { snapshotNames } from '../../lib/quotas/snapshot';
import { reportOf } from '../../lib/report/report';
import { size } from '../../lib/report/words';

const FILE = join(__dirname, '../golden/plans.json');

/** What a reviewer has to see change: how it is hosted, whether it fits, for how much, and what is said. */
function summary(plan: DeploymentPlan) {
  const report = reportOf(plan, { snapshotName: '', strict: false });
  return {
    verdict: report.verdict,
    monthlyUsd: report.cost.monthlyUsd,
    updateOrder: report.plan.updateOrder,
    endpoints: Object.fromEntries(
      report.plan.endpoints.map((endpoint) => [endpoint.name, `${endpoint.mode}, ${size(endpoint)}`]),
    ),
    embedded: report.plan.embedded,
    increases: report.increases.map(({ service, code, from, to }) => `${service}/${code}: ${from} to ${to}`),
    findings: report.findings.map(({ severity, id }) => `${severity}: ${id}`),
  };
}

const current = Object.fromEntries(
  environmentNames().flatMap((name) =>
    snapshotNames().map((snapshot) => [
      `${name} on ${snapshot}`,
      summary(planEnvironment(name, {}, { snapshot }).plan),
    ]),
  ),
);

// After a change that is meant: UPDATE_GOLDEN=1 npx jest test/plan/golden, then read the difference.
if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(FILE, `${JSON.stringify(current, null, 2)}\n`);
const golden = JSON.parse(readFileSync(FILE, 'utf8')) as Readonly<Record<string, unknown>>;

describe('the reviewed plans (regenerate with UPDATE_GOLDEN=1 npx jest test/plan/golden)', () => {
  it('are those of every environment on every snapshot', () => {
    expect(Object.keys(golden)).toEqual(Object.keys(current));
  });

  it.each(Object.keys(current))('are what the planner says today: %s', (key) => {
    expect(current[key]).toEqual(golden[key]);
  });
});
