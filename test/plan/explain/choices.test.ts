import * as fc from 'fast-check';
import { loadInput } from '../../../lib/plan/load-plan';
import { loadEnvironment } from '../../../lib/config/load-environment';
import { HOSTING_MODES } from '../../../lib/config/environment';
import { type Choice, choices } from '../../../lib/plan/explain/choices';
import { decide } from '../../../lib/plan/decision';
import { planOf } from '../../../lib/plan/plan';
import { QUOTA } from '../../../lib/quotas/quota-catalogue';
import { SPECIALISTS } from '../../../models/catalogue';
import { easyCase, planCase } from '../../support/plan/arbitraries';
import { type PlanCase, decisionFor, patched, planFor, typeQuota } from '../../support/plan/plan-fixtures';
import { TEST_PROFILES } from '../../support/plan/plan-profiles';

const shipped = (name: string) =>
  choices(decide({ ...loadInput(loadEnvironment(name), {}).input, profiles: TEST_PROFILES }));
const of = (given: PlanCase) => choices(decisionFor(given));
const first = (list: readonly Choice[]): Choice => {
  const [choice] = list;
  if (choice === undefined) throw new Error('no choice');
  return choice;
};
const other = ({ others }: Choice, name: string) =>
  others.find(({ mode, instanceType }) => (instanceType ?? mode) === name);

describe('why dev is hosted as it is', () => {
  const list = shipped('dev');

  it('is said of every specialist, with the quota that stands against instances', () => {
    expect(list.map(({ specialist }) => specialist)).toEqual(SPECIALISTS);
    for (const { why } of list) {
      expect(why).toMatch(
        /^serverless, \d+ MB, because dedicated and shared would need 2 of “Number of instances/,
      );
      expect(why).toContain('and none is left');
      expect(why).toContain('embedded may not be used');
    }
  });

  it('gives every other mode with its cost for the whole environment, its latency and its shortfall', () => {
    expect(other(first(list), 'dedicated')).toMatchObject({
      feasible: false,
      p95Ms: 50,
      shortfalls: [expect.objectContaining({ code: 'L-7A3DF611', needed: 2, left: 0, shortBy: 2 })],
    });
    expect(other(first(list), 'dedicated')?.differenceUsd).toBeGreaterThan(0);
    expect(other(first(list), 'embedded')?.reason).toContain('hosting.modes does not allow embedded');
  });
});

