import * as fc from 'fast-check';
import type { EnvironmentInput } from '../../../lib/config/environment-input';
import { HOSTING_MODES } from '../../../lib/config/environment';
import type { Candidate } from '../../../lib/plan/candidates/candidate';
import type { Use } from '../../../lib/plan/demand/quota-ledger';
import { endpointName, typeInName } from '../../../lib/config/resource-names';
import type { ModelProfiles } from '../../../lib/plan/hosting/model-profile';
import { HOSTING_TYPES, QUOTA, type QuotaKey } from '../../../lib/quotas/quota-catalogue';
import { SPECIALISTS, type Specialist } from '../../../models/catalogue';
import type { Puzzle, PuzzleRunning } from './brute-force';
import { type Patch, type PlanCase, type Reading, patched, typeQuota } from './plan-fixtures';
import { TEST_PROFILES } from './plan-profiles';

/** Quotas that puzzles are about: two that add up, one that holds for each single endpoint. */
const PUZZLE_QUOTAS: readonly QuotaKey[] = [
  QUOTA.endpointInstances,
  QUOTA.serverlessConcurrency,
  QUOTA.instancesPerEndpoint,
];

/** Types that differ in price, size, default quota, architecture and whether they burst. */
export const SOME_TYPES = [
  'ml.t2.medium',
  'ml.c6g.large',
  'ml.m6g.large',
  'ml.m6g.xlarge',
  'ml.m5.large',
  'ml.c5.xlarge',
] as const;

const small = (max: number) => fc.integer({ min: 0, max });

const useOf = (key: QuotaKey): fc.Arbitrary<Use> =>
  fc.record({ key: fc.constant(key), steady: small(3), peak: small(4), surge: small(3) });

function candidateOf(group: readonly Specialist[]): fc.Arbitrary<Candidate> {
  return fc
    .record({
      uses: fc.tuple(...PUZZLE_QUOTAS.map((key) => fc.option(useOf(key), { nil: undefined, freq: 2 }))),
      broken: fc.constantFrom([], [], [], ['p95' as const]),
      monthlyUsd: small(20),
      embedded: fc.integer({ min: 0, max: 4 }).map((dice) => dice === 0 && group.length === 1),
      id: fc.uuid(),
    })
    .map(({ uses, broken, monthlyUsd, embedded, id }) => ({
      specialists: group,
      mode: embedded ? 'embedded' : 'dedicated',
      endpoint: embedded
        ? undefined
        : {
            name: id,
            mode: 'serverless',
            specialists: [group[0] ?? 'general'],
            memoryMb: 1024,
            maxConcurrency: 1,
            scaling: { kind: 'on-demand' },
            updateStrategy: 'managed',
            p95Ms: 1,
          },
      uses: embedded ? [] : uses.filter((use) => use !== undefined),
      broken,
      monthlyUsd,
      p95Ms: 1,
      key: id,
    }));
}

const groupsOf = (specialists: readonly Specialist[]) =>
  Array.from({ length: 2 ** specialists.length - 1 }, (_, mask) =>
    specialists.filter((_name, bit) => ((mask + 1) >> bit) & 1),
  );

/** Nothing, or up to three of the endpoints that there are candidates for. */
const runningOf = (
  candidates: readonly Candidate[],
): fc.Arbitrary<{ readonly running?: PuzzleRunning | undefined }> => {
  const names = candidates.flatMap(({ endpoint }) => endpoint?.name ?? []);
  return fc
    .record({
      endpoints: fc.subarray(names, { maxLength: Math.min(3, names.length) }),
      held: fc.tuple(
        ...[QUOTA.endpointInstances, QUOTA.serverlessConcurrency].map((key) =>
          fc.option(small(3), { nil: undefined }).map((amount) => [key, amount] as const),
        ),
      ),
      thresholdUsd: small(6),
    })
    .map(({ endpoints, held, thresholdUsd }) => {
      const known = held.flatMap(([key, amount]) => (amount === undefined ? [] : [[key, amount] as const]));
      return endpoints.length === 0 ? {} : { running: { endpoints, held: new Map(known), thresholdUsd } };
    });
};

