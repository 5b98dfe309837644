import { quotaKey } from '../../quotas/quota-catalogue';
import type { DeploymentPlan } from '../deployment-plan';
import { type Finding, finding } from '../findings';

/** What a plan needs at most of each quota that everybody in the account draws on together. */
function needs({ ledger }: DeploymentPlan): Map<string, number> {
  return new Map(ledger.map((row) => [quotaKey(row), Math.max(row.steady, row.peak, row.updatePeak)]));
}

/**
 * Quotas that this environment and others of the same account and region cannot all have: each fits alone, together
 * they do not. Limits on each single endpoint or VPC are no such quotas, and neither is one that the environment
 * itself does not fit into.
 *
 * @param others plans of the other environments on the same quotas; what they hold already counts as others' use in
 *   both, so an environment that is deployed is not to be given
 */
export function quotaContention(own: DeploymentPlan, others: readonly DeploymentPlan[]): Finding[] {
  const theirs = others.map((plan) => ({ name: plan.environment.name, needs: needs(plan) }));
  return own.ledger.flatMap((row) => {
    if (row.limit === null || row.usedByOthers === null || row.verdict !== 'fits' || !row.shared) return [];
    const quota = quotaKey(row);
    const ownNeed = Math.max(row.steady, row.peak, row.updatePeak);
    const rivals = theirs.filter((other) => (other.needs.get(quota) ?? 0) > 0);
    const together = rivals.reduce((sum, other) => sum + (other.needs.get(quota) ?? 0), ownNeed);
    const left = row.limit - row.usedByOthers;
    if (rivals.length === 0 || together <= left) return [];
    const spelled = rivals.map((other) => `${other.name} ${other.needs.get(quota)}`).join(', ');
    return [
      finding('quota-contended', { quota, name: row.name, own: ownNeed, others: spelled, together, left }),
    ];
  });
}
