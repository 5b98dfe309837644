import type { Highs } from 'highs';
import type { QuotaKey } from '../../quotas/catalogue';
import type { Candidate } from '../candidate';
import { type CostLine, type MonthlyCost, type UnpricedLine, cents, total } from '../cost';
import { type PlanInput, isPriced, surroundings } from '../decision';
import type { DeploymentPlan, Verdict } from '../deployment-plan';
import { type LedgerRow, ledger, tally } from '../ledger';
import { topologyOf } from '../plan';
import { MODEL_PROFILES } from '../profile';
import { servingLines } from '../serving-lines';
import type { Topology } from '../types';
import { type Homeless, homeless } from './homeless';
import { type Solved, type Supposition, investigate } from './investigate';
import { type Missing, missingOf } from './missing';
import { type FleetModel, fleetProblem } from './problem-of';
import { type Patience, solveFleet } from './solve';
import { unreadAsAmple } from './supposed-limits';

/** How a fleet is hosted, and what it costs with the rest of the environment. */
export interface FleetHosting {
  readonly supposes: Supposition;
  readonly chosen: readonly Candidate[];
  readonly updateOrder: Topology['updateOrder'];
  readonly cost: MonthlyCost;
  /** No plan that hosts and updates as many models costs less; the whole environment, USD a month. */
  readonly leastUsd: number;
  /** Whether no plan is better, but for the rounding of each endpoint's bill to cents. */
  readonly proven: boolean;
}

/** What the account holds of a fleet: an answer for people who plan capacity, which nothing deploys. */
export interface FleetPlan extends Pick<DeploymentPlan, 'environment' | 'target' | 'snapshot'> {
  readonly models: number;
  readonly verdict: Verdict;
  /** Undefined where no plan was found. */
  readonly hosting: FleetHosting | undefined;
  /** Every quota that the plan and the rest of the environment draw on; of the rest alone where there is no plan. */
  readonly ledger: readonly LedgerRow[];
  readonly missing: readonly Missing[];
  /** Models that no increase brings a home; looked for only where nothing fits and nothing is missing. */
  readonly homeless: readonly Homeless[];
  /** Quotas that endpoints may draw on and that could not be determined. */
  readonly unread: readonly QuotaKey[];
  readonly unpriced: readonly UnpricedLine[];
  readonly platformUsd: number;
}

/** What is certainly short outweighs what is unknown, and that outweighs what fits. */
function verdictOf(
  investigated: Verdict,
  rows: readonly LedgerRow[],
  unpriced: readonly UnpricedLine[],
): Verdict {
  const has = (verdict: LedgerRow['verdict']) => rows.some((row) => row.verdict === verdict);
  if (investigated === 'blocked' || has('blocked')) return 'blocked';
  return investigated === 'unknown' || has('unknown') || unpriced.length > 0 ? 'unknown' : 'fits';
}

function hostingOf(
  { chosen, boundUsd, proven }: Solved,
  supposes: Supposition,
  updateOrder: Topology['updateOrder'],
  cost: MonthlyCost,
  platformUsd: number,
): FleetHosting {
  // Stopped early, the solver may know no bound at all.
  const least = cents(platformUsd + (Number.isFinite(boundUsd) ? Math.max(0, boundUsd) : 0));
  const leastUsd = proven ? cost.expected : Math.min(cost.expected, least);
  return { supposes, chosen, updateOrder, cost, leastUsd, proven };
}

/**
 * Plans the hosting of a fleet in place of the environment's specialists, beside the rest of the environment and held
 * against the same quotas, promises and budget. It is planned from nothing: what the environment runs now is neither
 * kept nor has to stand beside what is new, and spare concurrency is left unspent.
 */
export function planFleet(
  { environment, target, snapshot, prices, profiles = MODEL_PROFILES }: PlanInput,
  models: readonly FleetModel[],
  highs: Highs,
  patience: Patience = {},
): FleetPlan {
  const problem = fleetProblem(
    { environment, region: target.region, prices, profiles },
    models,
    (context) => surroundings(context, snapshot).limits,
  );
  const { context, limits } = problem;
  const found = investigate(problem, (given) => solveFleet(given, highs, patience));
  const { solved, supposes, lacking, unread } = found;
  const chosen = solved?.chosen ?? [];
  const topology = topologyOf(chosen, limits);
  const uses = chosen.flatMap((candidate) => candidate.uses);
  const rows = ledger(tally(uses, limits.platform), limits.read, topology.updateOrder);
  const { platformLines } = surroundings(context, snapshot);
  const bill: (CostLine | UnpricedLine)[] = [...servingLines(context, topology), ...platformLines];
  const cost = total(bill.filter(isPriced));
  const unpriced = bill.filter((line): line is UnpricedLine => !isPriced(line));
  const nothingHelps = found.verdict === 'blocked' && lacking.length === 0;
  const { account, region, takenAt, source } = snapshot;
  return {
    environment,
    target,
    snapshot: { account, region, takenAt, source },
    models: models.length,
    verdict: verdictOf(found.verdict, rows, unpriced),
    hosting: solved && hostingOf(solved, supposes, topology.updateOrder, cost, limits.platformUsd),
    ledger: rows,
    missing: missingOf(lacking, rows, limits, solved && cost.expected),
    homeless: nothingHelps ? homeless({ ...problem, limits: unreadAsAmple(limits) }) : [],
    unread,
    unpriced,
    platformUsd: limits.platformUsd,
  };
}
