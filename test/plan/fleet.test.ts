import type { InstanceEndpointPlan, ServerlessEndpointPlan } from '../../lib/plan/types';
import { QUOTA } from '../../lib/quotas/catalogue';
import type { EnvironmentInput } from '../../lib/config/define';
import { type Patch, type PlanCase, errorsOf, patched, planFor, typeQuota } from '../support/plan-fixtures';

const ONE_TYPE = { modes: ['dedicated' as const], instanceTypes: ['ml.m5.large'] };
const M5 = typeQuota('ml.m5.large');

function dedicated(instances: number, rest: PlanCase['environment'] = {}, perEndpoint = 100) {
  return planFor({
    environment: patched({ hosting: ONE_TYPE }, rest),
    account: {
      [M5]: { limit: instances, used: 0 },
      [QUOTA.endpointInstances]: { limit: 100, used: 0 },
      [QUOTA.instancesPerEndpoint]: { limit: perEndpoint },
    },
  });
}

const fleets = (plan: ReturnType<typeof planFor>) =>
  plan.topology.endpoints as readonly InstanceEndpointPlan[];

describe('the order of updates', () => {
  // Four endpoints of 1 to 2 instances: 4 at average load, 8 scaled out; one update adds 1, four add 4.
  it('is together where every quota has room for all second fleets', () => {
    const plan = dedicated(8);
    expect(plan.verdict).toBe('fits');
    expect(plan.topology.updateOrder).toBe('together');
    expect(plan.ledger.find(({ code }) => code === 'L-614B09FD')).toMatchObject({
      steady: 4,
      peak: 8,
      updatePeak: 8,
    });
  });

  it('is one at a time where quotas are tight, and needs one second fleet less often', () => {
    const plan = dedicated(7, { availability: { autoscaling: false } });
    expect(plan.topology.updateOrder).toBe('one-at-a-time');
    expect(plan.ledger.find(({ code }) => code === 'L-614B09FD')).toMatchObject({
      steady: 4,
      peak: 4,
      updatePeak: 5,
    });
  });

  it('does not help where there is no room for even one: it deploys, warns, and asks for that one', () => {
    const plan = dedicated(4, { availability: { autoscaling: false } });
    expect(plan.verdict).toBe('fits');
    expect(plan.findings.find(({ id }) => id === 'update-needs-quota')).toMatchObject({
      severity: 'warning',
      facts: { quota: M5, limit: 4, others: 0, needed: 5 },
    });
    expect(plan.increases).toEqual([
      expect.objectContaining({
        code: 'L-614B09FD',
        from: 4,
        to: 5,
        unlocks: expect.stringMatching(/^updating general/),
      }),
    ]);
  });

  it('prefers what can be updated over what is cheaper', () => {
    const two = {
      environment: {
        hosting: { modes: ['shared' as const], instanceTypes: ['ml.m6g.large', 'ml.m5.large'] },
        availability: { autoscaling: false },
      },
      account: { [typeQuota('ml.m6g.large')]: { limit: 1, used: 0 }, [M5]: { limit: 2, used: 0 } },
    };
    expect(fleets(planFor(two)).map(({ instanceType }) => instanceType)).toEqual(['ml.m5.large']);
  });
});

describe('a peak', () => {
  it('of one instance above the quota blocks', () => {
    const plan = dedicated(7);
    expect(plan.verdict).toBe('blocked');
    expect(plan.increases).toEqual([expect.objectContaining({ code: 'L-614B09FD', from: 7, to: 8 })]);
  });

  it('counts against the limit on each endpoint one by one, not together', () => {
    expect(dedicated(8, {}, 2).verdict).toBe('fits');
    expect(dedicated(8, {}, 1).verdict).toBe('blocked');
  });

  it('counts against the account’s total over all types', () => {
    const plan = planFor({
      environment: { hosting: ONE_TYPE },
      account: { [M5]: { limit: 50, used: 0 }, [QUOTA.endpointInstances]: { limit: 10, used: 3 } },
    });
    expect(plan.verdict).toBe('blocked');
    expect(plan.increases).toEqual([expect.objectContaining({ code: 'L-7A3DF611', from: 10, to: 11 })]);
  });

  it('of several endpoints on one type leaves less for an update of one, which is said', () => {
    const plan = dedicated(8);
    const warned = plan.findings.filter(({ id }) => id === 'update-while-scaled-out');
    expect(warned).toHaveLength(4);
    expect(warned[0]?.facts).toMatchObject({ quota: M5, needed: 10, left: 8 });
  });
});

describe('high availability', () => {
  const plan = dedicated(100, { availability: { minInstances: 2 } });

  it('keeps its instances and rolls its updates one batch at a time', () => {
    expect(plan.verdict).toBe('fits');
    for (const endpoint of fleets(plan)) {
      expect(endpoint).toMatchObject({
        minInstances: 2,
        initialInstances: 2,
        maxInstances: 3,
        updateStrategy: 'rolling',
        rollingBatch: { unit: 'instances', size: 1 },
      });
    }
    expect(plan.ledger.find(({ code }) => code === 'L-614B09FD')).toMatchObject({
      steady: 8,
      peak: 12,
      updatePeak: 12,
    });
  });

  it('leaves a single instance to go all at once, as a batch of it would be nothing', () => {
    for (const endpoint of fleets(dedicated(100))) {
      expect(endpoint.updateStrategy).toBe('all-at-once');
      expect(endpoint.rollingBatch).toBeUndefined();
    }
  });

  it('rolls a large fleet in the smallest batches AWS takes', () => {
    const [endpoint] = fleets(dedicated(1000, { availability: { minInstances: 20 } }));
    expect(endpoint?.rollingBatch).toEqual({ unit: 'percent', size: 5 });
  });
});

