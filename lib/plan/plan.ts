import { SPECIALISTS } from '../../models/catalogue';
import type { Target } from '../config/load';
import type { Environment } from '../config/schema';
import type { PriceBook } from '../pricing/price-book';
import { configuredLimits, quotaReader } from '../quotas/resolve';
import type { Snapshot } from '../quotas/schema';
import { alternatives } from './alternatives';
import type { Candidate, PlanningContext } from './candidate';
import { candidatesByGroup } from './candidates';
import { type CostLine, type UnpricedLine, total } from './cost';
import type { DeploymentPlan, Verdict } from './deployment-plan';
import { withoutDominated } from './dominance';
import { type Finding, finding } from './findings';
import { increasesFor } from './increases';
import { ledger, tally, updatePeak } from './ledger';
import { type Limits, fitting, room, unlocking } from './objective';
import { planFindings } from './plan-findings';
import { platformCost } from './platform-cost';
import { platformUses } from './platform-demand';
import { MODEL_PROFILES, type ModelProfiles } from './profile';
import { type SearchProblem, search } from './search';
import { servingLines } from './serving-lines';
import { spendBurst } from './spend-burst';
import type { Topology } from './types';

/** Everything that a plan depends on: no network, no clock. */
export interface PlanInput {
  readonly environment: Environment;
  readonly target: Target;
  readonly snapshot: Snapshot;
  readonly prices: PriceBook;
  /** @default - the figures that the project ships with its models */
  readonly profiles?: ModelProfiles;
}

const isPriced = (line: CostLine | UnpricedLine): line is CostLine => 'expected' in line;

/** Chooses: what fits; else what could fit if the unknown were known; else what is worth unlocking. */
function choose(problem: Omit<SearchProblem, 'evaluate'>, limits: Limits) {
  return (
    search({ ...problem, evaluate: fitting(limits, 'refuse') }) ??
    search({ ...problem, evaluate: fitting(limits, 'hope') }) ??
    search({ ...problem, evaluate: unlocking(limits) })
  );
}

/** Endpoints side by side where every quota has room for that, else one after the other. */
function updateOrder(chosen: readonly Candidate[], limits: Limits): Topology['updateOrder'] {
  const uses = chosen.flatMap((candidate) => candidate.uses);
  const sums = tally(uses, limits.platform);
  const fits = uses.every(({ key }) => {
    const sum = sums.get(key);
    const free = room(limits.read, key);
    return sum === undefined || free === undefined || updatePeak(sum, 'together') <= free;
  });
  return fits ? 'together' : 'one-at-a-time';
}

function topologyOf(chosen: readonly Candidate[], limits: Limits): Topology {
  return {
    endpoints: chosen.flatMap(({ endpoint }) => endpoint ?? []),
    embedded: chosen.flatMap(({ endpoint, specialists }) => (endpoint === undefined ? specialists : [])),
    updateOrder: updateOrder(chosen, limits),
  };
}

/** Errors decide: something short blocks, and where nothing is, something unknown leaves it open. */
function verdictOf(findings: readonly Finding[]): Verdict {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const unknown = new Set(['quota-unknown', 'usage-unknown', 'price-unknown']);
  if (errors.some(({ id }) => !unknown.has(id))) return 'blocked';
  return errors.length > 0 ? 'unknown' : 'fits';
}

/**
 * Plans the hosting of all four specialists together with the rest of the environment: a pure function of its input.
 * It always answers; whether the answer may be deployed stands in `verdict`.
 */
export function planDeployment(input: PlanInput): DeploymentPlan {
  const { environment, target, snapshot, prices, profiles = MODEL_PROFILES } = input;
  const context: PlanningContext = { environment, region: target.region, prices, profiles };
  const platformLines = platformCost(environment, prices);
  const limits: Limits = {
    read: quotaReader(snapshot, configuredLimits(environment)),
    platform: tally(platformUses(environment)),
    platformUsd: total(platformLines.filter(isPriced)).expected,
    budgetUsd: environment.budget.monthlyUsd,
  };
  const all = withoutDominated(candidatesByGroup(context, SPECIALISTS), limits);
  const allowed = new Map(
    [...all].map(([key, list]) => [key, list.filter(({ mode }) => environment.hosting.modes.includes(mode))]),
  );
  const found = choose({ specialists: SPECIALISTS, candidates: allowed }, limits);
  const chosen = spendBurst(
    found?.chosen ?? [],
    limits.read,
    environment.hosting.serverless.burstConcurrency,
  );
  const topology = topologyOf(chosen, limits);
  const tallies = tally(
    chosen.flatMap((candidate) => candidate.uses),
    limits.platform,
  );
  const rows = ledger(tallies, limits.read, topology.updateOrder);
  const priced = [...servingLines(context, topology.endpoints), ...platformLines];
  const lines = priced.filter(isPriced);
  const cost = { total: total(lines), lines };
  const findings = planFindings({
    environment,
    target,
    snapshot,
    profiles,
    chosen,
    topology,
    rows,
    cost,
  });
  for (const line of priced) {
    if (!isPriced(line)) findings.push(finding('price-unknown', { ...line, region: target.region }));
  }
  const { account, region, takenAt, source } = snapshot;
  return {
    environment,
    target,
    snapshot: { account, region, takenAt, source },
    verdict: verdictOf(findings),
    topology,
    ledger: rows,
    cost,
    alternatives: alternatives(SPECIALISTS, all, limits, environment.hosting.modes),
    increases: increasesFor(rows, chosen),
    findings,
  };
}