/** Small problems over two to four specialists, with at most three candidates a group and some groups without any. */
export const puzzle: fc.Arbitrary<Puzzle> = fc.integer({ min: 2, max: 4 }).chain((size) => {
  const specialists = SPECIALISTS.slice(0, size);
  const groups = groupsOf(specialists);
  return fc
    .record({
      candidates: fc.tuple(
        ...groups.map((group) => fc.array(candidateOf(group), { maxLength: group.length === 1 ? 3 : 2 })),
      ),
      room: fc.tuple(
        ...PUZZLE_QUOTAS.map(() => fc.option(fc.integer({ min: -2, max: 9 }), { nil: undefined })),
      ),
      budgetUsd: small(50),
    })
    .chain(({ candidates, room, budgetUsd }) =>
      runningOf(candidates.flat()).map((current) => ({
        specialists,
        candidates: new Map(groups.map((group, index) => [group.join('+'), candidates[index] ?? []])),
        room: new Map(PUZZLE_QUOTAS.map((key, index) => [key, room[index]])),
        budgetUsd,
        ...(current.running === undefined ? {} : { running: current.running }),
      })),
    );
});

/** A reading of a quota: mostly known, sometimes without limit or usage, sometimes used up or exceeded. */
const reading = (most: number): fc.Arbitrary<Reading> =>
  fc
    .record({
      limit: fc.option(small(most), { nil: undefined, freq: 8 }),
      used: fc.option(fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, small(most)), {
        nil: undefined,
        freq: 8,
      }),
      own: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, small(4)),
    })
    .map(({ limit, used, own }) => ({
      ...(limit === undefined ? {} : { limit }),
      ...(used === undefined ? {} : { used }),
      own,
    }));

/** More than any plan could use. */
const AMPLE: fc.Arbitrary<Reading> = fc.constant({ limit: 5000, used: 0 });

/** What an account's SageMaker quotas may look like. */
export const account: fc.Arbitrary<Readonly<Record<QuotaKey, Reading>>> = fc.record(
  Object.fromEntries([
    [QUOTA.endpointInstances, fc.oneof({ weight: 4, arbitrary: reading(60) }, AMPLE)],
    [QUOTA.instancesPerEndpoint, reading(30)],
    [QUOTA.serverlessConcurrency, reading(60)],
    [QUOTA.serverlessEndpoints, reading(10)],
    [QUOTA.scalableTargets, reading(20)],
    ...SOME_TYPES.map(
      (name) => [typeQuota(name), fc.oneof({ weight: 2, arbitrary: reading(30) }, AMPLE)] as const,
    ),
  ]),
);

const traffic = fc
  .record({
    tenths: small(400),
    factor: fc.integer({ min: 1, max: 6 }),
    peakHoursPerDay: fc.constantFrom(0, 2, 2, 9, 24),
  })
  .map(({ tenths, factor, peakHoursPerDay }) => ({
    averageRps: tenths / 10,
    peakRps: (tenths / 10) * factor,
    peakHoursPerDay,
  }));

