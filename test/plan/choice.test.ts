import { loadEnvironment } from '../../lib/config/load-environment';
import type { Environment } from '../../lib/config/environment';
import { planDeployment } from '../../lib/plan/plan';
import type { InstanceEndpointPlan, ServerlessEndpointPlan } from '../../lib/plan/hosting/endpoint-plan';
import { loadPriceBook } from '../../lib/pricing/price-book';
import { HOSTING_TYPES, QUOTA } from '../../lib/quotas/quota-catalogue';
import { loadSnapshot } from '../../lib/quotas/snapshot';
import { errorsOf, planFor, typeQuota } from '../support/plan/plan-fixtures';

function shipped(environment: Environment, snapshot: string) {
  return planDeployment({
    environment,
    target: { region: 'us-east-1' },
    snapshot: loadSnapshot(snapshot),
    prices: loadPriceBook('us-east-1'),
  });
}

describe('dev on the recorded Mini-XDR account, whose instances are used up', () => {
  const plan = shipped(loadEnvironment('dev'), 'mini-xdr-2025-11');
  const endpoints = plan.topology.endpoints.filter(
    (endpoint): endpoint is ServerlessEndpointPlan => endpoint.mode === 'serverless',
  );

  it('hosts all four specialists on SageMaker, each on a serverless endpoint of its own', () => {
    expect(plan.verdict).toBe('fits');
    expect(endpoints.map(({ specialists }) => specialists)).toEqual([
      ['general'],
      ['ddos'],
      ['bruteforce'],
      ['webattacks'],
    ]);
    expect(plan.topology.endpoints).toHaveLength(4);
    expect(plan.topology.embedded).toEqual([]);
  });

  it('leaves every endpoint a share of the concurrency pool', () => {
    expect(endpoints.reduce((sum, { maxConcurrency }) => sum + maxConcurrency, 0)).toBeLessThanOrEqual(10);
    for (const { maxConcurrency } of endpoints) expect(maxConcurrency).toBe(2);
  });

  it('keeps to the memory cap', () => {
    for (const { memoryMb } of endpoints) expect(memoryMb).toBeLessThanOrEqual(3072);
  });

  it('asks for no increase', () => {
    expect(plan.increases).toEqual([]);
    expect(plan.ledger.map(({ verdict }) => verdict)).not.toContain('blocked');
  });
});

describe('prod on a new account, where cold starts are refused', () => {
  const plan = shipped(loadEnvironment('prod'), 'new-account');

  it('fits on instances that can grow and are not burstable', () => {
    expect(plan.verdict).toBe('fits');
    expect(plan.topology.endpoints.length).toBeGreaterThan(0);
    for (const endpoint of plan.topology.endpoints as readonly InstanceEndpointPlan[]) {
      expect(endpoint.mode).not.toBe('serverless');
      expect(endpoint.maxInstances).toBeGreaterThan(endpoint.minInstances);
      expect(HOSTING_TYPES.get(endpoint.instanceType)?.burstable).toBe(false);
    }
  });

  it('keeps its peak within the quota of its type and of the account', () => {
    const peaks = new Map(plan.ledger.map(({ code, peak, limit }) => [code, [peak, limit]]));
    expect(peaks.get('L-C1E62DF0')).toEqual([2, 2]);
    expect(peaks.get('L-7A3DF611')).toEqual([2, 4]);
  });

  it('warns that an update while scaled out needs more than there is', () => {
    expect(plan.findings).toContainEqual(
      expect.objectContaining({
        id: 'update-while-scaled-out',
        severity: 'warning',
        facts: expect.objectContaining({ quota: 'sagemaker/L-C1E62DF0', needed: 4, left: 2 }),
      }),
    );
  });
});

