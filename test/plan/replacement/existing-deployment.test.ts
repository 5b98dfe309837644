import * as fc from 'fast-check';
import {
  type DeployedPlan,
  recordedPlan,
  deployedPlanOf,
} from '../../../lib/plan/replacement/existing-deployment';
import type { DeploymentPlan } from '../../../lib/plan/deployment-plan';
import { planDeployment } from '../../../lib/plan/plan';
import { loadPriceBook } from '../../../lib/pricing/price-book';
import { QUOTA } from '../../../lib/quotas/quota-catalogue';
import { SPECIALISTS } from '../../../models/catalogue';
import { SOME_TYPES, environment, planCase, runningNames } from '../../support/plan/arbitraries';
import {
  type PlanCase,
  accountWith,
  environmentWith,
  errorsOf,
  patched,
  planFor,
  typeQuota,
} from '../../support/plan/plan-fixtures';

const names = ({ topology }: DeploymentPlan) => topology.endpoints.map(({ name }) => name);
const ids = ({ findings }: DeploymentPlan) => findings.map(({ id }) => id);
const factsOf = ({ findings }: DeploymentPlan, id: string) => findings.find((one) => one.id === id)?.facts;
const running = (...endpoints: string[]): DeployedPlan => ({ endpoints });

const [M6G, C6G] = ['test-all-shared-m6g-large', 'test-all-shared-c6g-large'].map(
  (name) => `mini-xdr-${name}`,
) as [string, string];

/** Everything on one shared endpoint, of two types with room for both; the second is cheaper. */
const TWO_TYPES: PlanCase = {
  environment: { hosting: { modes: ['shared'], instanceTypes: ['ml.m6g.large', 'ml.c6g.large'] } },
  account: {
    [typeQuota('ml.m6g.large')]: { limit: 10, used: 0 },
    [typeQuota('ml.c6g.large')]: { limit: 10, used: 0 },
    [QUOTA.endpointInstances]: { limit: 20, used: 0 },
  },
};
const withThreshold = (moveThresholdUsd: number, current: DeployedPlan): PlanCase => ({
  ...TWO_TYPES,
  environment: patched(TWO_TYPES.environment ?? {}, { hosting: { moveThresholdUsd } }),
  current,
});

/** What the cheaper of the two types saves a month. */
const savingUsd = (() => {
  const [dear, cheap] = [['ml.m6g.large'], ['ml.c6g.large']].map((instanceTypes) =>
    planFor({
      ...TWO_TYPES,
      environment: patched(TWO_TYPES.environment ?? {}, { hosting: { instanceTypes } }),
    }),
  );
  return Math.round(((dear?.cost.total.expected ?? 0) - (cheap?.cost.total.expected ?? 0)) * 100) / 100;
})();

describe('a plan for an environment that runs another one', () => {
  it('takes the cheapest where nothing runs', () => {
    expect(savingUsd).toBeGreaterThan(4);
    expect(names(planFor(TWO_TYPES))).toEqual([C6G]);
    expect(names(planFor({ ...TWO_TYPES, current: running() }))).toEqual([C6G]);
  });

  it('keeps what runs where a move saves no more than the threshold of each specialist, and says so', () => {
    const plan = planFor(withThreshold(savingUsd / 4, running(M6G)));
    expect(names(plan)).toEqual([M6G]);
    expect(factsOf(plan, 'kept-running-plan')).toEqual({
      savingUsd,
      thresholdUsd: savingUsd / 4,
      moved: 4,
      specialists: SPECIALISTS.join(', '),
      to: C6G,
    });
    expect(ids(plan)).not.toContain('moves-specialists');
  });

  it('moves where that saves a cent more than the threshold, and says what goes and what comes', () => {
    const plan = planFor(withThreshold((savingUsd - 0.01) / 4, running(M6G)));
    expect(names(plan)).toEqual([C6G]);
    expect(factsOf(plan, 'moves-specialists')).toMatchObject({
      specialists: SPECIALISTS.join(', '),
      from: M6G,
      to: C6G,
    });
    expect(ids(plan)).not.toContain('kept-running-plan');
  });

  it('holds the threshold against each specialist that moves, ten dollars by default', () => {
    expect(names(planFor({ ...TWO_TYPES, current: running(M6G) }))).toEqual([M6G]);
    expect(environmentWith().hosting.moveThresholdUsd).toBe(10);
  });

  it('stays at a threshold of nothing where nothing is saved, and moves for a cent', () => {
    const book = loadPriceBook('us-east-1');
    const priced = (cheaper: number) => {
      const key = 'sagemaker.hosting.ml.c6g.large';
      const [m6g, c6g] = [book.prices['sagemaker.hosting.ml.m6g.large'], book.prices[key]];
      if (m6g === undefined || c6g === undefined) throw new Error('no price');
      return { ...book, prices: { ...book.prices, [key]: { ...c6g, usd: m6g.usd - cheaper } } };
    };
    const at = (cheaper: number) => planFor({ ...withThreshold(0, running(M6G)), prices: priced(cheaper) });
    expect(names(at(0))).toEqual([M6G]);
    expect(names(at(0.0001))).toEqual([C6G]);
  });

  it('moves whatever the threshold where what runs no longer fits', () => {
    const given = withThreshold(1000, running(M6G));
    const account = { ...given.account, [typeQuota('ml.m6g.large')]: { limit: 0, used: 0 } };
    const plan = planFor({ ...given, account });
    expect(names(plan)).toEqual([C6G]);
    expect(plan.verdict).toBe('fits');
  });

  it('takes a change of memory for an update in place', () => {
    const serverless = { hosting: { modes: ['serverless' as const] } };
    const before = planFor({ environment: serverless });
    const traffic = { averageRps: 1, peakRps: 6 };
    const after = planFor({
      environment: { ...serverless, traffic: { ddos: traffic } },
      current: running(...names(before)),
    });
    expect(names(after)).toEqual(names(before));
    expect(ids(after)).not.toContain('moves-specialists');
  });

  it('names the Lambda where a specialist had no endpoint', () => {
    const plan = planFor({ ...TWO_TYPES, current: running('mini-xdr-test-general-serverless') });
    expect(factsOf(plan, 'moves-specialists')).toMatchObject({
      from: 'mini-xdr-test-general-serverless and the inside of the inference Lambda',
      counted: 'not known',
    });
  });
});