describe('why prod is hosted as it is', () => {
  const list = shipped('prod');

  it('names the promise that a cheaper mode would break', () => {
    for (const choice of list) {
      expect(choice.why).toMatch(
        /^shared on ml\.m6g\.large, because serverless would let requests wait about 8000 ms/,
      );
      expect(other(choice, 'serverless')?.feasible).toBe(false);
    }
  });

  it('says of cheaper types what is short, or what they cannot do', () => {
    const choice = first(list);
    expect(other(choice, 'ml.c6g.large')).toMatchObject({ feasible: false });
    expect(other(choice, 'ml.c6g.large')?.reason).toContain('you have 0: short by 2');
    expect(other(choice, 'ml.t2.medium')?.reason).toContain('a burstable type cannot scale');
    expect(choice.moreTypes?.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThan(0);
  });

  it('says what set memory, counts and updates, in figures', () => {
    expect(first(list).sizing).toEqual([
      'memory: container and models need 384 of 5734 MB usable',
      'minimum 1: availability.minInstances',
      expect.stringMatching(/^first 1: 0\.055 vCPUs busy at average load × safety factor 2 ÷ 2 vCPUs take 1/),
      expect.stringMatching(
        /^maximum 2: 0\.55 vCPUs busy at peak × safety factor 2 ÷ 2 vCPUs take 1, and .* one more/,
      ),
      'updates all at once, a second fleet beside the first: 2 instances while updating at average load',
    ]);
  });
});

describe('the size of a serverless endpoint', () => {
  it('is explained by busy slots, the throttled share and what was spare', () => {
    const [choice] = of({
      environment: { hosting: { modes: ['serverless'], serverless: { burstConcurrency: 3 } } },
      account: { [QUOTA.serverlessConcurrency]: { limit: 8, used: 0 } },
    });
    expect(choice?.sizing[1]).toMatch(
      /^concurrency 2: 2 requests\/s at peak × [\d.]+ ms × safety factor 2 keep [\d.]+ busy; 1 throttles at most 5 % of them, and 1 more was spare/,
    );
  });
});

describe('a cheaper type', () => {
  const on = (patch: PlanCase) =>
    first(
      of({
        environment: patched({ hosting: { modes: ['dedicated', 'shared'] } }, patch.environment ?? {}),
        account: {
          [QUOTA.endpointInstances]: { limit: 20, used: 0 },
          [typeQuota('ml.m6g.large')]: { limit: 20, used: 0 },
        },
        ...(patch.profiles === undefined ? {} : { profiles: patch.profiles }),
      }),
    );

  it('that the environment does not allow is out for that', () => {
    const choice = on({ environment: { hosting: { instanceTypes: ['ml.m6g.large'] } } });
    expect(other(choice, 'ml.c6g.large')?.reason).toContain('not in hosting.instanceTypes');
  });

  it('that is too small says how much is needed and how much is there', () => {
    const specialists = Object.fromEntries(
      SPECIALISTS.map((name) => [name, { ...TEST_PROFILES.specialists[name], memoryMb: 1200 }]),
    ) as typeof TEST_PROFILES.specialists;
    const choice = on({ profiles: { ...TEST_PROFILES, specialists } });
    expect(choice.mode).toBe('shared');
    expect(choice.others.map(({ reason }) => reason).join()).toMatch(
      /too little memory: needs 5056 of \d+ MB usable/,
    );
  });
});

describe('the choices of any case', () => {
  it('name the home of every specialist, and hold every other mode against it', () => {
    fc.assert(
      fc.property(planCase, (given) => {
        const decision = decisionFor(given);
        const { endpoints, embedded } = planOf(decision).topology;
        for (const { specialist, mode, endpoint, others, why } of choices(decision)) {
          const home = endpoints.find(({ specialists }) => specialists.includes(specialist));
          expect(endpoint).toBe(home?.name);
          expect(mode).toBe(home?.mode ?? 'embedded');
          if (home === undefined) expect(embedded).toContain(specialist);
          const modes = others.flatMap((one) => (one.instanceType === undefined ? [one.mode] : []));
          expect(modes).toEqual(HOSTING_MODES.filter((one) => one !== mode));
          for (const one of modes) expect(why).toContain(one);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('give no reason that is empty, and no other home that would have been better', () => {
    let compared = 0;
    fc.assert(
      fc.property(easyCase, (given) => {
        const decision = decisionFor(given);
        if (!decision.fits) return;
        for (const { others, mode } of choices(decision)) {
          for (const { feasible, differenceUsd = 0, reason, instanceType, shortfalls = [] } of others) {
            expect(reason).toMatch(/\w/);
            if (instanceType !== undefined) expect(reason).toMatch(/; \w/);
            const hosts = !/specialists? fewer on SageMaker/.test(reason);
            if (!feasible || !hosts || mode === 'embedded') continue;
            compared += 1;
            if (shortfalls.length === 0) expect(differenceUsd).toBeGreaterThanOrEqual(0);
          }
        }
      }),
      { numRuns: 35 },
    );
    expect(compared).toBeGreaterThan(1);
  });

  it('cost for a forced mode what the planner finds when every specialist may only use it', () => {
    let compared = 0;
    fc.assert(
      fc.property(planCase, (given) => {
        const environment = patched(given.environment ?? {}, {
          hosting: { modes: ['serverless', 'shared'], instanceTypes: ['ml.m6g.large'] },
          latency: { coldStarts: 'accepted', p95Ms: 300 },
          budget: { monthlyUsd: 20_000 },
        });
        const ample = { limit: 500, used: 0 };
        const account = {
          ...given.account,
          [QUOTA.endpointInstances]: ample,
          [QUOTA.instancesPerEndpoint]: ample,
          [QUOTA.scalableTargets]: ample,
          [typeQuota('ml.m6g.large')]: ample,
        };
        const decision = decisionFor({ account, environment });
        const only = planFor({
          account,
          environment: patched(environment, { hosting: { modes: ['shared'] } }),
        });
        const shared = choices(decision).map((choice) => other(choice, 'shared'));
        if (only.verdict !== 'fits' || !decision.fits) return;
        for (const home of shared) {
          if (home === undefined) continue;
          compared += 1;
          // Whatever hosts all four that way hosts one of them that way.
          expect(home.feasible).toBe(true);
          if (!home.shortfalls) expect(home.monthlyUsd).toBeLessThanOrEqual(only.cost.total.expected);
        }
      }),
      { numRuns: 40 },
    );
    expect(compared).toBeGreaterThan(0);
  });
});
