import { type Target, loadEnvironment, resolveTarget } from '../config/load';
import type { Environment } from '../config/schema';
import { UserError } from '../errors';
import type { DeploymentPlan } from '../plan/deployment-plan';
import { planDeployment } from '../plan/plan';
import { loadPriceBook } from '../pricing/price-book';
import type { Snapshot } from '../quotas/schema';
import { loadSnapshot } from '../quotas/snapshot';

/** What an entry point reads from its surroundings and hands in; nothing deeper reads the process. */
export interface CdkEnvironment {
  readonly account?: string;
  readonly region?: string;
}

/** An environment with its plan on recorded quotas. */
export interface Planned {
  readonly environment: Environment;
  readonly target: Target;
  readonly snapshotName: string;
  readonly snapshot: Snapshot;
  readonly plan: DeploymentPlan;
}

/** What a caller may put in place of the environment's own values. */
export interface PlanOverrides {
  /** Name or file of a snapshot. @default - the one that the environment names */
  readonly snapshot?: string;
  /** @default - the environment's, else that of the CDK environment */
  readonly region?: string;
}

/**
 * Plans an environment by name, offline.
 *
 * @throws UserError for an unknown environment, snapshot or region, values that are not valid, or a snapshot of
 *   another region: quotas hold for one region each
 */
export function planEnvironment(name: string, cdk: CdkEnvironment, overrides: PlanOverrides = {}): Planned {
  const loaded = loadEnvironment(name);
  const environment = overrides.region === undefined ? loaded : { ...loaded, region: overrides.region };
  const target = resolveTarget(environment, cdk);
  const snapshotName = overrides.snapshot ?? environment.snapshot;
  const snapshot = loadSnapshot(snapshotName);
  if (snapshot.region !== target.region) {
    throw new UserError(
      `snapshot ${snapshotName} was taken in ${snapshot.region}, but ${name} is for ${target.region}; give one of that region with --snapshot (or -c snapshot=FILE)`,
    );
  }
  const plan = planDeployment({ environment, target, snapshot, prices: loadPriceBook(target.region) });
  return { environment, target, snapshotName, snapshot, plan };
}
