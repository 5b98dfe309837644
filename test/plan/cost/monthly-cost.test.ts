import { loadPriceBook } from '../../../lib/pricing/price-book';
import { environmentNames } from '../../../lib/config/load-environment';
import { planEnvironment } from '../../../lib/plan/load-plan';
import { type CostLine, cents } from '../../../lib/plan/cost/monthly-cost';
import { QUOTA } from '../../../lib/quotas/quota-catalogue';
import { snapshotNames } from '../../../lib/quotas/snapshot';
import { type PlanCase, errorsOf, planFor, typeQuota } from '../../support/plan/plan-fixtures';

const SHIPPED = environmentNames().flatMap((name) =>
  snapshotNames().map((snapshot) => [name, snapshot] as const),
);
const prices = loadPriceBook('us-east-1');

function without(...keys: string[]) {
  return {
    ...prices,
    prices: Object.fromEntries(Object.entries(prices.prices).filter(([key]) => !keys.includes(key))),
  };
}

describe.each(SHIPPED)('the bill of %s on %s', (name, snapshot) => {
  const { cost, environment } = planEnvironment(name, {}, { snapshot }).plan;

  it.each(['expected', 'idle', 'max'] as const)('adds up to its total to the cent: %s', (figure) => {
    const inCents = cost.lines.reduce((sum, line) => sum + Math.round(line[figure] * 100), 0);
    expect(Math.round(cost.total[figure] * 100)).toBe(inCents);
  });

  it('is least with no traffic and most with everything scaled out', () => {
    for (const line of [...cost.lines, cost.total]) {
      expect(line.idle).toBeLessThanOrEqual(line.expected);
      expect(line.expected).toBeLessThanOrEqual(line.max);
    }
  });

  it('names each item once, with the prices it rests on', () => {
    const items = cost.lines.map(({ item }) => item);
    expect(new Set(items).size).toBe(items.length);
    for (const { source } of cost.lines) expect(source).toMatch(/USD.*\[[a-z].*\]$/);
  });

  it('lists no part that is switched off', () => {
    const items = new Set(cost.lines.map(({ item }) => item));
    expect(items.has('Notebook')).toBe(environment.workbench.notebook);
    expect(items.has('Training instance')).toBe(environment.workbench.trainer);
    expect(items.has('RDS PostgreSQL')).toBe(environment.database.enabled);
  });
});

describe('an instance endpoint', () => {
  const hosting = { modes: ['dedicated' as const], instanceTypes: ['ml.c5.xlarge'] };
  const plan = planFor({
    environment: { hosting, availability: { minInstances: 2 } },
    account: { [typeQuota('ml.c5.xlarge')]: { limit: 50, used: 0 } },
  });

  it('costs its instances by the hour: two ml.c5.xlarge are 297.84 a month, three at peak 446.76', () => {
    expect(plan.cost.lines[0]).toMatchObject({ expected: 297.84, idle: 297.84, max: 446.76 });
  });
});

describe('an instance endpoint with a daily peak', () => {
  const hosting = { modes: ['dedicated' as const], instanceTypes: ['ml.c5.xlarge'] };
  const lineUnder = (general: object) =>
    planFor({
      environment: { hosting, traffic: { general } },
      account: {
        [typeQuota('ml.c5.xlarge')]: { limit: 50, used: 0 },
        [QUOTA.endpointInstances]: { limit: 50, used: 0 },
        [QUOTA.instancesPerEndpoint]: { limit: 50, used: 0 },
      },
    }).cost.lines[0];

  it('costs four instances for two hours a day and one for the rest: 1.25 on average, 186.15 a month', () => {
    // 1300 requests/s of 5 ms keep 6.5 vCPUs busy, which with a safety factor of 2 take four times four vCPUs.
    const line = lineUnder({ averageRps: 200, peakRps: 1300 });
    expect(line?.inputs).toEqual([
      expect.objectContaining({
        what: 'instance hours',
        expected: expect.closeTo(1.25 * 730, 9),
        idle: 730,
        max: 4 * 730,
      }),
    ]);
    expect(line?.expected).toBe(186.15);
  });

  it('costs more the longer the peak lasts, and the first count at most where it takes no time', () => {
    const usd = [0, 1, 2].map((peakHoursPerDay) => {
      return lineUnder({ averageRps: 200, peakRps: 1300, peakHoursPerDay })?.expected ?? 0;
    });
    expect(usd).toEqual([148.92, 167.54, 186.15]);
  });
});

