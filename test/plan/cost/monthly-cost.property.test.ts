import * as fc from 'fast-check';
import { instanceCandidates } from '../../../lib/plan/candidates/instance-candidate';
import { candidatesByGroup, groupKey, groups } from '../../../lib/plan/candidates/hosting-candidates';
import { type CostLine, total } from '../../../lib/plan/cost/monthly-cost';
import { TEST_PROFILES } from '../../support/plan/plan-profiles';
import { hostingUsd, servingLines } from '../../../lib/plan/cost/serving-lines';
import { loadPriceBook } from '../../../lib/pricing/price-book';
import { HOSTING_TYPES } from '../../../lib/quotas/quota-catalogue';
import { SPECIALISTS } from '../../../models/catalogue';
import type { Environment } from '../../../lib/config/environment';
import type { Candidate, PlanningContext } from '../../../lib/plan/candidates/candidate';
import { SOME_TYPES, environment as environments, profiles as models } from '../../support/plan/arbitraries';
import { environmentWith } from '../../support/plan/plan-fixtures';

const prices = loadPriceBook('us-east-1');

const contexts: fc.Arbitrary<PlanningContext> = fc
  .tuple(environments, models)
  .map(([settings, profiles]) => ({
    environment: environmentWith(settings),
    region: 'us-east-1',
    prices,
    profiles,
  }));

const candidatesOf = (context: PlanningContext): Candidate[] =>
  [...candidatesByGroup(context, SPECIALISTS).values()].flat();

function bill(context: PlanningContext, { endpoint, specialists }: Candidate) {
  const lines = servingLines(context, {
    endpoints: endpoint === undefined ? [] : [endpoint],
    embedded: endpoint === undefined ? specialists : [],
  });
  return lines.filter((line): line is CostLine => 'expected' in line);
}

/** The same context under other traffic. */
function under(context: PlanningContext, traffic: Environment['traffic']): PlanningContext {
  return { ...context, environment: { ...context.environment, traffic } };
}

function eachTraffic(
  { traffic }: Environment,
  change: (traffic: Environment['traffic']['general']) => Environment['traffic']['general'],
): Environment['traffic'] {
  return {
    general: change(traffic.general),
    ddos: change(traffic.ddos),
    bruteforce: change(traffic.bruteforce),
    webattacks: change(traffic.webattacks),
  };
}

/** Costs by key of what can be hosted both ways. */
function costPairs(before: PlanningContext, after: PlanningContext): (readonly [number, number])[] {
  const later = new Map(candidatesOf(after).map(({ key, monthlyUsd }) => [key, monthlyUsd]));
  return candidatesOf(before).flatMap(({ key, monthlyUsd }) => {
    const usd = later.get(key);
    return usd === undefined ? [] : [[monthlyUsd, usd] as const];
  });
}

describe('the cost of any way of hosting', () => {
  it('is least idle and most at its busiest, line by line', () => {
    fc.assert(
      fc.property(contexts, (context) => {
        for (const candidate of candidatesOf(context)) {
          const lines = bill(context, candidate);
          expect(total(lines).expected).toBe(candidate.monthlyUsd);
          for (const { idle, expected, max } of lines) {
            expect(idle).toBeLessThanOrEqual(expected);
            expect(expected).toBeLessThanOrEqual(max);
          }
        }
      }),
      { numRuns: 25 },
    );
  });

  it('is least idle and most at its busiest even where half of all requests may be throttled', () => {
    const BUSY = { averageRps: 400, peakRps: 400 };
    const context: PlanningContext = {
      environment: environmentWith({
        traffic: { general: BUSY },
        hosting: { safetyFactor: 1, serverless: { throttledShare: 0.5 } },
      }),
      region: 'us-east-1',
      prices,
      profiles: TEST_PROFILES,
    };
    const serverless = candidatesOf(context).filter(({ mode }) => mode === 'serverless');
    expect(serverless.length).toBeGreaterThan(0);
    for (const candidate of serverless) {
      for (const { expected, max } of bill(context, candidate)) expect(expected).toBeLessThanOrEqual(max);
    }
  });

  it('never falls when the average rises below the same peak', () => {
    fc.assert(
      fc.property(contexts, fc.double({ min: 0, max: 1, noNaN: true }), (context, part) => {
        const more = eachTraffic(context.environment, ({ averageRps, peakRps, ...rest }) => ({
          ...rest,
          peakRps,
          averageRps: averageRps + part * (peakRps - averageRps),
        }));
        for (const [less, usd] of costPairs(context, under(context, more))) {
          expect(usd).toBeGreaterThanOrEqual(less);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('never falls when the load rises at every hour of the day', () => {
    fc.assert(
      fc.property(contexts, fc.double({ min: 1, max: 4, noNaN: true }), (context, factor) => {
        const more = eachTraffic(context.environment, ({ averageRps, peakRps, ...rest }) => ({
          ...rest,
          peakRps: peakRps * factor,
          averageRps: averageRps * factor,
        }));
        const pairs = costPairs(context, under(context, more));
        for (const [less, usd] of pairs) expect(usd).toBeGreaterThanOrEqual(less);
      }),
      { numRuns: 25 },
    );
  });
});

describe('a group on one instance type', () => {
  const types = SOME_TYPES.flatMap((name) => HOSTING_TYPES.get(name) ?? []);

  it('never costs less with one specialist more', () => {
    let compared = 0;
    fc.assert(
      fc.property(contexts, (context) => {
        for (const type of types) {
          const usd = new Map(
            groups(SPECIALISTS).flatMap((group) =>
              instanceCandidates(context, group, [type]).map(
                ({ monthlyUsd }) => [groupKey(group), monthlyUsd] as const,
              ),
            ),
          );
          for (const group of groups(SPECIALISTS)) {
            for (const member of group) {
              const more = usd.get(groupKey(group));
              const less = usd.get(groupKey(group.filter((name) => name !== member)));
              if (more === undefined || less === undefined) continue;
              compared += 1;
              expect(more).toBeGreaterThanOrEqual(less);
            }
          }
        }
      }),
      { numRuns: 40 },
    );
    expect(compared).toBeGreaterThan(500);
  });
});

describe('hosting inside the Lambda', () => {
  it('costs its calls, and nothing when nobody calls', () => {
    fc.assert(
      fc.property(contexts, (context) => {
        for (const name of SPECIALISTS) {
          const usd = hostingUsd(context, [name], undefined);
          expect(usd).toBeGreaterThanOrEqual(0);
          if (context.environment.traffic[name].averageRps === 0) expect(usd).toBe(0);
        }
      }),
      { numRuns: 20 },
    );
  });
});
