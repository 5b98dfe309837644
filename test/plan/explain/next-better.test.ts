import * as fc from 'fast-check';
import { planEnvironment } from '../../../lib/plan/load-plan';
import type { Candidate } from '../../../lib/plan/candidates/candidate';
import { candidatesByGroup } from '../../../lib/plan/candidates/hosting-candidates';
import { decide } from '../../../lib/plan/decision';
import {
  type NextBetter,
  WORTH_ASKING_USD,
  nextBetter,
  raising,
} from '../../../lib/plan/explain/next-better';
import { type Limits, fitting } from '../../../lib/plan/search/objective';
import { planOf } from '../../../lib/plan/plan';
import { search } from '../../../lib/plan/search/search';
import { QUOTA, type QuotaKey, quotaDefinition, quotaKey } from '../../../lib/quotas/quota-catalogue';
import { SPECIALISTS } from '../../../models/catalogue';
import { easyCase, fewOfMany, puzzle } from '../../support/plan/arbitraries';
import { type Puzzle, partitions } from '../../support/plan/brute-force';
import { type PlanCase, decisionFor, patched, planFor, typeQuota } from '../../support/plan/plan-fixtures';

/** The case with limits set; what configuration grants is set there. */
function withLimits(given: PlanCase, limits: ReadonlyMap<QuotaKey, number>): PlanCase {
  const account = { ...given.account };
  let { environment: settings = {} } = given;
  for (const [key, limit] of limits) {
    if (key === QUOTA.provisionedConcurrency) {
      const provisionedConcurrency = { accountLimit: limit, usdPerGbSecond: 0.00001 };
      settings = patched(settings, { hosting: { serverless: { provisionedConcurrency } } });
    } else if (quotaDefinition(key).listed) {
      const initial = { limit: quotaDefinition(key).default ?? 0, used: 0 };
      account[key] = { ...(account[key] ?? initial), limit };
    } else {
      settings = patched(settings, { limits: { ...settings.limits, [key]: { value: limit } } });
    }
  }
  return { ...given, environment: settings, account };
}

const asked = ({ increases }: NextBetter) =>
  new Map(increases.map((increase) => [quotaKey(increase), increase.to] as const));

/** Whether a plan is better than another by what is promised, and can be updated. */
function isBetter(given: PlanCase, than: PlanCase): boolean {
  const [plan, base] = [planFor(given), planFor(than)];
  const stuck = (one: typeof plan) => one.ledger.some(({ verdict }) => verdict === 'update-blocked');
  if (plan.verdict !== 'fits' || stuck(plan)) return false;
  const hosted = base.topology.embedded.length - plan.topology.embedded.length;
  if (hosted !== 0) return hosted > 0;
  const saved = Math.round((base.cost.total.expected - plan.cost.total.expected) * 100) / 100;
  return stuck(base) || saved >= WORTH_ASKING_USD;
}

describe('the next better plan of prod on a new account', () => {
  const { decision, plan } = planEnvironment('prod', {});
  const better = nextBetter(decision);

  it('asks for the one type that is cheaper and brings what it promises', () => {
    expect(better?.increases).toEqual([
      expect.objectContaining({
        service: 'sagemaker',
        name: 'ml.c6g.large for endpoint usage',
        from: 0,
        to: 2,
      }),
    ]);
    expect(better).toMatchObject({ updatable: true, hosted: 4, differenceHosted: 0, differenceP95Ms: 0 });
    expect(better?.differenceUsd).toBeLessThan(0);
    expect((better?.monthlyUsd ?? 0) - (better?.differenceUsd ?? 0)).toBeCloseTo(plan.cost.total.expected, 2);
  });
});

