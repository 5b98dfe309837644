import type { Target } from '../config/load-environment';
import type { Environment } from '../config/environment';
import type { CostLine, MonthlyCost } from './cost/monthly-cost';
import type { Finding } from './findings';
import type { Increase } from './demand/quota-increases';
import type { LedgerRow } from './demand/quota-ledger';
import type { Topology } from './hosting/endpoint-plan';

/** `unknown` means that it may fit, but something that decides it could not be determined. */
export type Verdict = 'fits' | 'blocked' | 'unknown';

/**
 * The one answer that report and stacks both consume. When the verdict is `fits`, `topology` is what deploys; when it
 * is not, `topology` is what would deploy once the increases are granted or the unknowns determined.
 */
export interface DeploymentPlan {
  readonly environment: Environment;
  readonly target: Target;
  readonly snapshot: {
    readonly account: string;
    readonly region: string;
    readonly takenAt: string;
    readonly source: string;
  };
  readonly verdict: Verdict;
  readonly topology: Topology;
  readonly ledger: readonly LedgerRow[];
  readonly cost: {
    readonly total: MonthlyCost;
    readonly lines: readonly CostLine[];
  };
  readonly increases: readonly Increase[];
  readonly findings: readonly Finding[];
}
