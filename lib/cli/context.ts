import { existsSync, readFileSync } from 'node:fs';
import { type Target, loadEnvironment, resolveTarget } from '../config/load';
import type { Environment } from '../config/schema';
import { UserError } from '../errors';
import { type RunningPlan, runningPlanOf } from '../plan/current';
import { type Decision, type PlanInput, decide } from '../plan/decision';
import type { DeploymentPlan } from '../plan/deployment-plan';
import { planOf } from '../plan/plan';
import { loadPriceBook } from '../pricing/price-book';
import type { Snapshot } from '../quotas/schema';
import { loadSnapshot } from '../quotas/snapshot';
import { parseBaseline } from '../report/baseline';

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
  /** Report (JSON) of the plan that runs. @default - what the snapshot recorded, else nothing runs */
  readonly current?: string;
}

/**
 * The plan that an environment runs, from the report of its deployment.
 *
 * @throws UserError when the file is no report, or one of another environment
 */
export function readCurrent(file: string | undefined, environment: string): RunningPlan | undefined {
  if (file === undefined) return undefined;
  if (!existsSync(file)) {
    throw new UserError(
      `there is no current plan ${file}: give the report of what runs, written with --format json --out FILE`,
    );
  }
  const report = parseBaseline(readFileSync(file, 'utf8'), 'current plan');
  if (report.environment !== environment) {
    throw new UserError(
      `the current plan ${file} is of ${report.environment}, but the environment is ${environment}: give a report of ${environment}`,
    );
  }
  return runningPlanOf(report.plan.endpoints);
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
 * @throws UserError as {@link loadInput}, and for a current plan that cannot be used
 */
export function planLoaded(loaded: Environment, cdk: CdkEnvironment, overrides: PlanOverrides = {}): Planned {
  const { input, snapshotName } = loadInput(loaded, cdk, overrides);
  const current = readCurrent(overrides.current, loaded.name);
  const decision = decide({ ...input, ...(current === undefined ? {} : { current }) });
  const { environment, target, snapshot } = input;
  return { environment, target, snapshotName, snapshot, decision, plan: planOf(decision) };
}