describe('a fleet', () => {
  it('is as large as the traffic needs, at average load and at peak', () => {
    // 5 ms a request, safety factor 2, two vCPUs: 200 requests a second and instance.
    const [endpoint] = fleets(dedicated(100, { traffic: { general: { averageRps: 500, peakRps: 1100 } } }));
    expect(endpoint).toMatchObject({ minInstances: 1, initialInstances: 3, maxInstances: 6 });
    expect(endpoint?.scaling).toEqual({
      kind: 'instances',
      min: 1,
      max: 6,
      targetInvocationsPerMinute: 12000,
      targetCpuPercent: 50,
    });
  });

  it('does not grow where autoscaling is not asked for and the traffic does not need it', () => {
    const [endpoint] = fleets(dedicated(100, { availability: { autoscaling: false } }));
    expect(endpoint).toMatchObject({ minInstances: 1, maxInstances: 1 });
  });
});

describe('a burstable type', () => {
  const T2 = { modes: ['dedicated' as const, 'shared' as const], instanceTypes: ['ml.t2.medium'] };
  const account = { [typeQuota('ml.t2.medium')]: { limit: 2, used: 0 } };

  it('is never used where fleets must grow: AWS refuses it as a scalable target', () => {
    const plan = planFor({ environment: { hosting: T2 }, account });
    expect(plan.topology.endpoints).toEqual([]);
    expect(errorsOf(plan)).toEqual(['no-way-to-host']);
  });

  it('is used with a fixed fleet where nothing has to grow', () => {
    const plan = planFor({ environment: { hosting: T2, availability: { autoscaling: false } }, account });
    expect(plan.verdict).toBe('fits');
    for (const endpoint of fleets(plan)) {
      expect(endpoint.scaling).toEqual({ kind: 'fixed' });
      expect(endpoint.maxInstances).toBe(endpoint.minInstances);
    }
    expect(plan.ledger.map(({ code }) => code)).not.toContain('L-1AAF0700');
  });

  it('has the fleet of its peak from the start', () => {
    const heavy = { averageRps: 1, peakRps: 500 };
    const plan = planFor({
      environment: {
        hosting: { ...T2, modes: ['dedicated'] },
        availability: { autoscaling: false },
        traffic: { general: heavy },
      },
      account: {
        [typeQuota('ml.t2.medium')]: { limit: 20, used: 0 },
        [QUOTA.endpointInstances]: { limit: 20, used: 0 },
      },
    });
    expect(fleets(plan)[0]).toMatchObject({ minInstances: 3, initialInstances: 3, maxInstances: 3 });
  });
});

describe('provisioned concurrency', () => {
  const refused: Patch<EnvironmentInput> = {
    latency: { coldStarts: 'refused' },
    hosting: { modes: ['serverless'] },
  };
  const granted = (accountLimit: number) =>
    patched(refused, {
      hosting: { serverless: { provisionedConcurrency: { accountLimit, usdPerGbSecond: 0.00001 } } },
    });
  const endpoints = (plan: ReturnType<typeof planFor>) =>
    plan.topology.endpoints as readonly ServerlessEndpointPlan[];

  it('is not used without a configured limit and price', () => {
    for (const { provisionedConcurrency } of endpoints(planFor({ environment: refused }))) {
      expect(provisionedConcurrency).toBeUndefined();
    }
  });

  it('keeps serverless endpoints warm, all of their concurrency, where cold starts are refused', () => {
    const plan = planFor({ environment: granted(10) });
    expect(plan.verdict).toBe('fits');
    expect(endpoints(plan)).toHaveLength(4);
    for (const endpoint of endpoints(plan)) {
      expect(endpoint.provisionedConcurrency).toBe(endpoint.maxConcurrency);
      expect(endpoint.scaling).toMatchObject({
        kind: 'provisioned-concurrency',
        max: endpoint.maxConcurrency,
      });
    }
  });

  it('costs money while idle', () => {
    const { total } = planFor({ environment: granted(10) }).cost;
    // Four endpoints of 1 GB, one warm each, 730 hours.
    expect(total.idle).toBeGreaterThan(4 * 730 * 3600 * 0.00001);
  });

  it('is short where the granted limit is, and says by how much', () => {
    const plan = planFor({ environment: granted(3) });
    expect(plan.verdict).toBe('blocked');
    expect(plan.findings[0]).toMatchObject({
      id: 'quota-exceeded',
      facts: { quota: 'sagemaker/serverless-provisioned-concurrency', limit: 3, needed: 4 },
    });
  });

  it('is not paid for where cold starts are accepted', () => {
    const plan = planFor({
      environment: patched(granted(10), { latency: { coldStarts: 'accepted' } }),
    });
    for (const { provisionedConcurrency } of endpoints(plan)) expect(provisionedConcurrency).toBeUndefined();
  });
});
