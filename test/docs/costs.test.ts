import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { planEnvironment } from '../../lib/plan/load-plan';
import { prod } from '../../lib/config/environments/prod';
import { busyVcpus, instancesForVcpus } from '../../lib/plan/hosting/capacity';
import type { CostLine } from '../../lib/plan/cost/monthly-cost';
import type { DeploymentPlan } from '../../lib/plan/deployment-plan';
import { SOURCE_CLAIMS } from '../support/plan/legacy-hosting-cost';
import { offPeakRps, peakShare } from '../../lib/plan/hosting/traffic-day';
import { HOSTING_TYPES, QUOTA } from '../../lib/quotas/quota-catalogue';
import { amount } from '../../lib/report/cost-inputs';
import { markdownTable } from '../../lib/report/markdown-table';
import { patched, planFor, typeQuota } from '../support/plan/plan-fixtures';
import { TEST_PROFILES } from '../support/plan/plan-profiles';
import { claimTable, derivationTable, derivations, impliedTable } from './cost-claims';
import { hostingTable, partsTable } from './cost-environments';
import { estimatesTable, logsTable, sourcesTable } from './cost-logs';

const FILE = join(__dirname, '../../docs/costs.md');

const money = (usd: number) => `$${usd.toFixed(2)}`;

const FLEET = { averageRps: 200, peakRps: 1300, peakHoursPerDay: 2 };
const FLEET_TYPE = 'ml.c5.xlarge';
const ROOM = { limit: 50, used: 0 };
const fleet = planFor({
  environment: {
    traffic: { general: FLEET },
    hosting: { modes: ['dedicated'], instanceTypes: [FLEET_TYPE] },
  },
  account: {
    [typeQuota(FLEET_TYPE)]: ROOM,
    [QUOTA.endpointInstances]: ROOM,
    [QUOTA.instancesPerEndpoint]: ROOM,
  },
});
const { plan: dev } = planEnvironment('dev', {});
const image = { image: `sha256:${'a'.repeat(64)}`, architectures: ['amd64' as const] };
const workloads = { images: { backend: image, frontend: image } };
const prodWithImages = planFor({ environment: patched(prod, { platform: { workloads } }) });

function lineOf(plan: DeploymentPlan, start: string): CostLine {
  const line = plan.cost.lines.find(({ item }) => item.startsWith(start));
  if (line === undefined) throw new Error(`no line ${start}`);
  return line;
}

function lineTable(line: CostLine): string {
  const sum = (of: 'expected' | 'idle' | 'max') => money(line[of]);
  return markdownTable(
    ['Amount', 'Price', 'USD:', 'Expected:', 'Idle:', 'Maximum:'],
    [
      ...line.inputs.map((input) => [
        input.what,
        `\`${input.price}\``,
        `${amount(input.usd)} per ${input.unit}`,
        amount(input.expected),
        amount(input.idle),
        amount(input.max),
      ]),
      ['**a month**', '', '', sum('expected'), sum('idle'), sum('max')],
    ],
  );
}

function dayTable(): string {
  const load = { ...FLEET, profile: TEST_PROFILES.specialists.general };
  const type = HOSTING_TYPES.get(FLEET_TYPE);
  if (type === undefined) throw new Error(FLEET_TYPE);
  const { safetyFactor } = fleet.environment.hosting;
  const share = peakShare(load);
  const parts = [
    ['at peak', share, load.peakRps],
    ['the rest', 1 - share, offPeakRps(load)],
  ] as const;
  return markdownTable(
    ['Part of the day', 'Hours:', 'Requests/s:', 'Busy vCPUs:', 'Instances:'],
    parts.map(([name, of, rps]) => {
      const busy = busyVcpus([{ ...load, averageRps: rps }], 'averageRps');
      return [
        name,
        amount(of * 24),
        amount(rps),
        amount(busy),
        String(instancesForVcpus(busy, type, safetyFactor)),
      ];
    }),
  );
}