describe('a concurrency quota', () => {
  const on = (limit: number | undefined, used: number | undefined = 0, own = 0) =>
    planFor({
      environment: { hosting: { modes: ['serverless'] } },
      account: {
        [QUOTA.serverlessConcurrency]: {
          ...(limit === undefined ? {} : { limit }),
          ...(used === undefined ? {} : { used }),
          own,
        },
      },
    });

  it('of one less than the specialists blocks and says by how much', () => {
    const plan = on(3);
    expect(plan.verdict).toBe('blocked');
    const [finding] = plan.findings;
    expect(finding).toMatchObject({
      id: 'quota-exceeded',
      facts: { quota: 'sagemaker/L-96300102', limit: 3, needed: 4, others: 0 },
    });
    expect(finding?.title).toContain('4 needed, 3 left of 3; short by 1');
    expect(plan.increases).toEqual([expect.objectContaining({ code: 'L-96300102', from: 3, to: 4 })]);
  });

  it('of exactly what is needed fits', () => {
    expect(on(4)).toMatchObject({ verdict: 'fits', increases: [] });
  });

  it('that others use up blocks, and the increase counts them', () => {
    const plan = on(10, 8);
    expect(plan.verdict).toBe('blocked');
    expect(plan.increases).toEqual([expect.objectContaining({ from: 10, to: 12 })]);
  });

  it('that this environment itself uses up fits', () => {
    expect(on(10, 10, 8).verdict).toBe('fits');
  });

  it('of zero blocks', () => {
    expect(on(0).verdict).toBe('blocked');
  });

  it('that is exceeded already blocks, short by the excess as well', () => {
    const plan = on(10, 13);
    expect(plan.verdict).toBe('blocked');
    expect(plan.ledger.find(({ code }) => code === 'L-96300102')?.headroom).toBe(-7);
    expect(plan.increases).toEqual([expect.objectContaining({ from: 10, to: 17 })]);
  });

  it('that is unknown leaves the plan unknown and asks for no increase', () => {
    const plan = on(undefined);
    expect(plan.verdict).toBe('unknown');
    expect(errorsOf(plan)).toEqual(['quota-unknown']);
    expect(plan.ledger.find(({ code }) => code === 'L-96300102')).toMatchObject({
      limit: null,
      headroom: null,
      verdict: 'unknown',
    });
    expect(plan.increases).toEqual([]);
  });

  it('whose usage is unknown leaves the plan unknown, though the limit would do', () => {
    const plan = planFor({
      environment: { hosting: { modes: ['serverless'] } },
      account: { [QUOTA.serverlessConcurrency]: { limit: 10 } },
    });
    expect(plan.verdict).toBe('unknown');
    expect(errorsOf(plan)).toEqual(['usage-unknown']);
  });

  it('that is unknown is avoided where something else is known to fit', () => {
    const plan = planFor({
      account: { [QUOTA.serverlessConcurrency]: {}, [typeQuota('ml.m6g.large')]: { limit: 2, used: 0 } },
    });
    expect(plan.verdict).toBe('fits');
    expect(plan.topology.endpoints.map(({ mode }) => mode)).not.toContain('serverless');
  });

  it('that is unknown is not gambled on where embedding is known to fit', () => {
    const plan = planFor({
      environment: { hosting: { modes: ['serverless', 'embedded'] } },
      account: { [QUOTA.serverlessConcurrency]: {} },
    });
    expect(plan.verdict).toBe('fits');
    expect(plan.topology.embedded).toHaveLength(4);
  });

  it('never hides behind the unknown: short of one and ignorant of another is blocked', () => {
    const plan = planFor({
      environment: { hosting: { modes: ['serverless'] } },
      account: { [QUOTA.serverlessConcurrency]: { limit: 3, used: 0 }, [QUOTA.serverlessEndpoints]: {} },
    });
    expect(plan.verdict).toBe('blocked');
    expect(errorsOf(plan)).toEqual(['quota-exceeded', 'quota-unknown']);
  });
});

describe('what is spare of the concurrency pool', () => {
  const concurrencies = (limit: number, burstConcurrency: number) =>
    planFor({
      environment: { hosting: { modes: ['serverless'], serverless: { burstConcurrency } } },
      account: { [QUOTA.serverlessConcurrency]: { limit, used: 0 } },
    }).topology.endpoints.map((endpoint) => (endpoint as ServerlessEndpointPlan).maxConcurrency);

  it('goes to the endpoints evenly, up to the burst asked for', () => {
    expect(concurrencies(100, 3)).toEqual([3, 3, 3, 3]);
    expect(concurrencies(10, 5)).toEqual([3, 3, 2, 2]);
    expect(concurrencies(4, 5)).toEqual([1, 1, 1, 1]);
  });

  it('lifts the small first, and nobody above the burst who does not need it', () => {
    const plan = planFor({
      environment: {
        hosting: { modes: ['serverless'], serverless: { burstConcurrency: 3 } },
        traffic: { general: { averageRps: 1, peakRps: 40 } },
      },
      account: { [QUOTA.serverlessConcurrency]: { limit: 9, used: 0 } },
    });
    expect(plan.topology.endpoints).toMatchObject([
      { maxConcurrency: 3 },
      { maxConcurrency: 2 },
      { maxConcurrency: 2 },
      { maxConcurrency: 2 },
    ]);
  });
});

describe('the serverless memory cap', () => {
  const heavy = (memoryMb: number) => ({
    schemaVersion: 1 as const,
    origin: 'measured' as const,
    asOf: '2026-01-01',
    note: '',
    container: {
      baseMemoryMb: 256,
      instanceOverheadMs: 20,
      serverlessOverheadMs: 60,
      coldStartMs: 8000,
      serverlessVcpusPerGb: 0.5,
      payloadKb: 4,
    },
    specialists: {
      general: { serviceMs: 5, memoryMb },
      ddos: { serviceMs: 5, memoryMb: 32 },
      bruteforce: { serviceMs: 5, memoryMb: 32 },
      webattacks: { serviceMs: 5, memoryMb: 32 },
    },
  });
  const plan = (memoryMb: number, cap?: number) =>
    planFor({
      environment: {
        hosting: { modes: ['serverless'] },
        limits: cap === undefined ? {} : { [QUOTA.serverlessMemory]: { value: cap } },
      },
      profiles: heavy(memoryMb),
    });

  it('blocks a model that needs more, and names the size to ask for', () => {
    const blocked = plan(3000);
    expect(blocked.verdict).toBe('blocked');
    expect(blocked.increases).toEqual([
      expect.objectContaining({ code: 'serverless-memory-mb', from: 3072, to: 4096 }),
    ]);
  });

  it('is lifted by configuration', () => {
    expect(plan(3000, 6144).verdict).toBe('fits');
  });

  it('leaves no way at all beyond what an endpoint can have', () => {
    expect(errorsOf(plan(8000, 6144))).toContain('no-way-to-host');
    expect(plan(8000, 6144).verdict).toBe('blocked');
  });
});

