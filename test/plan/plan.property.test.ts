import * as fc from 'fast-check';
import type { DeploymentPlan } from '../../lib/plan/deployment-plan';
import { planDeployment } from '../../lib/plan/plan';
import { loadPriceBook } from '../../lib/pricing/price-book';
import { QUOTA, type QuotaKey } from '../../lib/quotas/quota-catalogue';
import { account as accounts, environment, planCase } from '../support/plan/arbitraries';
import { faultsOf } from '../support/plan/plan-checker';
import { type PlanCase, type Reading, accountWith, patched, planFor } from '../support/plan/plan-fixtures';
import { TEST_PROFILES } from '../support/plan/plan-profiles';

/** Everything that the plan decided, without the configuration that it was given. */
function decided({ environment: _given, ...answer }: DeploymentPlan) {
  return answer;
}

const raised = (quotas: Readonly<Record<QuotaKey, Reading>>, key: QuotaKey, limit: number) => ({
  ...quotas,
  [key]: { ...quotas[key], limit },
});

describe('a plan that fits', () => {
  it('keeps every quota, promise and budget, by an independent count', () => {
    let fitting = 0;
    fc.assert(
      fc.property(planCase, (given) => {
        const plan = planFor(given);
        if (plan.verdict !== 'fits') return;
        fitting += 1;
        expect(faultsOf(plan, accountWith(given.account))).toEqual([]);
      }),
      { numRuns: 100 },
    );
    // A property that nothing reaches would prove nothing.
    expect(fitting).toBeGreaterThan(3);
  });

  it('is never given when nothing is known of the account', () => {
    fc.assert(
      fc.property(environment, accounts, (settings, quotas) => {
        const blind = Object.fromEntries(Object.keys(quotas).map((key) => [key, {}]));
        const plan = planFor({ environment: settings, account: blind });
        expect(plan.verdict === 'fits' && plan.topology.endpoints.length > 0).toBe(false);
      }),
      { numRuns: 30 },
    );
  });

  it('still fits when a limit is raised', () => {
    fc.assert(
      fc.property(planCase, fc.nat(), fc.integer({ min: 1, max: 30 }), (given, pick, more) => {
        const quotas = given.account ?? {};
        if (planFor(given).verdict !== 'fits') return;
        const keys = Object.keys(quotas) as QuotaKey[];
        const key = keys[pick % keys.length];
        const limit = key === undefined ? undefined : quotas[key]?.limit;
        if (key === undefined || limit === undefined) return;
        expect(planFor({ ...given, account: raised(quotas, key, limit + more) }).verdict).toBe('fits');
      }),
      { numRuns: 30 },
    );
  });
});

describe('a plan that is blocked', () => {
  /** The case with its increases granted, and nothing more. */
  function granted(given: PlanCase, { increases }: DeploymentPlan): PlanCase {
    const account = { ...given.account };
    let { environment: settings = {} } = given;
    for (const { service, code, to } of increases) {
      const key: QuotaKey = `${service}/${code}`;
      if (key === QUOTA.provisionedConcurrency) {
        const provisionedConcurrency = { accountLimit: to, usdPerGbSecond: 0.00001 };
        settings = patched(settings, { hosting: { serverless: { provisionedConcurrency } } });
      } else {
        account[key] = { ...account[key], limit: to };
      }
    }
    return { ...given, environment: settings, account };
  }

  it('is no longer blocked by a quota once exactly its increases are granted', () => {
    let blocked = 0;
    fc.assert(
      fc.property(planCase, (given) => {
        const plan = planFor(given);
        if (plan.verdict !== 'blocked' || plan.increases.length === 0) return;
        blocked += 1;
        const asked = new Set(plan.increases.map(({ code }) => code));
        const after = planFor(granted(given, plan));
        const still = after.ledger.filter(({ code, verdict }) => asked.has(code) && verdict === 'blocked');
        expect(still.map(({ name }) => name)).toEqual([]);
      }),
      { numRuns: 60 },
    );
    expect(blocked).toBeGreaterThan(5);
  });

  it('asks for what others hold and it needs itself, and not one unit more', () => {
    fc.assert(
      fc.property(planCase, (given) => {
        const plan = planFor(given);
        for (const { code, from, to } of plan.increases) {
          const row = plan.ledger.find((entry) => entry.code === code);
          const needed = Math.max(row?.steady ?? 0, row?.peak ?? 0, row?.updatePeak ?? 0);
          expect(to).toBe((row?.usedByOthers ?? Number.NaN) + needed);
          expect(to).toBeGreaterThan(from);
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe('the same question', () => {
  it('has the same answer in whatever order quotas, modes and types are written', () => {
    fc.assert(
      fc.property(planCase, fc.nat(), (given, turn) => {
        const rotate = <T>(list: readonly T[]): T[] => {
          const at = list.length === 0 ? 0 : turn % list.length;
          return [...list.slice(at), ...list.slice(0, at)].toReversed();
        };
        const plan = planFor(given);
        const { environment: env } = plan;
        const snapshot = accountWith(given.account);
        const again = planDeployment({
          environment: {
            ...env,
            hosting: {
              ...env.hosting,
              modes: rotate(env.hosting.modes),
              ...(env.hosting.instanceTypes ? { instanceTypes: rotate(env.hosting.instanceTypes) } : {}),
            },
          },
          target: plan.target,
          snapshot: { ...snapshot, quotas: rotate(snapshot.quotas) },
          prices: loadPriceBook('us-east-1'),
          profiles: TEST_PROFILES,
        });
        expect(decided(again)).toEqual(decided(plan));
      }),
      { numRuns: 30 },
    );
  });
});

describe('the bill of any plan', () => {
  it('adds up to the cent, and is least idle and most at peak', () => {
    fc.assert(
      fc.property(planCase, (given) => {
        const { total, lines } = planFor(given).cost;
        for (const figure of ['expected', 'idle', 'max'] as const) {
          const inCents = lines.reduce((sum, line) => sum + Math.round(line[figure] * 100), 0);
          expect(Math.round(total[figure] * 100)).toBe(inCents);
          for (const line of lines) expect(Number.isFinite(line[figure])).toBe(true);
        }
        for (const { idle, expected, max } of [...lines, total]) {
          expect(idle).toBeLessThanOrEqual(expected);
          expect(expected).toBeLessThanOrEqual(max);
        }
      }),
      { numRuns: 30 },
    );
  });
});
