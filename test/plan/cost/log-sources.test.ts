import type { EnvironmentInput } from '../../../lib/config/environment-input';
import { LOG_ESTIMATES, LOG_ESTIMATE_SOURCES, type LogEstimate } from '../../../lib/config/log-estimates';
import type { CostLine } from '../../../lib/plan/cost/monthly-cost';
import { LOG_SOURCES } from '../../../lib/plan/cost/log-sources';
import { type Patch, patched, planFor } from '../../support/plan/plan-fixtures';

type Changes = Patch<EnvironmentInput>;

const NAMES = Object.keys(LOG_ESTIMATES) as LogEstimate[];

/** Everything that writes a log: one request a second to each specialist, two at peak. */
const FULL: Changes = {
  network: { natGateways: 1, zones: ['a', 'b'], interfaceEndpoints: ['logs'] },
  platform: {
    enabled: true,
    peakNodeVcpus: 4,
    idleNodeVcpus: 2,
    certificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/0f1e2d3c',
    loadBalancer: { internetFacing: true, allowedCidrs: ['203.0.113.0/24'] },
  },
  database: { enabled: true, multiAz: true },
  operations: { logRetentionDays: 30 },
};

const linesWith = (changes: Changes = {}): readonly CostLine[] =>
  planFor({ environment: patched(FULL, changes) }).cost.lines;

function lineOf(lines: readonly CostLine[], item: string): CostLine {
  const line = lines.find((each) => each.item === item);
  if (line === undefined) throw new Error(`no line ${item}`);
  return line;
}

const full = linesWith();
const logItems = (lines: readonly CostLine[]) =>
  lines.map(({ item }) => item).filter((name) => LOG_SOURCES.some(({ item }) => item === name));

describe('the volume of logs', () => {
  it('of flows follows from interfaces and requests', () => {
    // A gateway, an endpoint in each of two zones, the load balancer in both, two of the control plane, two nodes,
    // database and standby; idle one node less. 730 hours of 60 records a minute, of 141 bytes.
    const standing = (interfaces: number) => (interfaces * 730 * 60 * 60 * 141) / 1024 ** 3;
    const requests = (4 * 2_628_000 * 4 * 141) / 1024 ** 3;

    expect(lineOf(full, 'VPC flow log').inputs[0]).toMatchObject({
      price: 'logs.vended',
      what: 'GB estimated from 11 interfaces, 10.5 million requests',
      expected: expect.closeTo(standing(11) + requests, 6),
      idle: expect.closeTo(standing(10), 6),
      max: expect.closeTo(standing(11) + 2 * requests, 6),
    });
  });

  it('of flows has no requests in it where these do not pass the VPC', () => {
    const { inputs } = lineOf(
      linesWith({ platform: { enabled: false, loadBalancer: { internetFacing: false, allowedCidrs: [] } } }),
      'VPC flow log',
    );

    expect(inputs[0]?.what).toBe('GB estimated from 5 interfaces, 0 million requests');
    expect(inputs[0]?.max).toBe(inputs[0]?.idle);
  });

  it('of the control plane follows from the nodes, audit most of all', () => {
    expect(lineOf(full, 'EKS control plane log').inputs[0]).toMatchObject({
      price: 'logs.vended',
      what: 'GB estimated from 2 nodes',
      expected: 10 + 2 * 5 + 0.6,
      idle: 10 + 5 + 0.6,
      max: 10 + 2 * 5 + 0.6,
    });
  });

  it('is kept for as long as the environment says, compressed; RDS keeps its own for 30 days', () => {
    const kept = (days: 30 | 365, item: string) =>
      lineOf(linesWith({ operations: { logRetentionDays: days } }), item).inputs.find(
        ({ price }) => price === 'logs.storage',
      );

    expect(kept(365, 'EKS control plane log')).toMatchObject({
      what: 'GB kept for 365 days',
      expected: expect.closeTo(20.6 * 12 * 0.15, 6),
    });
    expect(kept(30, 'EKS control plane log')?.expected).toBeCloseTo((20.6 * 0.15 * 12 * 30) / 365, 6);
    expect(kept(365, 'Enhanced Monitoring log')).toEqual(kept(30, 'Enhanced Monitoring log'));
  });

  it('of calls is kept as well', () => {
    const inputs = full.flatMap((line) => line.inputs);
    const calls = inputs.filter(({ what }) => what === 'GB of call logs');
    const kept = inputs.find(({ what }) => what === 'GB of call logs kept for 30 days');

    const ingested = calls.reduce((sum, { expected }) => sum + expected, 0);
    expect(kept?.expected).toBeCloseTo((ingested * 0.15 * 12 * 30) / 365, 6);
    expect(kept?.idle).toBe(0);
  });
});

describe('the logs of a bill', () => {
  it('are all there where everything writes some', () => {
    expect(logItems(full)).toEqual(expect.arrayContaining(LOG_SOURCES.map(({ item }) => item)));
  });

  it.each<[string, Changes, readonly string[]]>([
    [
      'a cluster',
      { platform: { enabled: false, loadBalancer: { internetFacing: false, allowedCidrs: [] } } },
      ['EKS control plane log', 'Web ACL log'],
    ],
    [
      'a public load balancer',
      { platform: { loadBalancer: { internetFacing: false, allowedCidrs: [] } } },
      ['Web ACL log'],
    ],
    ['a database', { database: { enabled: false } }, ['PostgreSQL log', 'Enhanced Monitoring log']],
  ])('go with what writes them: without %s', (_name, changes, gone) => {
    const left = logItems(linesWith(changes));

    expect(
      logItems(full)
        .filter((item) => !left.includes(item))
        .sort(),
    ).toEqual([...gone].sort());
  });

  it.each(NAMES)('depend on estimates.logs.%s', (name) => {
    const doubled = linesWith({ estimates: { logs: { [name]: LOG_ESTIMATES[name].value * 2 } } });
    const amounts = (lines: readonly CostLine[]) =>
      lines.flatMap(({ inputs }) => inputs).filter(({ price }) => price.startsWith('logs.'));

    expect(amounts(doubled)).not.toEqual(amounts(full));
  });

  it.each(NAMES)('say where the default of estimates.logs.%s comes from', (name) => {
    const { source, confidence, says } = LOG_ESTIMATES[name];

    expect(LOG_ESTIMATE_SOURCES[source]).toMatch(/\S{3,}/);
    expect(['sure', 'likely', 'unverified']).toContain(confidence);
    expect(says).toMatch(/^\S.{10,}/);
  });
});
