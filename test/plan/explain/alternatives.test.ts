import * as fc from 'fast-check';
import { planEnvironment } from '../../../lib/plan/load-plan';
import { type Alternative, alternatives } from '../../../lib/plan/explain/alternatives';
import { planOf } from '../../../lib/plan/plan';
import { QUOTA } from '../../../lib/quotas/quota-catalogue';
import { planCase } from '../../support/plan/arbitraries';
import { type PlanCase, decisionFor, patched, planFor, typeQuota } from '../../support/plan/plan-fixtures';

const named = (list: readonly Alternative[], name: string): Alternative => {
  const found = list.find((alternative) => alternative.name.startsWith(name));
  if (found === undefined) throw new Error(`no alternative ${name}`);
  return found;
};
const of = (given: PlanCase) => alternatives(decisionFor(given));

describe('the alternatives of dev on the recorded account, whose two instances are used up', () => {
  const list = alternatives(planEnvironment('dev', {}).decision);

  it('name the quota that binds all dedicated, with every figure of the shortfall', () => {
    expect(named(list, 'all dedicated')).toMatchObject({ feasible: false, updatable: false });
    expect(named(list, 'all dedicated').shortfalls).toContainEqual({
      service: 'sagemaker',
      code: 'L-7A3DF611',
      name: 'Number of instances across active endpoints',
      limit: 2,
      left: 0,
      steady: 4,
      peak: 8,
      whileUpdating: 5,
      binds: 'deploying',
      needed: 8,
      shortBy: 8,
    });
  });

  it('say what high availability needs at rest, scaled out and while updating, and what there is', () => {
    expect(named(list, 'high availability').reason).toContain(
      'Number of instances across active endpoints: needs 8, 12 scaled out, 9 while updating; you have 2, none left: short by 12',
    );
  });

  it('try every type of which the account allows any', () => {
    const types = list.flatMap(({ name }) => /^all dedicated on (.*)/.exec(name)?.[1] ?? []);
    expect(types).toEqual(['ml.m6g.large', 'ml.m6g.xlarge', 'ml.t2.medium']);
    expect(named(list, 'all dedicated on ml.m6g.large').shortfalls).toContainEqual(
      expect.objectContaining({ name: 'ml.m6g.large for endpoint usage', needed: 8, left: 2, shortBy: 6 }),
    );
    expect(named(list, 'all dedicated on ml.t2.medium').reason).toContain('cannot scale');
  });

  it('hold the hybrid that the account ran before against what is left, and against the modes allowed', () => {
    const hybrid = named(list, 'two dedicated, two embedded');
    expect(hybrid.feasible).toBe(false);
    expect(hybrid.reason).toContain('needs 2, 4 scaled out, 3 while updating; you have 2, none left');
    expect(hybrid.reason).toContain('hosting.modes does not allow embedded');
  });

  it('mark the plan itself', () => {
    expect(list.filter(({ chosen }) => chosen).map(({ name }) => name)).toEqual(['all serverless']);
    expect(named(list, 'all serverless').reason).toBeUndefined();
  });
});

describe('an alternative', () => {
  it('that fits and costs more says how much more', () => {
    const all = of({
      account: {
        [QUOTA.endpointInstances]: { limit: 40, used: 0 },
        [typeQuota('ml.m6g.large')]: { limit: 40, used: 0 },
      },
    });
    const dear = named(all, 'all dedicated on ml.m6g.large');
    expect(dear.feasible).toBe(true);
    expect(dear.differenceUsd).toBeGreaterThan(0);
    expect(dear.reason).toContain(`$${dear.differenceUsd?.toFixed(2)} a month more`);
  });

  it('that deploys but leaves no room for an update says so', () => {
    const all = of({
      environment: {
        availability: { minInstances: 2, autoscaling: false },
        hosting: { instanceTypes: ['ml.m6g.large'] },
      },
      account: {
        [QUOTA.endpointInstances]: { limit: 8, used: 0 },
        [typeQuota('ml.m6g.large')]: { limit: 8, used: 0 },
      },
    });
    const stuck = named(all, 'all dedicated on ml.m6g.large');
    expect(stuck).toMatchObject({ feasible: true, updatable: false });
    expect(stuck.reason).toContain('deploys, but could not be updated');
    expect(stuck.shortfalls).toContainEqual(
      expect.objectContaining({ binds: 'updating', needed: 9, left: 8, shortBy: 1 }),
    );
    expect(named(all, 'all dedicated')).toMatchObject({ feasible: true });
  });

  it('on a type that hosting.instanceTypes leaves out is refused for that', () => {
    const all = of({ environment: { hosting: { instanceTypes: ['ml.m6g.xlarge'] } } });
    const refused = named(all, 'all dedicated on ml.m6g.large');
    expect(refused.feasible).toBe(false);
    expect(refused.reason).toContain('hosting.instanceTypes does not allow ml.m6g.large');
  });

  it('whose quota nobody knows says that, and never that it fits', () => {
    const all = of({ account: { [QUOTA.endpointInstances]: {} } });
    expect(named(all, 'all dedicated')).toMatchObject({ feasible: false });
    expect(named(all, 'all dedicated').reason).toContain('the limit is unknown');
  });

  it('of high availability is not asked about where the plan has it', () => {
    const all = of({ environment: { availability: { minInstances: 2 } } });
    expect(all.map(({ name }) => name)).not.toContainEqual(expect.stringContaining('high availability'));
  });
});