describe('the budget', () => {
  const serverlessOnly = { modes: ['serverless' as const] };
  const cost = planFor({ environment: { hosting: serverlessOnly } }).cost.total.expected;
  const on = (monthlyUsd: number) =>
    planFor({ environment: { hosting: serverlessOnly, budget: { monthlyUsd } } });

  it('that is met to the cent fits', () => {
    expect(on(cost).verdict).toBe('fits');
  });

  it('that is a cent too small blocks, and nothing else does', () => {
    const plan = on(cost - 0.01);
    expect(plan.verdict).toBe('blocked');
    expect(errorsOf(plan)).toEqual(['budget-exceeded']);
    expect(plan.findings[0]?.title).toContain('0.01 USD above the budget');
    expect(plan.increases).toEqual([]);
  });
});

describe('cold starts that are refused', () => {
  const refused = { latency: { coldStarts: 'refused' as const } };

  it('block with the smallest increase where no instance may be used', () => {
    const plan = planFor({
      environment: refused,
      account: { [QUOTA.endpointInstances]: { limit: 0, used: 0 } },
    });
    expect(plan.verdict).toBe('blocked');
    expect(plan.increases).toEqual([
      expect.objectContaining({
        code: 'L-7A3DF611',
        from: 0,
        to: 2,
        unlocks: expect.stringContaining('(shared)'),
      }),
    ]);
    expect(errorsOf(plan)).toEqual(['quota-exceeded']);
  });

  it.each(['serverless', 'embedded'] as const)(
    'block as a broken promise where only %s is allowed',
    (mode) => {
      const plan = planFor({ environment: { ...refused, hosting: { modes: [mode] } } });
      expect(plan.verdict).toBe('blocked');
      expect(new Set(errorsOf(plan))).toEqual(new Set(['promise-broken']));
    },
  );
});

describe('a p95 that no way of hosting keeps', () => {
  it('blocks and says what the best would be', () => {
    const plan = planFor({ environment: { latency: { p95Ms: 10 } } });
    expect(plan.verdict).toBe('blocked');
    expect(plan.findings[0]).toMatchObject({
      id: 'promise-broken',
      facts: { promise: 'p95', p95Ms: 50, targetMs: 10 },
    });
  });
});

describe('the embedded mode', () => {
  const account = {
    [QUOTA.serverlessConcurrency]: { limit: 3, used: 0 },
    [QUOTA.endpointInstances]: { limit: 0, used: 0 },
  };

  it('is used only where it is allowed', () => {
    expect(planFor({ account }).topology.embedded).toEqual([]);
    expect(planFor({ account }).verdict).toBe('blocked');
  });

  it('takes only what does not fit on SageMaker', () => {
    const plan = planFor({
      account,
      environment: { hosting: { modes: ['serverless', 'dedicated', 'shared', 'embedded'] } },
    });
    expect(plan.verdict).toBe('fits');
    expect(plan.topology.embedded).toHaveLength(1);
    expect(plan.topology.endpoints).toHaveLength(3);
  });

  it('stays empty where SageMaker has room', () => {
    const plan = planFor({ environment: { hosting: { modes: ['embedded', 'serverless'] } } });
    expect(plan.topology.embedded).toEqual([]);
  });
});

describe('the rest of the environment', () => {
  const platform = { platform: { enabled: true, peakNodeVcpus: 8 }, network: { natGateways: 1 } };

  it('blocks on its own quotas, and the increase says what for, replacing nodes counted', () => {
    const plan = planFor({
      environment: platform,
      account: { [QUOTA.standardVcpus]: { limit: 5, used: 1 } },
    });
    expect(plan.verdict).toBe('blocked');
    expect(plan.increases).toEqual([
      expect.objectContaining({ code: 'L-1216C47A', from: 5, to: 17, unlocks: 'deploying the platform' }),
    ]);
  });

  it('counts the vCPUs of nodes and trainer together', () => {
    const workbench = { trainer: true, trainerInstanceType: 'm5.xlarge' };
    const plan = planFor({
      environment: { ...platform, workbench },
      account: { [QUOTA.standardVcpus]: { limit: 20, used: 0 } },
    });
    expect(plan.verdict).toBe('fits');
    expect(plan.ledger.find(({ code }) => code === 'L-1216C47A')).toMatchObject({ peak: 12, headroom: 0 });
  });

  it('draws on nothing for parts that are off', () => {
    const codes = planFor({}).ledger.map(({ code }) => code);
    expect(codes).not.toContain('L-1216C47A');
    expect(codes).not.toContain('L-1194D53C');
    expect(codes).not.toContain('L-7B6409FD');
    expect(codes).not.toContain('L-0263D0A3');
  });
});
