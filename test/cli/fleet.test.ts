import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { QUOTA } from '../../lib/quotas/catalogue';
import { loadSnapshot } from '../../lib/quotas/snapshot';
import { type FleetReport, fleetReportSchema } from '../../lib/report/fleet-schema';
import { LINE } from '../../lib/report/text-layout';
import { xdrOnce } from '../support/command-line';
import { type Reading, accountWith, typeQuota } from '../support/plan-fixtures';

const folder = mkdtempSync(join(tmpdir(), 'fleet-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
/** A file of this test. */
function file(content: unknown): string {
  const path = join(folder, `${(files += 1)}.json`);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const xdr = (args: readonly string[], color = false) => xdrOnce(['fleet', ...args], color);

const EXAMPLE = 'test/cli/fleet-models.json';
const MODEL = { averageRps: 0.2, peakRps: 2, serviceMs: 5, memoryMb: 32 };
const models = (count: number, each: object = {}) =>
  file({
    schemaVersion: 1,
    models: Array.from({ length: count }, (_, at) => ({ name: `tenant-${at + 1}`, ...MODEL, ...each })),
  });
const account = (readings: Readonly<Record<string, Reading>>) => file(accountWith(readings));

async function report(...args: string[]): Promise<FleetReport> {
  const { code, out, err } = await xdr([...args, '--format', 'json']);
  expect(err).toBe('');
  const parsed = fleetReportSchema.parse(JSON.parse(out));
  expect(parsed.exitCode).toBe(code);
  return parsed;
}

function hostingOf({ hosting }: FleetReport): NonNullable<FleetReport['hosting']> {
  if (hosting === null) throw new Error('no plan was found');
  return hosting;
}

describe('a fleet that the account holds', () => {
  const args = ['--env', 'prod', '--models', EXAMPLE];

  it('is hosted whole, within every quota and the budget, which the exit code says', async () => {
    const fits = await report(...args);
    expect(fits).toMatchObject({ environment: 'prod', verdict: 'fits', exitCode: 0, models: 60 });
    const { endpoints, embedded, cost } = hostingOf(fits);
    const hosted = [
      ...endpoints.flatMap((endpoint) => endpoint.models),
      ...embedded.map(({ model }) => model),
    ];
    const { models: asked } = JSON.parse(readFileSync(EXAMPLE, 'utf8')) as { models: { name: string }[] };
    expect(hosted.toSorted()).toEqual(asked.map(({ name }) => name).toSorted());
    expect(fits.quotas.filter(({ verdict }) => verdict !== 'fits')).toEqual([]);
    expect(fits.missing).toEqual([]);
    const own = endpoints.reduce((sum, { monthlyUsd }) => sum + monthlyUsd, 0);
    expect(cost.monthlyUsd).toBeCloseTo(own + fits.platformUsd, 2);
    expect(cost.monthlyUsd).toBeLessThanOrEqual(fits.budgetUsd);
    expect(cost).toMatchObject({ proven: true, leastUsd: cost.monthlyUsd });
  });

  it('is shown in 80 columns, in colour or not: verdict, proof, endpoints, quotas, and what it stands for', async () => {
    const { out, code } = await xdr(args, true);
    expect(code).toBe(0);
    expect(out).toContain('\u001b[');
    const plain = stripVTControlCharacters(out);
    expect((await xdr(args)).out).toBe(plain);
    expect(plain.split('\n').filter((line) => line.length > LINE)).toEqual([]);
    expect(plain).toMatch(
      /^prod with a fleet of 60 models fits: \$\d+\.\d\d a month of a budget of \$700\.00\n/,
    );
    expect(plain).toContain('Proven: no plan that');
    expect(plain).toMatch(/shared +1 to 2 × +60: tenant-01, +73 ms +\d+\.\d\d\n/);
    expect(plain).toMatch(/ml\.m6g\.large for endpoint +2 default +0 +1 +2 +2 +0\n/);
    expect(plain).toMatch(/in place of prod's\s+own models \(general, ddos, bruteforce, webattacks\)/);
  });

  it('is written to a file where one is named', async () => {
    const out = join(folder, 'fleet.txt');
    expect(await xdr([...args, '--out', out])).toEqual({ code: 0, out: '', err: `wrote ${out}\n` });
    expect(readFileSync(out, 'utf8')).toBe((await xdr(args)).out);
  });

  it('is never called blocked for want of time, which the exit code says', async () => {
    const hurried = await report(...args, '--deadline', '0.000001');
    expect([0, 3]).toContain(hurried.exitCode);
    expect(hurried.missing).toEqual([]);
  });

  it('counts the calls of the fleet in the bill of the platform, and not those of the four specialists', async () => {
    const snapshot = account({ [QUOTA.endpointInstances]: { limit: 50, used: 0 } });
    const bill = async (each: object) =>
      (await report('--env', 'prod', '--snapshot', snapshot, '--models', models(2, each))).platformUsd;
    expect(await bill({ averageRps: 20, peakRps: 20 })).toBeGreaterThan(await bill({}));
  });

  const onDemand = async (...more: string[]) =>
    (await xdr(['--env', 'dev', '--snapshot', file(roomy), '--models', models(8), ...more])).out;
  // Nothing but serverless endpoints has a quota.
  const roomy = accountWith({
    [QUOTA.standardVcpus]: { limit: 64, used: 0 },
    [QUOTA.endpointInstances]: { limit: 0, used: 0 },
  });

  it('sums up serverless endpoints when there are many, and lists them all where that is asked for', async () => {
    const brief = await onDemand();
    expect(brief).toMatch(/8 endpoints +serverless +2048 MB, +8: tenant-1,/);
    expect(brief).not.toContain('tenant-8');
    const verbose = await onDemand('--verbose');
    for (let at = 1; at <= 8; at += 1) expect(verbose).toContain(`1: tenant-${at}\u0020`);
  });
});

describe('a fleet that the account does not hold', () => {
  const args = ['--env', 'dev', '--models', models(6), '--snapshot'];
  const recorded = 'mini-xdr-2025-11';

  it('is told exactly the quota that is missing, and what it would cost', async () => {
    const blocked = await report(...args, recorded);
    expect(blocked).toMatchObject({ verdict: 'blocked', exitCode: 1 });
    expect(blocked.missing).toEqual([
      {
        kind: 'quota',
        service: 'sagemaker',
        code: 'L-99AD19BF',
        name: 'Maximum number of serverless endpoints',
        limit: 5,
        left: 5,
        by: 1,
        to: 6,
      },
    ]);
    expect(hostingOf(blocked)).toMatchObject({ supposes: 'missing granted', cost: { proven: true } });
    // What nobody knows hides nothing that is short whatever it may be.
    expect(blocked.undetermined.length).toBeGreaterThan(0);
    const { out } = await xdr([...args, recorded]);
    expect(out).toMatch(/^dev with a fleet of 6 models is blocked: 1 quota is short\n/);
    expect(out).toMatch(/Maximum number of +sagemaker\/L- +5 +5 +1 +6\n/);
    expect(out).toContain('Once exactly that is granted, it would cost $');
  });

  it('fits once exactly that is granted', async () => {
    const snapshot = loadSnapshot(recorded);
    const quotas = snapshot.quotas.map((quota) =>
      quota.code === 'L-99AD19BF' ? { ...quota, value: 6 } : quota,
    );
    expect((await xdr([...args, file({ ...snapshot, quotas })])).code).toBe(0);
  });

  it('is told by how much the budget is short: what the cheapest plan costs above it', async () => {
    const snapshot = account({
      [QUOTA.standardVcpus]: { limit: 64, used: 0 },
      [QUOTA.endpointInstances]: { limit: 50, used: 0 },
    });
    const short = await report('--env', 'dev', '--models', models(20), '--snapshot', snapshot);
    const { monthlyUsd } = hostingOf(short).cost;
    expect(short.missing).toEqual([
      {
        kind: 'budget',
        budgetUsd: 400,
        byUsd: expect.closeTo(monthlyUsd - 400, 2) as number,
        toUsd: monthlyUsd,
      },
    ]);
  });

  it('is blocked by what the rest of the environment lacks, with the plan that is not to blame', async () => {
    const snapshot = account({ [QUOTA.vpcs]: { limit: 5, used: 5 } });
    const blocked = await report('--env', 'prod', '--models', models(3), '--snapshot', snapshot);
    expect(blocked.exitCode).toBe(1);
    expect(blocked.missing).toEqual([expect.objectContaining({ code: 'L-F678F1CE', by: 1, to: 6 })]);
    expect(hostingOf(blocked).supposes).toBe('nothing');
  });

  it('is told which models no increase helps, and why', async () => {
    const slow = await report('--env', 'prod', '--models', models(7, { serviceMs: 200 }));
    expect(slow).toMatchObject({ exitCode: 1, hosting: null, missing: [] });
    expect(slow.homeless).toHaveLength(7);
    expect(slow.homeless[0]?.reason).toMatch(/^p95 of \d+ ms at best misses the target of 150 ms$/);
    const large = await report('--env', 'prod', '--models', models(2, { memoryMb: 9e6 }));
    expect(large.homeless[0]?.reason).toBe('no allowed mode and type holds its traffic and memory');
    const busy = await report('--env', 'prod', '--models', models(2, { peakRps: 90_000 }));
    expect(busy.homeless[0]?.reason).toMatch(
      /^Maximum number of instances per endpoint \(L-ED8DEE9B\): needs/,
    );
    const { out } = await xdr(['--env', 'prod', '--models', models(7, { serviceMs: 200 })]);
    expect(out).toContain('is blocked: no increase brings 7 models a home');
    expect(out).toContain('2 more; --verbose lists them');
  });
});

describe('a quota that nobody knows', () => {
  const prod = (readings: Readonly<Record<string, Reading>>) => [
    '--env',
    'prod',
    '--models',
    models(3),
    '--snapshot',
    account(readings),
  ];

  it.each([
    ['limit', {}],
    ['use', { limit: 50 }],
  ])('leaves it open where the fleet needs it: %s', async (_what, reading) => {
    const args = prod({ [QUOTA.endpointInstances]: reading });
    const open = await report(...args);
    expect(open).toMatchObject({ verdict: 'unknown', exitCode: 3, missing: [] });
    expect(open.undetermined).toContainEqual(expect.objectContaining({ code: 'L-7A3DF611' }));
    expect(hostingOf(open).supposes).toBe('unknown ample');
    const { out } = await xdr(args);
    expect(out).toMatch(/^prod with a fleet of 3 models is undecided: 1 quota unknown\n/);
    expect(out).toMatch(/\(sagemaker\/L-7A3DF611\): needed,\s+and\s+could not be determined/);
  });

  it('leaves it open where the rest of the environment needs it', async () => {
    expect((await report(...prod({ [QUOTA.vpcs]: {} }))).exitCode).toBe(3);
  });

  it('does no harm where a plan does without it', async () => {
    const fits = await report(...prod({ [typeQuota('ml.m5.large')]: {} }));
    expect(fits.exitCode).toBe(0);
    expect(hostingOf(fits).endpoints.map(({ instanceType }) => instanceType)).not.toContain('ml.m5.large');
  });
});

describe('a file of models', () => {
  const refused = async (content: unknown) => {
    const { code, out, err } = await xdr(['--models', file(content)]);
    expect({ code, out }).toEqual({ code: 64, out: '' });
    return err;
  };
  const of = (...list: object[]) => ({ schemaVersion: 1, models: list.map((one) => ({ ...MODEL, ...one })) });

  it('is refused with every error at once, in words', async () => {
    const err = await refused(
      of(
        { name: 'a', averageRps: 5, rps: 1 },
        { name: 'b', serviceMs: 0, peakHoursPerDay: 25 },
        { name: 'c' },
      ),
    );
    expect(err).toContain('models[0].averageRps: given 5; allowed is at most peakRps, which is 2\n');
    expect(err).toContain('models[0].rps: unknown key; known here: averageRps, peakRps, peakHoursPerDay,');
    expect(err).toContain('models[1].serviceMs: given 0; allowed is a number of');
    expect(err).toContain('models[1].peakHoursPerDay: given 25; allowed is a number of at most 24\n');
    expect(err).not.toContain('models[2]');
  });

  it.each(['tenant_1', 'tenant 1', '-a', 'a-', 'a--b', 'é', '', '../a', 'a'.repeat(64)])(
    'is refused with a name that SageMaker would not take: %j',
    async (name) => {
      expect(await refused(of({ name }))).toContain(`models[0].name: given ${JSON.stringify(name)}`);
    },
  );

  it('is refused with two models of one name, in whatever letter case', async () => {
    const err = await refused(of({ name: 'Tenant' }, { name: 'other' }, { name: 'tenant' }));
    expect(err).toContain('models[2].name: given "tenant"; allowed is a name that no other model has');
    expect(err).toContain('models[0] has it');
  });

  it('holds 1 to 500 models of version 1', async () => {
    expect(await refused(of())).toContain('models: given []; allowed is at least 1 entry');
    expect(await refused(of(...Array.from({ length: 501 }, (_, at) => ({ name: `m${at}` }))))).toContain(
      'allowed is at most 500 entries',
    );
    expect(await refused({ ...of({ name: 'a' }), schemaVersion: 2 })).toContain(
      'schemaVersion: given 2; allowed is 1',
    );
  });

  it('must be there, and JSON', async () => {
    expect(await refused('{')).toContain('cannot be read as JSON');
    const none = await xdr(['--models', join(folder, 'none.json')]);
    expect(none).toMatchObject({
      code: 64,
      err: expect.stringContaining('there is no file of models') as string,
    });
    expect((await xdr([])).code).toBe(64);
    expect((await xdr(['--models', EXAMPLE, '--deadline', '0'])).code).toBe(64);
  });
});
