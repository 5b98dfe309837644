import { EXIT } from '../util/user-error';
import type { DeploymentPlan, Verdict } from '../plan/deployment-plan';
import type { Explanation } from '../plan/explain/explanation';
import { type Finding, bySeverity } from '../plan/findings';
import { OBJECTIVE } from '../plan/search/objective';
import { coverageOf } from '../quotas/coverage';
import { costOf } from './cost-report';
import type { Report } from './schema';

/** A finding of the plan, or of the account beside its quotas: what every report shows of one. */
export type AnyFinding = Pick<Finding, 'severity' | 'title' | 'remedy' | 'facts'> & { readonly id: string };

/** What a report says beside its plan. */
export interface ReportOptions {
  /** Name or file of the snapshot. */
  readonly snapshotName: string;
  /** Whether warnings count. */
  readonly strict: boolean;
  /** Findings that are not the plan's own; errors among them decide as well. @default - none */
  readonly findings?: readonly AnyFinding[];
  /** Why the plan is as it is. @default - not said: no choices and no alternatives */
  readonly explanation?: Explanation;
  /** Verdict of what those findings are about. @default - they do not change the plan's */
  readonly verdict?: Verdict;
}

/** A value all of whose parts may be written to. */
type Writable<T> = T extends object ? { -readonly [K in keyof T]: Writable<T[K]> } : T;

const WORST: readonly Verdict[] = ['blocked', 'unknown', 'fits'];

/** What is certainly wrong outweighs what is unknown, and that outweighs what fits. */
function worst(...verdicts: readonly (Verdict | undefined)[]): Verdict {
  return WORST.find((verdict) => verdicts.includes(verdict)) ?? 'fits';
}

/** Exit code of a verdict: the contract with CI. */
export function exitCodeOf(
  {
    verdict,
    findings,
  }: { readonly verdict: Verdict; readonly findings: readonly Pick<AnyFinding, 'severity'>[] },
  strict: boolean,
): Report['exitCode'] {
  if (verdict === 'blocked') return EXIT.blocked;
  if (verdict === 'unknown') return EXIT.unknown;
  const warned = findings.some(({ severity }) => severity === 'warning');
  return strict && warned ? EXIT.warnings : EXIT.fits;
}

/** How much of what can be deployed is held against a limit; a test ties the table to the templates. */
function coverage(): Report['coverage'] {
  const { mapped, far, unlimited } = coverageOf();
  return {
    checkedTypes: mapped.length,
    unlimitedTypes: unlimited.length,
    uncheckedTypes: far.map(({ type, limits }) => ({ type, limits: limits.map(({ name }) => name) })),
  };
}

/** A copy without the promise that nobody writes to it. */
function copied<T>(value: T): Writable<T> {
  return structuredClone(value) as Writable<T>;
}

/** The part of the report that says why. */
function explained(
  explanation: Explanation | undefined,
): Pick<Report, 'alternatives' | 'choices' | 'nextBetter' | 'objective'> {
  if (explanation === undefined) return { alternatives: [] };
  return { ...copied(explanation), objective: [...OBJECTIVE] };
}

/** The report of a plan: plain data that every renderer draws from. */
export function reportOf(plan: DeploymentPlan, options: ReportOptions): Report {
  const { environment, target, snapshot, topology } = plan;
  const findings = bySeverity<AnyFinding>([...plan.findings, ...(options.findings ?? [])]);
  const verdict = worst(plan.verdict, options.verdict);
  return {
    schemaVersion: 1,
    environment: environment.name,
    account: target.account ?? snapshot.account,
    region: target.region,
    snapshot: { name: options.snapshotName, ...snapshot },
    verdict,
    exitCode: exitCodeOf({ verdict, findings }, options.strict),
    plan: {
      endpoints: topology.endpoints.map((endpoint) => ({
        ...endpoint,
        specialists: [...endpoint.specialists],
      })),
      embedded: [...topology.embedded],
      updateOrder: topology.updateOrder,
    },
    quotas: plan.ledger.map((row) => ({ ...row })),
    cost: costOf(plan),
    ...explained(options.explanation),
    increases: plan.increases.map((increase) => ({ ...increase })),
    findings: findings.map((finding) => ({ ...finding, facts: { ...finding.facts } })),
    coverage: coverage(),
  };
}
