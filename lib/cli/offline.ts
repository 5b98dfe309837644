import { explain } from '../plan/explanation';
import { contention } from '../plan/neighbours';
import { reportOf } from '../report/report';
import type { Report } from '../report/schema';
import type { Planned } from './context';
import { neighboursOf, plansOn } from './neighbours';

/**
 * The report of a plan on recorded quotas, with why it is so and whom it shares them with.
 *
 * @param strict whether warnings count
 */
export function offlineReport(planned: Planned, strict: boolean): Report {
  const { decision, plan, environment, target, snapshot, snapshotName } = planned;
  const neighbours = neighboursOf(environment, target, snapshotName);
  return reportOf(plan, {
    snapshotName,
    strict,
    explanation: explain(decision),
    findings: contention(plan, plansOn(snapshot, neighbours, target)),
  });
}
