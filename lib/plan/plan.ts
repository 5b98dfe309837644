import type { Candidate } from './candidates/candidate';
import { total } from './cost/monthly-cost';
import { type Decision, type PlanInput, decide, isPriced } from './decision';
import type { DeploymentPlan, Verdict } from './deployment-plan';
import { type Finding, finding } from './findings';
import { increasesFor } from './demand/quota-increases';
import { ledger, tally, tallyDrawn, updatePeak } from './demand/quota-ledger';
import { type Limits, room } from './search/objective';
import { planFindings } from './plan-findings';
import { besideWhatRuns, withReplacement } from './replacement/plan-replacement';
import { replacementFindings } from './replacement/replacement-findings';
import { servingLines } from './cost/serving-lines';
import type { Topology } from './hosting/endpoint-plan';

export type { PlanInput } from './decision';

/** Endpoints side by side where every quota has room for that, else one after the other. */
function updateOrder(chosen: readonly Candidate[], limits: Limits): Topology['updateOrder'] {
  const uses = chosen.flatMap((candidate) => candidate.uses);
  const fits = [...tallyDrawn(uses, limits.platform)].every(([key, sum]) => {
    const free = room(limits.read, key);
    return free === undefined || updatePeak(sum, 'together') <= free;
  });
  return fits ? 'together' : 'one-at-a-time';
}

/** What is built of a selection. */
export function topologyOf(chosen: readonly Candidate[], limits: Limits): Topology {
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

/** What a decision means: topology, quotas, cost, and whether it may be deployed. */
export function planOf(decision: Decision): DeploymentPlan {
  const { input, context, limits, running, platformLines, chosen } = decision;
  const { environment, target, snapshot } = input;
  const topology = topologyOf(chosen, limits);
  const tallies = tally(
    chosen.flatMap((candidate) => candidate.uses),
    limits.platform,
  );
  const settled = ledger(tallies, limits.read, topology.updateOrder);
  const rows = withReplacement(settled, besideWhatRuns(chosen, limits.platform, running));
  const priced = [...servingLines(context, topology), ...platformLines];
  const lines = priced.filter(isPriced);
  const cost = { total: total(lines), lines };
  const findings = planFindings({
    environment,
    target,
    snapshot,
    profiles: context.profiles,
    chosen,
    topology,
    rows: settled,
    cost,
  });
  findings.push(...replacementFindings(decision, settled));
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
    increases: increasesFor(rows, chosen),
    findings,
  };
}

/**
 * Plans the hosting of all four specialists together with the rest of the environment: a pure function of its input.
 * It always answers; whether the answer may be deployed stands in `verdict`. Why it is this answer, `explain` says.
 */
export function planDeployment(input: PlanInput): DeploymentPlan {
  return planOf(decide(input));
}
