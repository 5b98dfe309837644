import { type Target, loadEnvironment, resolveTarget } from '../config/load-environment';
import type { Environment } from '../config/environment';
import { UserError } from '../util/user-error';
import type { DeployedPlan } from './replacement/existing-deployment';
import { type Decision, type PlanInput, decide } from './decision';
import type { DeploymentPlan } from './deployment-plan';
import { planOf } from './plan';
import { loadPriceBook } from '../pricing/price-book';
import type { Snapshot } from '../quotas/snapshot-schema';
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
  /** What the plan was made from, and what explains it. */
  readonly decision: Decision;
  readonly plan: DeploymentPlan;
}

/** What a caller may put in place of the environment's own values. */
export interface PlanOverrides {
  /** Name or file of a snapshot. @default - the one that the environment names */
  readonly snapshot?: string;
  /** @default - the environment's, else that of the CDK environment */
  readonly region?: string;
  /** The plan that is deployed. @default - what the snapshot recorded, else nothing is deployed */
  readonly current?: DeployedPlan;
}

/**
 * Plans an environment by name, offline.
 *
 * @throws UserError as {@link planLoaded}, and for an unknown environment or values that are not valid
 */
export function planEnvironment(name: string, cdk: CdkEnvironment, overrides: PlanOverrides = {}): Planned {
  return planLoaded(loadEnvironment(name), cdk, overrides);
}

/** What an environment is planned on, offline. */
export interface Loaded {
  readonly input: PlanInput;
  readonly snapshotName: string;
}

/**
 * Reads what an environment is planned on: recorded quotas and prices of its region.
 *
 * @throws UserError for an unknown snapshot or region, or a snapshot of another region: quotas hold for one region each
 */
export function loadInput(loaded: Environment, cdk: CdkEnvironment, overrides: PlanOverrides = {}): Loaded {
  const { name } = loaded;
  const environment = overrides.region === undefined ? loaded : { ...loaded, region: overrides.region };
  const target = resolveTarget(environment, cdk);
  const snapshotName = overrides.snapshot ?? environment.snapshot;
  const snapshot = loadSnapshot(snapshotName);
  if (snapshot.region !== target.region) {
    throw new UserError(
      `snapshot ${snapshotName} was taken in ${snapshot.region}, but ${name} is for ${target.region}; give one of that region with --snapshot (or -c snapshot=FILE)`,
    );
  }
  return { snapshotName, input: { environment, target, snapshot, prices: loadPriceBook(target.region) } };
}

/**
 * Plans an environment, offline.
 *
 * @throws UserError as {@link loadInput}
 */
export function planLoaded(loaded: Environment, cdk: CdkEnvironment, overrides: PlanOverrides = {}): Planned {
  const { input, snapshotName } = loadInput(loaded, cdk, overrides);
  const { current } = overrides;
  const decision = decide({ ...input, ...(current === undefined ? {} : { current }) });
  const { environment, target, snapshot } = input;
  return { environment, target, snapshotName, snapshot, decision, plan: planOf(decision) };
}