describe('what calls cost beside the endpoint', () => {
  const bill = (modes: 'dedicated' | 'serverless' | 'embedded') =>
    planFor({ environment: { hosting: { modes: [modes], instanceTypes: ['ml.c5.xlarge'] } } }).cost.lines;
  const general = (modes: 'dedicated' | 'serverless' | 'embedded') =>
    bill(modes).find(({ item }) => item === 'Lambda, logs, alarms: general');

  it('is the Lambda for as long as the endpoint answers, its logs, and alarms', () => {
    // One request/s is 2.628 million a month; 10 ms of its own, 20 ms of overhead, 5 ms of service at half load.
    const line = general('dedicated');
    expect(line?.inputs.map(({ what, expected }) => [what, expected])).toEqual([
      ['million Lambda calls', 2.628],
      ['GB-seconds of Lambda', expect.closeTo(2_628_000 * 0.04 * 0.5, 6)],
      ['GB of call logs', expect.closeTo((2.5 * 2_628_000) / 1024 ** 2, 9)],
      ['alarms of degraded answers', 1],
      ['alarms', 9],
    ]);
    expect(line?.idle).toBe(1);
    expect(line?.expected).toBe(5.36);
    // At peak, which is twice the average here, without end.
    expect(line?.max).toBe(9.72);
  });

  it('is longer where the endpoint answers later, and has no alarms where there is no endpoint', () => {
    const seconds = (['dedicated', 'serverless', 'embedded'] as const).map(
      (modes) => general(modes)?.inputs.find(({ price }) => price === 'lambda.arm')?.expected ?? 0,
    );
    expect(seconds[1]).toBeGreaterThan(seconds[0] ?? 0);
    expect(seconds[2]).toBeCloseTo(2_628_000 * 0.5 * (0.01 + (0.005 * 1769) / 512), 3);
    expect(general('embedded')?.idle).toBe(0);
  });

  it('goes with the busiest month of its serverless endpoint: the same requests stand in both lines', () => {
    const [endpoint] = bill('serverless');
    const most = (line: CostLine | undefined, price: string) =>
      line?.inputs.find((input) => input.price === price)?.max ?? 0;
    const gb = most(endpoint, 'sagemaker.serverless.data');
    expect(gb).toBeGreaterThan(0);
    expect(most(general('serverless'), 'lambda.requests') * 1e6).toBeCloseTo((gb * 1024 * 1024) / 4, 3);
  });
});

describe('the platform', () => {
  const linesWith = (environment: PlanCase['environment']) => planFor({ environment }).cost.lines;
  const input = (lines: readonly CostLine[], price: string) =>
    lines.flatMap(({ inputs }) => inputs).find((found) => found.price === price);
  const CLUSTER = { platform: { enabled: true, peakNodeVcpus: 8 }, network: { natGateways: 1 } };

  it('keeps the configured nodes when nobody calls, and has all of them otherwise', () => {
    const lines = linesWith({ ...CLUSTER, platform: { ...CLUSTER.platform, idleNodeVcpus: 4 } });
    expect(input(lines, 'ec2.m5.large')).toMatchObject({ idle: 2 * 730, expected: 4 * 730 });
    expect(input(lines, 'ebs.gp3')).toMatchObject({ idle: 160, expected: 320 });
  });

  it('keeps a node for each of the pods that always run, which stand in zones of their own', () => {
    const backend = { image: `sha256:${'a'.repeat(64)}`, architectures: ['amd64' as const] };
    const workloads = { images: { backend } };
    const lines = linesWith({ ...CLUSTER, platform: { ...CLUSTER.platform, idleNodeVcpus: 0, workloads } });
    expect(input(lines, 'ec2.m5.large')).toMatchObject({ idle: 2 * 730 });
  });

  it('never keeps more nodes than there are', () => {
    const lines = linesWith({ ...CLUSTER, platform: { ...CLUSTER.platform, idleNodeVcpus: 64 } });
    expect(input(lines, 'ec2.m5.large')).toMatchObject({ idle: 4 * 730, expected: 4 * 730 });
  });

  it('passes the calls of its backend through NAT, on top of what is estimated', () => {
    // Four specialists with one request/s each on average and two at peak, of 4 KB.
    const gb = (4 * 2_628_000 * 4) / 1024 ** 2;
    expect(input(linesWith({ ...CLUSTER, estimates: { natGb: 3 } }), 'vpc.natData')).toMatchObject({
      idle: 3,
      expected: expect.closeTo(3 + gb, 6),
      max: expect.closeTo(3 + 2 * gb, 6),
    });
  });

  it('passes none of them where there is no cluster', () => {
    const lines = linesWith({ network: { natGateways: 1 }, estimates: { natGb: 3 } });
    expect(input(lines, 'vpc.natData')).toMatchObject({ idle: 3, expected: 3, max: 3 });
  });

  it('takes load balancer units from the estimates', () => {
    const lines = linesWith({ ...CLUSTER, estimates: { loadBalancerLcus: 2.5 } });
    expect(input(lines, 'elb.lcu')).toMatchObject({ idle: 0, expected: 2.5 * 730 });
  });
});