describe('an old and a new endpoint side by side', () => {
  const forced = (limit: number, held: number) => {
    const given = withThreshold(0, {
      endpoints: [M6G],
      held: new Map([[QUOTA.endpointInstances, held]]),
    });
    const account = {
      ...given.account,
      [typeQuota('ml.m6g.large')]: { limit: 0, used: 0 },
      [QUOTA.endpointInstances]: { limit, used: held, own: held },
    };
    return planFor({ ...given, account });
  };
  const instances = ({ ledger }: DeploymentPlan) =>
    ledger.find(({ service, code }) => `${service}/${code}` === QUOTA.endpointInstances);

  it('are counted together while the new one is created', () => {
    const plan = forced(4, 3);
    expect(plan.verdict).toBe('fits');
    expect(instances(plan)).toMatchObject({ steady: 1, updatePeak: 4, headroom: 0, verdict: 'fits' });
  });

  it('block the plan where there is no room for both, with exactly the increase that both need', () => {
    const plan = forced(3, 3);
    expect(plan.verdict).toBe('blocked');
    expect(errorsOf(plan)).toEqual(['replacement-exceeds-quota']);
    expect(factsOf(plan, 'replacement-exceeds-quota')).toMatchObject({ needed: 4, limit: 3, replaced: M6G });
    expect(plan.increases).toMatchObject([{ code: QUOTA.endpointInstances.split('/')[1], from: 3, to: 4 }]);
  });

  it('keep what runs where it still fits and a better plan has no room beside it', () => {
    const given = withThreshold(0, { endpoints: [M6G], held: new Map([[QUOTA.endpointInstances, 2]]) });
    const account = { ...given.account, [QUOTA.endpointInstances]: { limit: 2, used: 2, own: 2 } };
    const plan = planFor({ ...given, account });
    expect(names(plan)).toEqual([M6G]);
    expect(plan.verdict).toBe('fits');
    expect(factsOf(plan, 'better-plan-out-of-reach')).toMatchObject({
      to: C6G,
      quota: QUOTA.endpointInstances,
      needed: 3,
      left: 2,
      gain: `save ${savingUsd.toFixed(2)} USD a month`,
    });
  });

  it('leave the dearer type in the choice where the cheaper one is held by what runs', () => {
    const held = new Map([[typeQuota('ml.c6g.large'), 5000]]);
    const given = withThreshold(0, { endpoints: ['mini-xdr-test-ddos-dedicated-c6g-large'], held });
    const account = { ...given.account, [typeQuota('ml.c6g.large')]: { limit: 5000, used: 0 } };
    expect(names(planFor({ ...given, account }))).toEqual([M6G]);
  });

  it('leave no spare concurrency to an endpoint that another still holds', () => {
    const general = 'mini-xdr-test-general-serverless';
    const settings = { hosting: { modes: ['serverless' as const], serverless: { burstConcurrency: 8 } } };
    const account = { [QUOTA.serverlessConcurrency]: { limit: 12, used: 4, own: 4 } };
    const drawn = (current: DeployedPlan) =>
      planFor({ environment: settings, account, current }).topology.endpoints.reduce(
        (sum, endpoint) => sum + (endpoint.mode === 'serverless' ? endpoint.maxConcurrency : 0),
        0,
      );
    const held = new Map([[QUOTA.serverlessConcurrency, 4]]);
    expect(drawn(running())).toBe(12);
    expect(drawn({ endpoints: [general, C6G], held })).toBeLessThanOrEqual(12 - 4 + 1);
  });
});

