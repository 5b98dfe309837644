import { accountVerdict } from '../account/account-findings';
import { freePlanFindings } from '../account/free-plan';
import { accountNeeds } from '../account/account-needs';
import { explain } from '../plan/explain/explanation';
import { quotaContention } from '../plan/demand/sibling-environments';
import { reportOf } from '../report/report';
import type { Report } from '../report/schema';
import type { Planned } from '../plan/load-plan';
import { siblingEnvironments, plansOn } from './sibling-plans';

/**
 * The report of a plan on recorded quotas, with why it is so and whom it shares them with.
 *
 * @param strict whether warnings count
 */
export function offlineReport(planned: Planned, strict: boolean): Report {
  const { decision, plan, environment, target, snapshot, snapshotName } = planned;
  const neighbours = siblingEnvironments(environment, target, { name: snapshotName, snapshot });
  // Configuration says this of the account; the rest about it only the account itself tells.
  const refused = environment.accountPlan === 'free' ? freePlanFindings(accountNeeds(plan), 'free') : [];
  return reportOf(plan, {
    snapshotName,
    strict,
    explanation: explain(decision),
    findings: [...refused, ...quotaContention(plan, plansOn(snapshot, neighbours, target))],
    verdict: accountVerdict(refused),
  });
}