/** Environments without a platform: any traffic, promises, budget, modes and types. */
export const environment: fc.Arbitrary<Patch<EnvironmentInput>> = fc.record({
  traffic: fc.record({ general: traffic, ddos: traffic, bruteforce: traffic, webattacks: traffic }),
  latency: fc.record({
    p95Ms: fc.constantFrom(45, 60, 150, 150, 300, 1000),
    coldStarts: fc.constantFrom(
      'accepted' as const,
      'accepted' as const,
      'accepted' as const,
      'refused' as const,
    ),
  }),
  availability: fc.record({ minInstances: fc.constantFrom(1, 1, 2, 3), autoscaling: fc.boolean() }),
  budget: fc.record({ monthlyUsd: fc.constantFrom(60, 300, 1500, 5000, 20000) }),
  hosting: fc.record({
    // Mostly without `embedded`, which always fits and so proves little.
    modes: fc.oneof(
      { weight: 3, arbitrary: fc.subarray(['serverless', 'dedicated', 'shared'] as const, { minLength: 1 }) },
      { weight: 1, arbitrary: fc.subarray([...HOSTING_MODES], { minLength: 1 }) },
    ),
    instanceTypes: fc.subarray([...SOME_TYPES], { minLength: 2 }),
    serverless: fc.record({
      burstConcurrency: fc.integer({ min: 1, max: 8 }),
      throttledShare: fc.constantFrom(0.01, 0.05),
      provisionedConcurrency: fc.option(
        fc.record({ accountLimit: fc.integer({ min: 1, max: 12 }), usdPerGbSecond: fc.constant(0.00001) }),
        { nil: undefined, freq: 2 },
      ),
    }),
    safetyFactor: fc.constantFrom(1, 1.5, 2, 2, 3),
    moveThresholdUsd: fc.constantFrom(0, 5, 10, 100),
  }),
});

const memory = fc.constantFrom(32, 900, 900);

/** Models of which not every type holds every group. */
export const profiles: fc.Arbitrary<ModelProfiles> = fc
  .record({ general: memory, ddos: memory, bruteforce: memory, webattacks: memory })
  .map((memoryMb) => {
    const specialists = { ...TEST_PROFILES.specialists };
    for (const name of SPECIALISTS) specialists[name] = { ...specialists[name], memoryMb: memoryMb[name] };
    return { ...TEST_PROFILES, specialists };
  });

/** Endpoints that an environment of that name may run, by its names; of types and groups of every kind. */
export const runningNames = (environmentName: string): fc.Arbitrary<string[]> =>
  fc.array(
    fc
      .record({
        group: fc.subarray([...SPECIALISTS], { minLength: 1 }),
        type: fc.constantFrom(...SOME_TYPES, undefined),
      })
      .map(({ group, type }) => {
        const [first] = group;
        if (type === undefined) return endpointName(environmentName, first ? [first] : [], 'serverless');
        const mode = group.length === 1 ? 'dedicated' : 'shared';
        return endpointName(environmentName, group, `${mode}-${typeInName(type)}`);
      }),
    { maxLength: 4 },
  );

/** Types of many sizes and prices, so that several can stand in for one another. */
const MANY_TYPES = [...HOSTING_TYPES.values()]
  .filter(({ vcpus }) => vcpus <= 16)
  .filter((_type, index) => index % 5 === 0)
  .map(({ instanceType }) => instanceType);

/** Cases in which an account allows a few instances of each of many types, which is where most plans compete. */
export const fewOfMany: fc.Arbitrary<PlanCase> = fc
  .record({
    environment,
    account,
    rooms: fc
      .constantFrom([0, 1], [1, 2, 3], [0, 0, 0, 2], [2, 3], [3, 8], [undefined, 0, 2], [-1, 0, 4])
      .chain((spread) =>
        fc.tuple(...MANY_TYPES.map(() => fc.constantFrom<(number | undefined)[]>(...spread))),
      ),
  })
  .map(({ environment: settings, account: quotas, rooms }) => ({
    environment: { ...settings, hosting: { ...settings.hosting, instanceTypes: MANY_TYPES } },
    account: {
      ...quotas,
      ...Object.fromEntries(
        MANY_TYPES.map((name, index) => [typeQuota(name), { limit: rooms[index], used: 0 }]),
      ),
    },
  }));

/** A whole planning case. */
export const planCase: fc.Arbitrary<PlanCase> = fc.record({ environment, account });

/** Cases of which most fit, though often not everything on SageMaker or not at the least cost. */
export const easyCase: fc.Arbitrary<PlanCase> = planCase.map((given) => ({
  ...given,
  environment: patched(given.environment ?? {}, {
    hosting: { modes: [...HOSTING_MODES] },
    latency: { coldStarts: 'accepted', p95Ms: 300 },
    budget: { monthlyUsd: 20_000 },
  }),
}));
