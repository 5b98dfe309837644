import { environmentNames, loadEnvironment, resolveTarget, type Target } from '../config/load';
import type { Environment } from '../config/schema';
import type { DeploymentPlan } from '../plan/deployment-plan';
import { planDeployment } from '../plan/plan';
import { loadPriceBook } from '../pricing/price-book';
import type { Snapshot } from '../quotas/schema';

/**
 * The other environments that share an account and region with one: those that name the same account, or none, which
 * leaves them to whatever credentials deploy them, and plan on the same recorded quotas where those are what is known.
 *
 * @param snapshotName recorded quotas that the environment plans on. @default - a live account: quotas are shared by
 *   everybody whom configuration does not send elsewhere
 */
export function neighboursOf(own: Environment, target: Target, snapshotName?: string): Environment[] {
  return environmentNames()
    .filter((name) => name !== own.name)
    .map(loadEnvironment)
    .filter(({ account, region, snapshot }) => {
      const elsewhere = account !== undefined && target.account !== undefined && account !== target.account;
      const sameQuotas = snapshotName === undefined || snapshot === snapshotName;
      return !elsewhere && sameQuotas && (region ?? target.region) === target.region;
    });
}

/** Plans of environments on the same quotas. */
export function plansOn(
  snapshot: Snapshot,
  environments: readonly Environment[],
  target: Target,
): DeploymentPlan[] {
  const prices = loadPriceBook(target.region);
  return environments.map((environment) =>
    planDeployment({ environment, target: resolveTarget(environment, target), snapshot, prices }),
  );
}