/** What the planner itself answers when it may do nothing else. */
const ONLY: Readonly<Record<string, NonNullable<PlanCase['environment']>>> = {
  'all serverless': { hosting: { modes: ['serverless'] } },
  'all dedicated': { hosting: { modes: ['dedicated'] } },
  'high availability': { hosting: { modes: ['dedicated'] }, availability: { minInstances: 2 } },
};

describe('every alternative', () => {
  it('fits, costs and takes as long as the planner finds when it may do nothing else', () => {
    let compared = 0;
    fc.assert(
      fc.property(planCase, fc.constantFrom(...Object.keys(ONLY)), (given, name) => {
        const modes = given.environment?.hosting?.modes ?? [];
        const base = patched(given.environment ?? {}, {
          hosting: { modes: [...modes, 'serverless', 'dedicated'] },
          budget: { monthlyUsd: 20_000 },
          latency: { coldStarts: 'accepted', p95Ms: 300 },
        });
        const account = { ...given.account, [QUOTA.endpointInstances]: { limit: 500, used: 0 } };
        const found = of({ account, environment: base }).find((one) => one.name.startsWith(name));
        if (found === undefined) return;
        const alone = planFor({ account, environment: patched(base, ONLY[name] ?? {}) });
        expect(found.feasible).toBe(alone.verdict === 'fits');
        if (!found.feasible) return;
        compared += 1;
        expect(found.monthlyUsd).toBe(alone.cost.total.expected);
        expect(found.p95Ms).toBe(Math.max(...alone.topology.endpoints.map(({ p95Ms }) => p95Ms)));
      }),
      { numRuns: 40 },
    );
    expect(compared).toBeGreaterThan(1);
  });

  it('is no better than the plan, in the order of the objective', () => {
    let feasible = 0;
    fc.assert(
      fc.property(planCase, (given) => {
        const decision = decisionFor(given);
        const plan = planOf(decision);
        const own = [
          plan.topology.embedded.length,
          plan.ledger.some(({ verdict }) => verdict === 'update-blocked') ? 1 : 0,
          plan.cost.total.expected,
        ];
        for (const one of alternatives(decision)) {
          // Two instances each is not what the planner was asked for: see the comparison above.
          if (!one.feasible || one.name.startsWith('high availability')) continue;
          feasible += 1;
          const embedded = one.name === 'embedded only' ? 4 : one.name.startsWith('two dedicated') ? 2 : 0;
          const value = [embedded, one.updatable === false ? 1 : 0, one.monthlyUsd ?? 0];
          const at = value.findIndex((part, index) => part !== own[index]);
          if (at >= 0) expect(value[at]).toBeGreaterThan(own[at] ?? Number.NaN);
        }
      }),
      { numRuns: 50 },
    );
    expect(feasible).toBeGreaterThan(1);
  });

  it('gives the quota that is short whenever one is, and a reason whenever it is not the plan', () => {
    fc.assert(
      fc.property(planCase, (given) => {
        for (const { feasible, chosen, reason, shortfalls = [] } of of(given)) {
          if (!feasible) expect(reason).toMatch(/\w/);
          if (feasible && !chosen) expect(reason).toMatch(/\w/);
          for (const { left, needed, shortBy, peak, steady, whileUpdating, binds } of shortfalls) {
            expect(needed).toBe(binds === 'updating' ? whileUpdating : Math.max(peak, steady));
            if (left !== null) expect(shortBy).toBe(needed - left);
            if (left !== null) expect(needed).toBeGreaterThan(left);
          }
        }
      }),
      { numRuns: 25 },
    );
  });
});
