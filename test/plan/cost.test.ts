import { loadPriceBook } from '../../lib/pricing/price-book';
import { environmentNames } from '../../lib/config/load';
import { planEnvironment } from '../../lib/cli/context';
import { cents } from '../../lib/plan/cost';
import { snapshotNames } from '../../lib/quotas/snapshot';
import { errorsOf, planFor, typeQuota } from '../support/plan-fixtures';

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