describe('the next better plan', () => {
  it('is left out where nothing better exists', () => {
    expect(nextBetter(planEnvironment('dev', {}).decision)).toBeUndefined();
  });

  it('is left out where the plan does not fit: its own increases are the smallest set', () => {
    const { decision, plan } = planEnvironment('prod', {}, { snapshot: 'mini-xdr-2025-11' });
    expect(plan.increases).not.toEqual([]);
    expect(nextBetter(decision)).toBeUndefined();
  });

  it('hosts on SageMaker what one more unit of concurrency would hold', () => {
    const given: PlanCase = {
      environment: { hosting: { modes: ['serverless', 'embedded'] } },
      account: { [QUOTA.serverlessConcurrency]: { limit: 2, used: 0 } },
    };
    expect(nextBetter(decisionFor(given))).toMatchObject({
      increases: [{ code: 'L-96300102', from: 2, to: 3 }],
      hosted: 3,
      differenceHosted: 1,
    });
  });

  it('may be one that leaves what runs where it is, though it costs more', () => {
    const found = nextBetter(
      decisionFor({
        environment: { hosting: { modes: ['serverless', 'shared'], moveThresholdUsd: 100 } },
        account: { [typeQuota('ml.m6g.large')]: { limit: 1, used: 0 } },
        current: { endpoints: ['mini-xdr-test-all-shared-m6g-large'] },
      }),
    );
    expect(found).toMatchObject({
      increases: [{ name: 'ml.m6g.large for endpoint usage', from: 1, to: 2 }],
      differenceMoved: -4,
    });
    expect(found?.differenceUsd).toBeGreaterThan(0);
  });

  it.each([
    [0.05, false],
    [2, true],
  ])('that saves %d USD a month is worth asking for: %s', (savedUsd, worth) => {
    const { input } = planEnvironment('prod', {}).decision;
    const { prices, hoursPerMonth } = input.prices;
    const price = (type: string) => {
      const found = prices[`sagemaker.hosting.${type}`];
      if (found === undefined) throw new Error(`no price of ${type}`);
      return found;
    };
    const own = price('ml.m6g.large').usd;
    const book = Object.fromEntries(
      Object.entries(prices).map(([key, value]) => {
        const isCheaper = key.startsWith('sagemaker.hosting.') && value.usd < own;
        return [key, isCheaper ? { ...value, usd: own } : value];
      }),
    );
    book['sagemaker.hosting.ml.c6g.large'] = {
      ...price('ml.c6g.large'),
      usd: own - savedUsd / hoursPerMonth,
    };
    const decision = decide({ ...input, prices: { ...input.prices, prices: book } });
    expect(nextBetter(decision) !== undefined).toBe(worth);
  });

  it('says where a limit is raised by a support case only', () => {
    const profiles = structuredClone(planEnvironment('dev', {}).decision.context.profiles);
    profiles.specialists.general = { ...profiles.specialists.general, memoryMb: 3000 };
    const found = nextBetter(
      decisionFor({ environment: { hosting: { modes: ['serverless', 'embedded'] } }, profiles }),
    );
    expect(found?.increases).toEqual([expect.objectContaining({ code: 'serverless-memory-mb', to: 4096 })]);
    expect(found?.increases[0]?.justification).toContain('support case');
  });

  it('comes true once exactly its increases are granted, and with one unit less of any it does not', () => {
    let found = 0;
    fc.assert(
      fc.property(easyCase, (given) => {
        const better = nextBetter(decisionFor(given));
        if (better === undefined) return;
        found += 1;
        const limits = asked(better);
        const granted = withLimits(given, limits);
        const plan = planFor(granted);
        expect(plan.topology).toEqual(better.topology);
        expect(plan.cost.total.expected).toBe(better.monthlyUsd);
        if (better.updatable) expect(isBetter(granted, given)).toBe(true);
        for (const [key, limit] of limits) {
          expect(isBetter(withLimits(given, new Map([...limits, [key, limit - 1]])), given)).toBe(false);
        }
      }),
      { numRuns: 30 },
    );
    expect(found).toBeGreaterThan(0);
  });

  it.each([
    ['types without quota', easyCase],
    ['a few instances of each of many types', fewOfMany],
  ])('misses nothing by leaving out dominated types: %s', (_name, cases) => {
    fc.assert(
      fc.property(cases, (given) => {
        const decision = decisionFor(given);
        if (!decision.fits) return;
        const { modes } = decision.context.environment.hosting;
        const allowed = (options: ReadonlyMap<string, readonly Candidate[]>) =>
          new Map([...options].map(([key, list]) => [key, list.filter(({ mode }) => modes.includes(mode))]));
        const best = (options: ReadonlyMap<string, readonly Candidate[]>) =>
          search({ specialists: SPECIALISTS, candidates: allowed(options), evaluate: raising(decision) })
            ?.objective;
        expect(best(decision.options)).toEqual(best(candidatesByGroup(decision.context, SPECIALISTS)));
      }),
      { numRuns: 30 },
    );
  });
});

