import * as fc from 'fast-check';
import loadHighs, { type Highs } from 'highs';
import type { Candidate } from '../../lib/plan/candidate';
import { candidatesByGroup } from '../../lib/plan/candidates';
import type { FleetProblem } from '../../lib/plan/fleet/problem';
import { type FleetAnswer, solveFleet } from '../../lib/plan/fleet/solve';
import { fitting } from '../../lib/plan/objective';
import { NO_REST } from '../../lib/plan/rest';
import { search } from '../../lib/plan/search';
import { loadPriceBook } from '../../lib/pricing/price-book';
import { QUOTA, type QuotaKey, quotaDefinition } from '../../lib/quotas/catalogue';
import { configuredLimits, quotaReader } from '../../lib/quotas/resolve';
import { SPECIALISTS } from '../../models/catalogue';
import { fleetOf } from '../support/fleet-fixtures';
import { account, environment, profiles as models } from '../support/plan-arbitraries';
import { accountWith, environmentWith, typeQuota } from '../support/plan-fixtures';

let highs: Highs;
beforeAll(async () => {
  highs = await loadHighs();
});

/** The four specialists as a fleet of four. */
const four = fc
  .record({ settings: environment, quotas: account, profiles: models })
  .map(({ settings, quotas, profiles }): FleetProblem => {
    const env = environmentWith(settings);
    const prices = loadPriceBook('us-east-1');
    return {
      context: { environment: env, region: 'us-east-1', prices, profiles },
      models: SPECIALISTS,
      limits: {
        read: quotaReader(accountWith(quotas), configuredLimits(env)),
        platform: new Map(),
        platformUsd: 0,
        budgetUsd: env.budget.monthlyUsd,
      },
    };
  });

/** What the planner's search over all partitions and candidates says, which is held against trying all elsewhere. */
function bySearch({ context, limits }: FleetProblem) {
  const { modes } = context.environment.hosting;
  const candidates = new Map(
    [...candidatesByGroup(context, SPECIALISTS)].map(([group, list]) => [
      group,
      list.filter(({ mode }) => modes.includes(mode)),
    ]),
  );
  return search({ specialists: SPECIALISTS, candidates, evaluate: fitting(limits, 'refuse') });
}

function fitted(answer: FleetAnswer): Extract<FleetAnswer, { verdict: 'fits' }> {
  if (answer.verdict !== 'fits') throw new Error(`the fleet is ${answer.verdict}`);
  return answer;
}

/** Most that a plan draws on a quota of the whole account, counted from its endpoints. */
function drawn(chosen: readonly Candidate[], key: QuotaKey): number {
  return chosen.reduce((sum, { uses }) => sum + (uses.find((use) => use.key === key)?.peak ?? 0), 0);
}

const AMPLE = 500;
/** An account with plenty of everything but what is given. */
const roomOf = (given: Readonly<Record<QuotaKey, number>>) => (key: QuotaKey) =>
  given[key] ?? (key === QUOTA.serverlessMemory ? 3072 : AMPLE);

