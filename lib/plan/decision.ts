import { SPECIALISTS } from '../../models/catalogue';
import type { Target } from '../config/load-environment';
import type { Environment } from '../config/environment';
import type { PriceBook } from '../pricing/price-book';
import { configuredLimits, quotaReader } from '../quotas/resolve-quota';
import type { Snapshot } from '../quotas/snapshot-schema';
import type { Candidate, PlanningContext } from './candidates/candidate';
import { candidatesByGroup, instanceTypesOf } from './candidates/hosting-candidates';
import { type CostLine, type UnpricedLine, total } from './cost/monthly-cost';
import {
  type DeployedEndpoint,
  type DeployedPlan,
  recordedPlan,
  deployedIn,
} from './replacement/existing-deployment';
import { withoutDominated } from './search/dominance';
import { tally } from './demand/quota-ledger';
import { type Limits, fitting, unlocking } from './search/objective';
import { platformCost } from './cost/platform-cost';
import { platformUses } from './demand/platform-demand';
import { MODEL_PROFILES, type ModelProfiles } from './hosting/model-profile';
import { concurrencyMeanwhile } from './replacement/plan-replacement';
import { type SearchProblem, search } from './search/search';
import { distributeConcurrency } from './search/distribute-concurrency';
import { pruneTypes } from './search/pruned-types';

/** Everything that a plan depends on: no network, no clock. */
export interface PlanInput {
  readonly environment: Environment;
  readonly target: Target;
  readonly snapshot: Snapshot;
  readonly prices: PriceBook;
  /** @default - the figures that the project ships with its models */
  readonly profiles?: ModelProfiles;
  /** What runs now, which is kept unless a move saves enough. @default - what the snapshot recorded, else nothing */
  readonly current?: DeployedPlan;
}

/** Candidates of every group, by its key. */
export type Options = ReadonlyMap<string, readonly Candidate[]>;

/** What was chosen and what from: the plan says what it means, the explanation why it is so. */
export interface Decision {
  readonly input: PlanInput;
  readonly context: PlanningContext;
  readonly limits: Limits;
  /** What the environment runs now; undefined on a first deployment. */
  readonly running: DeployedEndpoint | undefined;
  readonly platformLines: readonly (CostLine | UnpricedLine)[];
  /** Those that no other makes superfluous, in whatever mode. */
  readonly options: Options;
  /** Whether the selection fits every quota that SageMaker's endpoints draw on, every promise and the budget. */
  readonly fits: boolean;
  /** The best selection, as the search left it; empty when some specialist cannot be hosted at all. */
  readonly selected: readonly Candidate[];
  /** The same with the concurrency that was spare: what deploys. */
  readonly chosen: readonly Candidate[];
}

/** Whether a line of the bill has a price. */
export const isPriced = (line: CostLine | UnpricedLine): line is CostLine => 'expected' in line;

/** Those of the candidates that a condition holds for, group by group. */
export function restricted(options: Options, holds: (candidate: Candidate) => boolean): Options {
  return new Map([...options].map(([group, list]) => [group, list.filter(holds)]));
}

/** Chooses: what fits; else what could fit if the unknown were known; else what is worth unlocking. */
function choose(
  problem: Omit<SearchProblem, 'evaluate'>,
  limits: Limits,
  running: DeployedEndpoint | undefined,
) {
  const fits = search({ ...problem, evaluate: fitting(limits, 'refuse', running) });
  const found =
    fits ??
    search({ ...problem, evaluate: fitting(limits, 'hope', running) }) ??
    search({ ...problem, evaluate: unlocking(limits, running) });
  return { fits: fits !== undefined, selected: found?.chosen ?? [] };
}

/** What is known before anything is chosen. */
type Question = Pick<Decision, 'input' | 'context' | 'limits' | 'running' | 'platformLines'>;

/** Decides, within limits that may be others than those of the account: what would be if they were raised. */
export function decideWithin(question: Question): Decision {
  const { context, limits, running } = question;
  const { modes, serverless } = context.environment.hosting;
  const types = pruneTypes(instanceTypesOf(context), context, limits, running);
  const options = withoutDominated(candidatesByGroup(context, SPECIALISTS, types), limits, running);
  const allowed = restricted(options, ({ mode }) => modes.includes(mode));
  const { fits, selected } = choose({ specialists: SPECIALISTS, candidates: allowed }, limits, running);
  const chosen = distributeConcurrency(
    selected,
    limits.read,
    serverless.burstConcurrency,
    concurrencyMeanwhile(selected, running),
  );
  return { ...question, options, fits, selected, chosen };
}

/** What the rest of the environment leaves to its models, of the account's quotas and of the budget. */
export function surroundings(
  context: PlanningContext,
  snapshot: Snapshot,
): Pick<Decision, 'limits' | 'platformLines'> {
  const { environment } = context;
  const platformLines = platformCost(context);
  return {
    platformLines,
    limits: {
      read: quotaReader(snapshot, configuredLimits(environment)),
      platform: tally(platformUses(environment)),
      platformUsd: total(platformLines.filter(isPriced)).expected,
      budgetUsd: environment.budget.monthlyUsd,
    },
  };
}

/** Decides how all four specialists are hosted together. */
export function decide(input: PlanInput): Decision {
  const { environment, target, snapshot, prices, profiles = MODEL_PROFILES } = input;
  const context: PlanningContext = { environment, region: target.region, prices, profiles };
  const { limits, platformLines } = surroundings(context, snapshot);
  const running = deployedIn(input.current ?? recordedPlan(snapshot, environment.name), environment);
  return decideWithin({ input, context, limits, running, platformLines });
}
