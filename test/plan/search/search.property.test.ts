import * as fc from 'fast-check';
import { configuredLimits, quotaReader } from '../../../lib/quotas/resolve-quota';
import type { QuotaReader } from '../../../lib/quotas/resolve-quota';
import { QUOTA, quotaDefinition } from '../../../lib/quotas/quota-catalogue';
import { candidatesByGroup, instanceTypesOf } from '../../../lib/plan/candidates/hosting-candidates';
import {
  type DeployedEndpoint,
  type DeployedPlan,
  deployedIn,
} from '../../../lib/plan/replacement/existing-deployment';
import { withoutDominated } from '../../../lib/plan/search/dominance';
import { type Limits, fitting, unlocking } from '../../../lib/plan/search/objective';
import type { ModelProfiles } from '../../../lib/plan/hosting/model-profile';
import { type SearchProblem, search } from '../../../lib/plan/search/search';
import { pruneTypes } from '../../../lib/plan/search/pruned-types';
import { loadPriceBook } from '../../../lib/pricing/price-book';
import { SPECIALISTS } from '../../../models/catalogue';
import {
  SOME_TYPES,
  account,
  environment,
  fewOfMany,
  profiles as models,
  puzzle,
  runningNames,
} from '../../support/plan/arbitraries';
import { type Aim, type Puzzle, bestByTryingAll, partitions } from '../../support/plan/brute-force';
import { type PlanCase, accountWith, environmentWith, typeQuota } from '../../support/plan/plan-fixtures';

/** Nothing, or some endpoints of the environment `test`; what they hold of a type or in all is known or not. */
const running = fc.record({
  endpoints: runningNames('test'),
  held: fc
    .array(
      fc.tuple(
        fc.constantFrom(QUOTA.endpointInstances, QUOTA.serverlessConcurrency, ...SOME_TYPES.map(typeQuota)),
        fc.oneof(fc.integer({ min: 0, max: 6 }), fc.constant(4990)),
      ),
      { maxLength: 6 },
    )
    .map((entries) => new Map(entries)),
});

const AIMS: readonly Aim[] = ['fit', 'fit-if-known', 'unlock'];

function evaluator(limits: Limits, aim: Aim, running?: DeployedEndpoint): SearchProblem['evaluate'] {
  if (aim === 'unlock') return unlocking(limits, running);
  return fitting(limits, aim === 'fit' ? 'refuse' : 'hope', running);
}

/** A puzzle's running plan as the planner takes it. */
function runningOf({ running, candidates }: Puzzle): DeployedEndpoint | undefined {
  if (running === undefined) return undefined;
  const served = new Map(
    [...candidates.values()].flat().flatMap(({ endpoint, specialists }) => {
      const runs = endpoint !== undefined && running.endpoints.includes(endpoint.name);
      return runs ? [[endpoint.name, specialists] as const] : [];
    }),
  );
  return {
    ...running,
    endpoints: new Set(running.endpoints),
    served,
    hosted: new Set([...served.values()].flat()),
  };
}

function limitsOf({ room, budgetUsd }: Puzzle): Limits {
  const read: QuotaReader = (key) => ({
    definition: quotaDefinition(key),
    limit: room.get(key),
    origin: room.get(key) === undefined ? 'unknown' : 'applied',
    usedByOthers: 0,
    usageOrigin: 'read',
    assumed: false,
  });
  return { read, platform: new Map(), platformUsd: 0, budgetUsd };
}

describe('the search', () => {
  it.each(AIMS)('finds what trying every partition and candidate finds: %s', (aim) => {
    fc.assert(
      fc.property(puzzle, (problem) => {
        const found = search({ ...problem, evaluate: evaluator(limitsOf(problem), aim, runningOf(problem)) });
        expect(found?.objective).toEqual(bestByTryingAll(problem, aim));
      }),
      { numRuns: 400 },
    );
  });

  it('hosts every specialist exactly once, with candidates that there are', () => {
    fc.assert(
      fc.property(puzzle, (problem) => {
        const found = search({ ...problem, evaluate: unlocking(limitsOf(problem)) });
        if (found === undefined) return;
        const hosted = found.chosen.flatMap(({ specialists }) => specialists);
        expect([...hosted].sort()).toEqual([...problem.specialists].sort());
        for (const candidate of found.chosen) {
          expect(problem.candidates.get(candidate.specialists.join('+'))).toContain(candidate);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('takes no heed of the order of specialists and candidates', () => {
    fc.assert(
      fc.property(puzzle, (problem) => {
        const mirrored = {
          ...problem,
          specialists: problem.specialists.toReversed(),
          candidates: new Map(
            [...problem.candidates].toReversed().map(([key, list]) => [key, list.toReversed()]),
          ),
        };
        const evaluate = unlocking(limitsOf(problem));
        expect(search({ ...mirrored, evaluate })).toEqual(search({ ...problem, evaluate }));
      }),
      { numRuns: 25 },
    );
  });

  it('is compared with all fifteen partitions of four', () => {
    expect(partitions(SPECIALISTS)).toHaveLength(15);
  });
});

describe('leaving out dominated types', () => {
  const prices = loadPriceBook('us-east-1');

  /** Value of the best plan: of all candidates, and of those that are left. */
  function bestOf(
    { environment: settings = {}, account: quotas }: PlanCase,
    profiles: ModelProfiles,
    current: DeployedPlan,
    aim: Aim,
  ) {
    const env = environmentWith(settings);
    const runs = deployedIn(current, env);
    const limits: Limits = {
      read: quotaReader(accountWith(quotas), configuredLimits(env)),
      platform: new Map(),
      platformUsd: 0,
      budgetUsd: env.budget.monthlyUsd,
    };
    const context = { environment: env, region: 'us-east-1', prices, profiles };
    const types = pruneTypes(instanceTypesOf(context), context, limits, runs);
    const all = candidatesByGroup(context, SPECIALISTS);
    const left = withoutDominated(candidatesByGroup(context, SPECIALISTS, types), limits, runs);
    const evaluate = evaluator(limits, aim, runs);
    const value = (candidates: SearchProblem['candidates']) =>
      search({ specialists: SPECIALISTS, candidates, evaluate })?.objective;
    const count = (candidates: SearchProblem['candidates']) => [...candidates.values()].flat().length;
    return { of: { all: value(all), left: value(left) }, share: count(left) / count(all) };
  }

  it.each(AIMS)('never changes the value of the best plan: %s', (aim) => {
    fc.assert(
      fc.property(environment, account, models, running, (settings, quotas, profiles, current) => {
        const { of } = bestOf({ environment: settings, account: quotas }, profiles, current, aim);
        expect(of.left).toEqual(of.all);
      }),
      { numRuns: 25 },
    );
  });

  it.each(AIMS)('nor where an account allows a few instances of each of many types: %s', (aim) => {
    const shares: number[] = [];
    fc.assert(
      fc.property(fewOfMany, models, running, (given, profiles, current) => {
        const { of, share } = bestOf(given, profiles, current, aim);
        expect(of.left).toEqual(of.all);
        shares.push(share);
      }),
      { numRuns: 30 },
    );
    // If hardly anything were left out, equality would prove nothing.
    expect(shares.filter((share) => share < 0.6).length).toBeGreaterThan(6);
  });
});