describe('a fleet of any size', () => {
  it('is hosted as well as the exhaustive search hosts four, and blocked where that finds nothing', () => {
    const seen = { fits: 0, blocked: 0, unknown: 0 };
    fc.assert(
      fc.property(four, (problem) => {
        const answer = solveFleet(problem, highs);
        const best = bySearch(problem);
        seen[answer.verdict] += 1;
        expect(answer.verdict).toBe(best === undefined ? 'blocked' : 'fits');
        if (answer.verdict !== 'fits' || best === undefined) return;
        expect(answer.proven).toBe(true);
        const value = fitting(problem.limits, 'refuse')(answer.chosen, NO_REST) ?? [];
        const [embedded, , updateBlocked, usd = Number.NaN] = best.objective;
        expect([value[0], value[2]]).toEqual([embedded, updateBlocked]);
        // Each endpoint's bill is rounded by itself, which the program cannot see.
        expect(Math.abs(answer.monthlyUsd - usd)).toBeLessThanOrEqual(0.01 * (2 * best.chosen.length + 1));
      }),
      { numRuns: 80 },
    );
    expect(seen.fits).toBeGreaterThan(2);
    expect(seen.blocked).toBeGreaterThan(10);
  });

  const scarce = { [QUOTA.serverlessEndpoints]: 5, [QUOTA.serverlessConcurrency]: 10 };

  it('hosts every model once, inside quotas that are too small for an endpoint each', () => {
    const room = roomOf({ ...scarce, [QUOTA.endpointInstances]: 12 });
    const answer = fitted(solveFleet(fleetOf(40, 7, { room }), highs));
    expect(answer.proven).toBe(true);
    const hosted = answer.chosen.flatMap(({ specialists }) => specialists);
    expect([...hosted].sort()).toEqual(Array.from({ length: 40 }, (_, index) => `model-${index}`).sort());
    for (const key of [QUOTA.endpointInstances, ...(Object.keys(scarce) as QuotaKey[])]) {
      expect(drawn(answer.chosen, key)).toBeLessThanOrEqual(room(key));
    }
  });

  it('splits models among endpoints whose memory holds only some of them', () => {
    const only = { hosting: { modes: ['shared' as const], instanceTypes: ['ml.m6g.large'] } };
    const problem = fleetOf(300, 3, { room: roomOf({}) }, only);
    const { chosen, proven } = fitted(solveFleet(problem, highs));
    expect(proven).toBe(true);
    expect(chosen.length).toBeGreaterThan(1);
    // 8 GB, of which models may fill 70 % less the container itself.
    for (const { specialists } of chosen) {
      const mb = specialists.reduce(
        (sum, name) => sum + problem.context.profiles.specialists[name].memoryMb,
        256,
      );
      expect(mb).toBeLessThanOrEqual(8 * 1024 * 0.7);
    }
  });

  it('takes no heed of the order in which models are listed', () => {
    const problem = fleetOf(25, 11, { room: roomOf(scarce) });
    const turned = { ...problem, models: problem.models.toReversed() };
    expect(fitted(solveFleet(turned, highs)).monthlyUsd).toBe(fitted(solveFleet(problem, highs)).monthlyUsd);
  });

  it('is undecided, and never blocked, when the solver ran out of time before it found anything', () => {
    const outOfTime = {
      constants: highs.constants,
      withModel: (_source: unknown, operation: (model: unknown) => unknown) =>
        operation({
          options: { set: () => undefined },
          run: () => undefined,
          getModelStatus: () => highs.constants.modelStatus.timeLimit,
          info: { get: (name: string) => (name === 'mip_gap' ? Infinity : 0) },
        }),
    } as unknown as Highs;
    expect(solveFleet(fleetOf(30, 5, { room: roomOf(scarce) }), outOfTime)).toEqual({ verdict: 'unknown' });
  });

  it('claims no proof where the solver stopped at its limit with a plan at hand', () => {
    const problem = fleetOf(12, 5, { room: roomOf(scarce) });
    const { timeLimit, optimal } = highs.constants.modelStatus;
    const stopped = {
      constants: {
        ...highs.constants,
        modelStatus: { ...highs.constants.modelStatus, optimal: timeLimit, timeLimit: optimal },
      },
      withModel: highs.withModel.bind(highs),
    } as unknown as Highs;
    const { proven, boundUsd, monthlyUsd } = fitted(solveFleet(problem, stopped));
    expect(proven).toBe(false);
    expect(boundUsd).toBeLessThanOrEqual(monthlyUsd);
  });
});

describe('a fleet that nothing holds', () => {
  const small = { hosting: { modes: ['shared' as const], instanceTypes: ['ml.m6g.large', 'ml.c6g.large'] } };
  const none = {
    [QUOTA.endpointInstances]: 1,
    [typeQuota('ml.m6g.large')]: 0,
    [typeQuota('ml.c6g.large')]: 0,
  };

  it('is told what is missing at the least, and fits once exactly that is granted', () => {
    const answer = solveFleet(fleetOf(20, 2, { room: roomOf(none) }, small), highs);
    if (answer.verdict !== 'blocked') throw new Error(answer.verdict);
    // One type has to be raised, and the account's total with it.
    expect(answer.missing).toHaveLength(2);
    const granted = (less: number) =>
      Object.fromEntries(
        Object.entries({ ...none }).map(([key, limit]) => {
          const by = answer.missing.find((missing) => missing.key === key)?.by ?? 0;
          return [key, limit + by - (by > 0 ? less : 0)];
        }),
      );
    const after = (less: number) => solveFleet(fleetOf(20, 2, { room: roomOf(granted(less)) }, small), highs);
    expect(after(0).verdict).toBe('fits');
    expect(after(1).verdict).toBe('blocked');
  });

  it('is told by how much the budget is short', () => {
    const room = roomOf({});
    const full = fitted(solveFleet(fleetOf(10, 4, { room }, small), highs));
    const poor = solveFleet(fleetOf(10, 4, { room, budgetUsd: full.monthlyUsd - 5 }, small), highs);
    if (poor.verdict !== 'blocked') throw new Error(poor.verdict);
    expect(poor.missing).toEqual([{ key: undefined, by: expect.closeTo(5, 1) as number }]);
  });

  it('names only quotas that the catalogue knows', () => {
    const answer = solveFleet(fleetOf(20, 2, { room: () => 0 }), highs);
    if (answer.verdict !== 'blocked') throw new Error(answer.verdict);
    for (const { key } of answer.missing) expect(key && quotaDefinition(key).name).toBeTruthy();
  });
});
