import { planEnvironment } from '../../../lib/plan/load-plan';
import { environmentNames } from '../../../lib/config/load-environment';
import type { Candidate } from '../../../lib/plan/candidates/candidate';
import { candidatesByGroup } from '../../../lib/plan/candidates/hosting-candidates';
import { type CostLine, cents, expectedUsd, priceLine } from '../../../lib/plan/cost/monthly-cost';
import { TEST_PROFILES } from '../../support/plan/plan-profiles';
import { endpointAmounts } from '../../../lib/plan/cost/serving-cost';
import { servingLines } from '../../../lib/plan/cost/serving-lines';
import { loadPriceBook } from '../../../lib/pricing/price-book';
import { snapshotNames } from '../../../lib/quotas/snapshot';
import { renderHtml } from '../../../lib/report/html/page';
import { renderMarkdown } from '../../../lib/report/markdown';
import { reportOf } from '../../../lib/report/report';
import type { Report } from '../../../lib/report/schema';
import { renderTable } from '../../../lib/report/table';
import { SPECIALISTS } from '../../../models/catalogue';
import { environmentWith, planFor } from '../../support/plan/plan-fixtures';

const prices = loadPriceBook('us-east-1');
const CASES = [
  ['monthlyUsd', 'expected'],
  ['idleMonthlyUsd', 'idle'],
  ['maxMonthlyUsd', 'max'],
] as const;

const SHIPPED = environmentNames().flatMap((name) =>
  snapshotNames().map((snapshot): [string, Report] => [
    `${name} on ${snapshot}`,
    reportOf(planEnvironment(name, {}, { snapshot }).plan, { snapshotName: snapshot, strict: false }),
  ]),
);

describe.each(SHIPPED)('the bill of %s', (_name, report) => {
  it.each(CASES)(
    'can be worked out again from its inputs, line by line and in total: %s',
    (figure, amount) => {
      const worked = report.cost.lines.map(({ inputs = [] }) =>
        cents(inputs.reduce((sum, input) => sum + input[amount] * input.usd, 0)),
      );
      expect(worked).toEqual(report.cost.lines.map((line) => line[figure]));
      expect(cents(worked.reduce((sum, usd) => sum + usd, 0))).toBe(report.cost[figure]);
    },
  );

  it('names for every input what it is, and the price exactly as the book has it', () => {
    for (const { inputs } of report.cost.lines) {
      expect(inputs?.length).toBeGreaterThan(0);
      for (const { price, what, usd, unit, source, confidence } of inputs ?? []) {
        expect(what).toMatch(/^\S.*\S$/);
        expect({ usd, unit, source, confidence }).toEqual(prices.prices[price]);
      }
    }
  });

  it('shows every amount and price to readers of the table, the Markdown and the page', () => {
    const solid = (text: string) => text.replaceAll(/\s+/g, '');
    const texts = [
      renderTable(report, { color: false, verbose: true }),
      renderMarkdown(report),
      renderHtml(report),
    ].map(solid);
    for (const { price, what, usd } of report.cost.lines.flatMap(({ inputs = [] }) => inputs)) {
      for (const text of texts) {
        expect(text).toContain(solid(price));
        expect(text).toContain(solid(what));
        expect(text).toContain(usd < 1e-4 ? usd.toFixed(12).replace(/0+$/, '') : String(usd));
      }
    }
    expect(renderTable(report, { color: false })).not.toContain('seconds of run');
  });
});

describe('figures as they are shown', () => {
  it('lose no cent to rounding, even where fleets are huge', () => {
    const traffic = { averageRps: 3000, peakRps: 40_000 };
    const plan = planFor({
      environment: {
        traffic: { general: traffic },
        hosting: { modes: ['dedicated'] },
        budget: { monthlyUsd: 1e7 },
      },
    });
    const text = renderTable(reportOf(plan, { snapshotName: '', strict: false }), {
      color: false,
      verbose: true,
    });
    const [line] = plan.cost.lines;
    const [, hours, price] = /- ([\d.]+) instance\s+hours .*?× ([\d.]+)/s.exec(text) ?? [];
    expect(cents(Number(hours) * Number(price))).toBe(line?.expected);
    expect(line?.expected).toBeGreaterThan(1000);
  });
});

describe('a way of hosting', () => {
  const environment = environmentWith({
    hosting: { serverless: { provisionedConcurrency: { accountLimit: 50, usdPerGbSecond: 0.00001 } } },
    traffic: { general: { averageRps: 40, peakRps: 900, peakHoursPerDay: 7 } },
  });
  const context = { environment, region: 'us-east-1', prices, profiles: TEST_PROFILES };
  const all: Candidate[] = [...candidatesByGroup(context, SPECIALISTS).values()].flat();
  const priced = (item: string, amounts: Parameters<typeof priceLine>[2]): CostLine => {
    const line = priceLine('endpoints', item, amounts, prices);
    if ('price' in line) throw new Error(`${line.price} has no price`);
    return line;
  };

  it('is chosen by the very figure that stands on the bill, whatever the mode', () => {
    expect(new Set(all.map(({ mode }) => mode)).size).toBe(4);
    for (const { specialists, endpoint, monthlyUsd } of all) {
      const topology =
        endpoint === undefined
          ? { endpoints: [], embedded: specialists }
          : { endpoints: [endpoint], embedded: [] };
      const lines = servingLines(context, topology).map((line) => ('expected' in line ? line.expected : NaN));
      expect(monthlyUsd).toBe(cents(lines.reduce((sum, usd) => sum + usd, 0)));
    }
  });

  it('has the price of provisioned concurrency from configuration, and says that nothing confirms it', () => {
    const warm = all.find(
      ({ endpoint }) => endpoint?.mode === 'serverless' && endpoint.provisionedConcurrency,
    );
    if (warm?.endpoint?.mode !== 'serverless') throw new Error('nothing is provisioned');
    const line = priced('endpoint', endpointAmounts(context, warm.endpoint));
    const gbSeconds =
      (warm.endpoint.provisionedConcurrency ?? 0) * (warm.endpoint.memoryMb / 1024) * 730 * 3600;
    expect(line.unverified).toBe(true);
    expect(line.inputs.at(-1)).toEqual({
      price: 'hosting.serverless.provisionedConcurrency.usdPerGbSecond',
      what: 'GB-seconds provisioned',
      usd: 0.00001,
      unit: 'GB-second',
      expected: gbSeconds,
      idle: gbSeconds,
      max: gbSeconds,
      source: 'configuration',
      confidence: 'unverified',
    });
  });
});

describe('an amount without a price', () => {
  it('makes the sum unknown rather than smaller', () => {
    const amounts = [
      { price: 'kms.key', what: 'keys', expected: 2 },
      { price: 'no.such', what: 'things', expected: 0 },
    ];
    expect(expectedUsd(amounts, prices)).toBeUndefined();
    expect(priceLine('operations', 'things', amounts, prices)).toEqual({ item: 'things', price: 'no.such' });
    expect(expectedUsd(amounts.slice(0, 1), prices)).toBe(2);
  });
});