describe('a serverless endpoint', () => {
  const hosting = { modes: ['serverless' as const] };
  const quiet = planFor({ environment: { hosting } }).cost.lines[0];
  const LOUD = { averageRps: 2, peakRps: 2 };
  const loud = planFor({ environment: { hosting, traffic: { general: LOUD } } }).cost.lines[0];

  it('costs nothing while idle and in proportion to its traffic otherwise', () => {
    expect(quiet?.idle).toBe(0);
    expect(quiet?.expected).toBeGreaterThan(0);
    expect(loud?.expected).toBeCloseTo(2 * (quiet?.expected ?? 0), 1);
  });
});

describe('an item that has no price', () => {
  it('makes the plan unknown and is named, with the price that is missing', () => {
    const plan = planFor({ prices: without('kms.key') });
    expect(plan.verdict).toBe('unknown');
    expect(errorsOf(plan)).toEqual(['price-unknown']);
    expect(plan.findings.at(-1)?.title).toContain(
      'Customer keys cannot be priced: the book of us-east-1 has no kms.key',
    );
  });

  it('is not on the bill at all, rather than for nothing', () => {
    const items = planFor({ prices: without('kms.key') }).cost.lines.map(({ item }) => item);
    expect(items).not.toContain('Customer keys');
    expect(planFor({}).cost.lines.map(({ item }) => item)).toContain('Customer keys');
  });

  it('is not hosted on: the next size that has one is taken', () => {
    const hosting = { modes: ['serverless' as const] };
    const plan = planFor({ environment: { hosting }, prices: without('sagemaker.serverless.1gb') });
    expect(plan.verdict).toBe('fits');
    for (const endpoint of plan.topology.endpoints) expect(endpoint).toMatchObject({ memoryMb: 2048 });
    expect(planFor({ environment: { hosting }, prices: without('sagemaker.serverless.data') }).verdict).toBe(
      'blocked',
    );
  });

  it('leaves an instance type out', () => {
    const plan = planFor({
      environment: { hosting: { modes: ['shared'], instanceTypes: ['ml.m6g.large', 'ml.m5.large'] } },
      account: {
        [typeQuota('ml.m6g.large')]: { limit: 9, used: 0 },
        [typeQuota('ml.m5.large')]: { limit: 9, used: 0 },
      },
      prices: without('sagemaker.hosting.ml.m6g.large'),
    });
    expect(plan.topology.endpoints).toEqual([expect.objectContaining({ instanceType: 'ml.m5.large' })]);
  });
});

describe('a price that no second source confirms', () => {
  it('is said once, and fails nothing', () => {
    const unsure = { usd: 1, unit: 'month', source: 'infracost-2026-08', confidence: 'unverified' as const };
    const plan = planFor({ prices: { ...prices, prices: { ...prices.prices, 'kms.key': unsure } } });
    expect(plan.verdict).toBe('fits');
    expect(plan.findings).toContainEqual(
      expect.objectContaining({
        id: 'prices-unverified',
        severity: 'info',
        facts: { items: 'Customer keys' },
      }),
    );
  });
});

describe('cents', () => {
  it('round to the nearest', () => {
    expect([cents(0.004), cents(0.005), cents(1.239), cents(0)]).toEqual([0, 0.01, 1.24, 0]);
  });
});
