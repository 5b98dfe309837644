import { environmentNames, loadEnvironment, resolveTarget, type Target } from '../config/load-environment';
import type { Environment } from '../config/environment';
import type { DeploymentPlan } from '../plan/deployment-plan';
import { planDeployment } from '../plan/plan';
import { loadPriceBook } from '../pricing/price-book';
import type { Snapshot } from '../quotas/snapshot-schema';
import { describesAnAccount } from '../quotas/snapshot';

/** What is known of the quotas that an environment is planned on. */
export interface KnownQuotas {
  /** Name of the recorded snapshot that the environment names. */
  readonly name: string;
  readonly snapshot: Snapshot;
}

/**
 * The other environments that share an account and region with one: those that name the same account, or none, which
 * leaves them to the credentials that deploy them, and plan on the same recorded quotas where those are what is known.
 *
 * @param recorded quotas that the environment plans on. @default - a live account: quotas are shared by
 *   every environment that configuration does not send elsewhere
 * @param among @default - the environments of the project
 */
export function siblingEnvironments(
  own: Environment,
  target: Target,
  recorded?: KnownQuotas,
  among: readonly Environment[] = environmentNames().map(loadEnvironment),
): Environment[] {
  if (recorded !== undefined && !describesAnAccount(recorded.snapshot)) return [];
  return among.filter(({ name, account, region, snapshot }) => {
    const elsewhere = account !== undefined && target.account !== undefined && account !== target.account;
    const sameQuotas = recorded === undefined || snapshot === recorded.name;
    return name !== own.name && !elsewhere && sameQuotas && (region ?? target.region) === target.region;
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