const TABLES: Readonly<Record<string, () => string>> = {
  'example: the day of a fleet': dayTable,
  'example: a fleet with a daily peak': () => lineTable(lineOf(fleet, 'Endpoint mini-xdr-test-general')),
  'example: a serverless endpoint': () => lineTable(lineOf(dev, 'Endpoint mini-xdr-dev-general')),
  'example: the calls of a serverless endpoint': () =>
    lineTable(lineOf(dev, 'Lambda, logs, alarms: general')),
  'example: the gateways of dev': () => lineTable(lineOf(dev, 'NAT gateways')),
  'example: watching the inference function': () =>
    lineTable(lineOf(dev, 'Metrics, traces, kept logs, alarms')),
  'the logs of the environments': logsTable,
  'amounts behind the logs': estimatesTable,
  'sources of the amounts': sourcesTable,
  'example: logs and metrics of pods of prod': () =>
    lineTable(lineOf(prodWithImages, 'Logs, metrics, alarms of pods')),
  'the environments by part': partsTable,
  'hosting beside the source system': hostingTable,
  claims: claimTable,
  derivations: derivationTable,
  implied: impliedTable,
};

const BLOCK = /<!-- ([^>]+) -->\n([^]*?)<!-- end -->/g;

// After a change that is meant: UPDATE_GOLDEN=1 npx jest test/plan/cost-docs, then prettier, then read the difference.
if (process.env['UPDATE_GOLDEN'] === '1') {
  const text = readFileSync(FILE, 'utf8').replace(BLOCK, (block, name: string) => {
    const table = TABLES[name];
    return table === undefined ? block : `<!-- ${name} -->\n\n${table()}\n\n<!-- end -->`;
  });
  writeFileSync(FILE, text);
}

const text = readFileSync(FILE, 'utf8');
const blocks = new Map([...text.matchAll(BLOCK)].map(([, name = '', body = '']) => [name, body]));

/** Cells without the padding that the formatter gives them. */
const cellsOf = (table: string) =>
  table
    .trim()
    .split('\n')
    .map((row) => row.split('|').map((cell) => cell.trim().replace(/-{3,}/, '---')));

describe('docs/costs.md (regenerate with UPDATE_GOLDEN=1 npx jest test/plan/cost-docs)', () => {
  it('has every generated table, and no other', () => {
    expect([...blocks.keys()].sort()).toEqual(Object.keys(TABLES).sort());
  });

  it.each(Object.entries(TABLES))('says what planner and price book say today: %s', (name, table) => {
    expect(cellsOf(blocks.get(name) ?? '')).toEqual(cellsOf(table()));
  });

  it('has no sum of money outside its tables but what the source system claimed', () => {
    const prose = text.replace(BLOCK, '');
    const sums = [...prose.matchAll(/\$[\d.,]*\d/g)].map(([sum]) => sum);
    expect(new Set(sums)).toEqual(new Set(SOURCE_CLAIMS.map(({ claimedUsd }) => `$${claimedUsd}`)));
  });

  it('draws the conclusions that its tables bear out', () => {
    const [nearest] = derivations;
    expect(nearest).toEqual({
      claim: 36,
      price: 'sagemaker.notebook.ml.t3.medium',
      count: 1,
      hours: 720,
      usd: 36,
    });
    expect(HOSTING_TYPES.has('ml.t3.medium')).toBe(false);
    const larger = derivations.filter(({ claim }) => claim === 504);
    expect(
      larger.map(({ price, count, hours }) => [price.replace('sagemaker.hosting.', ''), count, hours]),
    ).toEqual([
      ['ml.m5.xlarge', 3, 730],
      ['ml.c5d.xlarge', 3, 730],
      ['ml.r5d.2xlarge', 1, 730],
    ]);
  });

  it('describes the example that it shows', () => {
    const prose = text.replaceAll(/\s+/g, ' ');
    expect(prose).toContain(
      `${FLEET.averageRps} requests a second on average, ${FLEET.peakRps} at peak for two hours a day, for one specialist of ${TEST_PROFILES.specialists.general.serviceMs} ms a request on \`${FLEET_TYPE}\``,
    );
    expect(FLEET.peakHoursPerDay).toBe(2);
  });

  it('names settings that there are', () => {
    const { estimates, platform, traffic } = dev.environment;
    for (const key of Object.keys(estimates)) expect(text).toContain(`estimates.${key}`);
    for (const key of Object.keys(estimates.logs)) expect(text).toContain(`estimates.logs.${key}`);
    expect(Object.keys(traffic.general)).toContain('peakHoursPerDay');
    expect(Object.keys(platform)).toContain('idleNodeVcpus');
  });
});