describe('what runs', () => {
  const snapshot = {
    ...accountWith(TWO_TYPES.account),
    running: ['mini-xdr-test-2-all-shared-m6g-large', M6G, 'other'],
  };
  const planOn = (current?: DeployedPlan) =>
    planDeployment({
      environment: environmentWith(TWO_TYPES.environment),
      target: { region: 'us-east-1' },
      snapshot,
      prices: loadPriceBook('us-east-1'),
      ...(current === undefined ? {} : { current }),
    });

  it('is what the snapshot recorded of the environment itself, unless it is given', () => {
    expect(names(planOn())).toEqual([M6G]);
    expect(names(planOn(running()))).toEqual([C6G]);
    expect(recordedPlan(snapshot, 'test')?.endpoints).toEqual([M6G]);
    expect(recordedPlan(snapshot, 'test-2')?.endpoints).toEqual(['mini-xdr-test-2-all-shared-m6g-large']);
    expect(recordedPlan(snapshot, 'prod')).toBeUndefined();
    expect(recordedPlan(accountWith(), 'test')).toBeUndefined();
  });

  it('holds what the account says that its own stacks hold', () => {
    const quotas = accountWith({ [QUOTA.endpointInstances]: { limit: 9, used: 5, own: 3 } }).quotas;
    expect(recordedPlan({ ...snapshot, quotas }, 'test')?.held?.get(QUOTA.endpointInstances)).toBe(3);
  });

  it('holds what its report says where that is given', () => {
    const plan = planFor({
      environment: { availability: { minInstances: 2 }, hosting: { modes: ['shared'] } },
    });
    const { held, endpoints } = deployedPlanOf(plan.topology.endpoints);
    expect(endpoints).toEqual(names(plan));
    expect([held?.get(QUOTA.endpointInstances), held?.get(QUOTA.scalableTargets)]).toEqual([2, 1]);
  });
});

describe('any plan', () => {
  /** An account that most plans fit into: of others it would prove little. */
  const ample = Object.fromEntries(
    [...SOME_TYPES.map(typeQuota), QUOTA.endpointInstances, QUOTA.serverlessConcurrency].map((key) => [
      key,
      { limit: 5000, used: 0 },
    ]),
  );
  const movable = fc.record({ after: environment, before: environment });
  const runningOf = (plan: DeploymentPlan): DeployedPlan => ({ endpoints: names(plan) });
  const homes = ({ topology }: DeploymentPlan) =>
    SPECIALISTS.map(
      (name) => topology.endpoints.find(({ specialists }) => specialists.includes(name))?.name ?? 'lambda',
    );

  it('is its own next plan: what was deployed is planned again', () => {
    fc.assert(
      fc.property(planCase, runningNames('test'), (given, endpoints) => {
        const first = planFor({ ...given, current: running(...endpoints) });
        const again = planFor({ ...given, current: runningOf(first) });
        expect(again.topology).toEqual(first.topology);
        expect(ids(again)).not.toContain('moves-specialists');
      }),
      { numRuns: 15 },
    );
  });

  it('moves nothing, after any change of the environment, that does not save the threshold for each specialist', () => {
    let [kept, moved] = [0, 0];
    fc.assert(
      fc.property(movable, ({ after, before }) => {
        const given: PlanCase = { environment: after, account: ample };
        const earlier = planFor({
          ...given,
          environment: { ...before, hosting: after.hosting ?? {} },
        });
        if (earlier.topology.endpoints.length === 0) return;
        const now = planFor({ ...given, current: runningOf(earlier) });
        const count = homes(now).filter((home, index) => home !== homes(earlier)[index]).length;
        const free = planFor(given);
        if (now.verdict !== 'fits' || free.verdict !== 'fits') return;
        const threshold = now.environment.hosting.moveThresholdUsd;
        const saved = now.cost.total.expected - free.cost.total.expected;
        const freed = homes(free).filter((home, index) => home !== homes(earlier)[index]).length;
        const same = (a: DeploymentPlan, b: DeploymentPlan) =>
          a.topology.embedded.length === b.topology.embedded.length;
        // What is not saved by moving more than was moved is less than that would have to save.
        if (same(now, free)) expect(saved).toBeLessThanOrEqual(threshold * (freed - count) + 0.005);
        expect(count).toBeLessThanOrEqual(freed);
        if (count === 0) kept += 1;
        else moved += 1;
      }),
      { numRuns: 50 },
    );
    expect(Math.min(kept, moved)).toBeGreaterThan(0);
  });

  it('does not depend on the order in which running endpoints are written, or how often', () => {
    fc.assert(
      fc.property(planCase, runningNames('test'), (given, endpoints) => {
        const plan = planFor({ ...given, current: running(...endpoints) });
        const turned = running(...endpoints.toReversed(), ...endpoints);
        expect(planFor({ ...given, current: turned })).toEqual(plan);
      }),
      { numRuns: 15 },
    );
  });
});
