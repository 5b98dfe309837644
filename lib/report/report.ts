import { EXIT } from '../errors';
import type { DeploymentPlan } from '../plan/deployment-plan';
import type { Report } from './schema';

/** What a report says beside its plan. */
export interface ReportOptions {
  /** Name or file of the snapshot. */
  readonly snapshotName: string;
  /** Whether warnings count. */
  readonly strict: boolean;
}

/** Exit code of a plan: the contract with CI. */
export function exitCodeOf(
  plan: Pick<DeploymentPlan, 'verdict' | 'findings'>,
  strict: boolean,
): Report['exitCode'] {
  if (plan.verdict === 'blocked') return EXIT.blocked;
  if (plan.verdict === 'unknown') return EXIT.unknown;
  const warned = plan.findings.some(({ severity }) => severity === 'warning');
  return strict && warned ? EXIT.warnings : EXIT.fits;
}

/** The report of a plan: plain data that every renderer draws from. */
export function reportOf(plan: DeploymentPlan, options: ReportOptions): Report {
  const { environment, target, snapshot, topology, cost } = plan;
  return {
    schemaVersion: 1,
    environment: environment.name,
    account: target.account ?? snapshot.account,
    region: target.region,
    snapshot: { name: options.snapshotName, ...snapshot },
    verdict: plan.verdict,
    exitCode: exitCodeOf(plan, options.strict),
    plan: {
      endpoints: topology.endpoints.map((endpoint) => ({
        ...endpoint,
        specialists: [...endpoint.specialists],
      })),
      embedded: [...topology.embedded],
      updateOrder: topology.updateOrder,
    },
    quotas: plan.ledger.map((row) => ({ ...row })),
    cost: {
      budgetUsd: environment.budget.monthlyUsd,
      monthlyUsd: cost.total.expected,
      idleMonthlyUsd: cost.total.idle,
      maxMonthlyUsd: cost.total.max,
      lines: cost.lines.map(({ item, expected, idle, max, source }) => ({
        item,
        monthlyUsd: expected,
        idleMonthlyUsd: idle,
        maxMonthlyUsd: max,
        source,
      })),
    },
    alternatives: plan.alternatives.map(({ shortfalls, ...alternative }) => ({
      ...alternative,
      ...(shortfalls === undefined ? {} : { shortfalls: shortfalls.map((shortfall) => ({ ...shortfall })) }),
    })),
    increases: plan.increases.map((increase) => ({ ...increase })),
    findings: plan.findings.map((finding) => ({ ...finding, facts: { ...finding.facts } })),
  };
}