function products<T>(lists: readonly (readonly T[])[]): T[][] {
  return lists.reduce<T[][]>(
    (sofar, list) => sofar.flatMap((head) => list.map((item) => [...head, item])),
    [[]],
  );
}

/** What a selection needs of each quota to be deployed and updated, less what is left, from the definitions. */
function missing({ room }: Puzzle, selection: readonly Candidate[]): number[] | undefined {
  const short: number[] = [];
  for (const [key, left] of room) {
    const uses = selection.flatMap((candidate) => candidate.uses.filter((use) => use.key === key));
    if (uses.length === 0) continue;
    if (left === undefined) return undefined;
    const each = (of: 'steady' | 'peak' | 'surge') => uses.map((use) => use[of]);
    const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
    const need =
      key === QUOTA.instancesPerEndpoint
        ? Math.max(...each('steady'), ...each('peak'))
        : Math.max(sum(each('peak')), sum(each('steady')) + Math.max(...each('surge')));
    if (need > left) short.push(need - left);
  }
  return short;
}

describe('the search for the smallest set of increases', () => {
  const limitsOf = ({ room, budgetUsd }: Puzzle): Limits => ({
    read: (key) => ({
      definition: quotaDefinition(key),
      limit: room.get(key),
      origin: 'applied',
      usedByOthers: 0,
      usageOrigin: 'read',
      assumed: false,
    }),
    platform: new Map(),
    platformUsd: 0,
    budgetUsd,
  });

  it('finds what trying every partition and candidate finds', () => {
    let found = 0;
    fc.assert(
      fc.property(puzzle, (problem) => {
        const limits = limitsOf(problem);
        const selected = search({ ...problem, evaluate: fitting(limits, 'refuse') })?.chosen;
        if (selected === undefined) return;
        const embedded = (list: readonly Candidate[]) => list.filter(({ endpoint }) => !endpoint).length;
        const usd = (list: readonly Candidate[]) => list.reduce((sum, { monthlyUsd }) => sum + monthlyUsd, 0);
        const stuck = missing(problem, selected)?.length !== 0;
        const values = partitions(problem.specialists)
          .flatMap((groups) => products(groups.map((group) => problem.candidates.get(group.join('+')) ?? [])))
          .flatMap((list) => {
            const short = missing(problem, list);
            const broken = list.some((candidate) => candidate.broken.length > 0);
            if (short === undefined || short.length === 0 || broken || usd(list) > problem.budgetUsd)
              return [];
            const better =
              embedded(list) < embedded(selected) ||
              (embedded(list) === embedded(selected) &&
                (stuck || usd(list) <= usd(selected) - WORTH_ASKING_USD));
            const units = short.reduce((a, b) => a + b, 0);
            return better ? [[short.length, units, embedded(list), usd(list), 0, list.length]] : [];
          });
        const [best] = values.sort(
          (a, b) => a.map((value, at) => value - (b[at] ?? 0)).find((d) => d !== 0) ?? 0,
        );
        if (best !== undefined) found += 1;
        const answer = search({ ...problem, evaluate: raising({ limits, running: undefined, selected }) });
        expect(answer?.objective).toEqual(best);
      }),
      { numRuns: 250 },
    );
    expect(found).toBeGreaterThan(3);
  });
});

describe('a decision that is explained', () => {
  it('is the one that the plan was made of', () => {
    const { decision, plan } = planEnvironment('prod', {});
    expect(planOf(decide(decision.input))).toEqual(plan);
  });
});
