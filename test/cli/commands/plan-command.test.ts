import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { planEnvironment } from '../../../lib/plan/load-plan';
import { readCurrentPlan } from '../../../lib/report/current-plan';
import { QUOTA } from '../../../lib/quotas/quota-catalogue';
import { comparisonSchema, whatIfSchema } from '../../../lib/report/changes-json';
import { LINE } from '../../../lib/util/text-layout';
import { reportSchema } from '../../../lib/report/schema';
import { xdrOnce as xdr } from '../../support/command-line';

const folder = mkdtempSync(join(tmpdir(), 'plan-'));
afterAll(() => rmSync(folder, { recursive: true }));

const plan = (...args: string[]) => xdr(['plan', ...args]);
const json = async (...args: string[]) =>
  JSON.parse((await plan(...args, '--format', 'json')).out) as unknown;

describe('plan', () => {
  it.each(['table', 'json', 'html'])('alone is the pre-flight’s report: %s', async (format) => {
    const args = ['--env', 'prod', '--format', format];
    expect(await plan(...args)).toEqual(await xdr(['preflight', ...args]));
  });

  it('takes dev where no environment is named, and writes to a file where one is', async () => {
    const file = join(folder, 'plan.txt');
    const { code, out, err } = await plan('--out', file);
    expect({ code, out, err }).toEqual({ code: 0, out: '', err: `wrote ${file}\n` });
    expect(readFileSync(file, 'utf8')).toBe((await plan('--env', 'dev')).out);
  });
});

describe('plan --set', () => {
  const WHAT_IF = ['--env', 'prod', '--set', 'quotas.L-C1E62DF0=4', '--set', 'traffic.ddos.peakRps=50'];

  it('shows the new plan, then what was set and what it changes', async () => {
    const { code, out } = await plan(...WHAT_IF);
    expect(code).toBe(0);
    expect(out).toMatch(/^prod fits: \$/);
    const difference = out.slice(out.indexOf('Difference from prod as configured'));
    expect(difference).toContain('  quotas.sagemaker/L-C1E62DF0: 2 → 4\n  traffic.ddos.peakRps: 30 → 50\n');
    expect(difference).toMatch(/ml\.m6g\.large for endpoint usage +2 → 4 +0 +2 fits/);
  });

  it('fits a terminal of 80 columns, in colour or not', async () => {
    for (const args of [WHAT_IF, ['--set', 'hosting.modes=dedicated'], ['--compare', 'dev', 'prod']]) {
      const { out } = await xdr(['plan', ...args], true);
      expect(out).toContain('\u001b[');
      const lines = stripVTControlCharacters(out).split('\n');
      expect(lines.filter((line) => line.length > LINE)).toEqual([]);
      expect((await plan(...args)).out).toBe(stripVTControlCharacters(out));
    }
  });

  it('has a schema of its own as JSON, with the whole report of the new plan', async () => {
    const { settings, report, changes } = whatIfSchema.parse(await json(...WHAT_IF));
    expect(settings).toEqual([
      { path: 'quotas.sagemaker/L-C1E62DF0', from: 2, to: 4 },
      { path: 'traffic.ddos.peakRps', from: 30, to: 50 },
    ]);
    expect(report.quotas).toContainEqual(
      expect.objectContaining({ code: 'L-C1E62DF0', limit: 4, origin: 'configured' }),
    );
    expect(changes.headroom).toEqual([
      expect.objectContaining({
        from: expect.objectContaining({ code: 'L-C1E62DF0', headroom: 0 }),
        to: expect.objectContaining({ headroom: 2 }),
      }),
    ]);
    expect(changes).not.toHaveProperty('verdict');
  });

  it('changes nothing where a value is set to what it is', async () => {
    const { changes, report } = whatIfSchema.parse(
      await json('--env', 'prod', '--set', 'traffic.ddos.peakRps=30'),
    );
    expect({ topology: changes.topology, headroom: changes.headroom, lines: changes.cost.lines }).toEqual({
      topology: [],
      headroom: [],
      lines: [],
    });
    expect(report).toEqual(reportSchema.parse(await json('--env', 'prod')));
    const { out } = await plan('--env', 'prod', '--set', 'traffic.ddos.peakRps=30');
    expect(out).toContain('traffic.ddos.peakRps: 30, as before\n\nThe plan is the same');
  });

  it('says of an endpoint that is replaced what it becomes, and how the verdict turns', async () => {
    const { code, out } = await plan('--set', 'hosting.modes=dedicated');
    const difference = out.slice(out.indexOf('Difference from dev'));
    expect(difference).toContain('Verdict: fits → blocked');
    expect(difference).toMatch(/hosting\.modes: serverless, dedicated, shared → dedicated/);
    expect(difference).not.toMatch(/targetInvocationsPerMinute/);
    expect(code).toBe(1);
  });

  it('is Markdown with the settings in front of the report and its changes', async () => {
    const { out } = await plan(...WHAT_IF, '--format', 'md');
    expect(out).toMatch(/^## What if, against prod as configured\n\n\| Setting \| From \| To \|/);
    expect(out).toContain('| `traffic.ddos.peakRps` | 30 | 50 |');
    expect(out).toMatch(/## Pre-flight: prod fits[^]*### Changes against the base/);
  });

  it('has the exit code of the new plan, under --strict too', async () => {
    const blocked = ['--set', `quotas.${QUOTA.serverlessConcurrency}=1`, '--set', 'hosting.modes=serverless'];
    expect((await plan(...blocked)).code).toBe(1);
    expect(
      (
        await plan(
          '--env',
          'prod',
          '--snapshot',
          'new-account',
          '--strict',
          '--set',
          'traffic.ddos.peakRps=31',
        )
      ).code,
    ).toBe(2);
    expect((await plan('--env', 'dev', '--strict', '--set', 'traffic.ddos.peakRps=3')).code).toBe(0);
  });

  it('is the same in whatever order values are set', async () => {
    const turned = ['--env', 'prod', ...WHAT_IF.slice(4), ...WHAT_IF.slice(2, 4)];
    const [there, back] = [await json(...WHAT_IF), await json(...turned)].map((one) =>
      whatIfSchema.parse(one),
    );
    expect(back?.report).toEqual(there?.report);
    expect(back?.changes).toEqual(there?.changes);
  });
});

describe('plan --compare', () => {
  it('shows two environments side by side, and what only one of them draws on', async () => {
    const { code, out } = await plan('--compare', 'dev', 'prod');
    expect(code).toBe(0);
    expect(out).toMatch(/^dev and prod\n\nPlan +dev +prod\nVerdict +fits +fits\n/);
    expect(out).toMatch(/general +serverless, \d+ MB, +shared with ddos, bruteforce/);
    expect(out).toMatch(/Total +\$\d+\.\d\d +\$\d+\.\d\d +\+\$/);
    expect(out).toMatch(/Only dev draws on: .*notebook/);
    expect(out).toMatch(/Only prod draws on: [^]*L-C1E62DF0/);
    expect(out).not.toMatch(/mini-xdr-(dev|prod)/);
  });

  it('has a schema of its own as JSON, in which names of endpoints count without the environment’s', async () => {
    const both = ['--snapshot', 'mini-xdr-2025-11'];
    const { from, to, changes } = comparisonSchema.parse(await json('--compare', 'dev', 'staging', ...both));
    expect([from.environment, to.environment]).toEqual(['dev', 'staging']);
    expect(from.plan.endpoints.map(({ name }) => name)).toContain('mini-xdr-dev-general-serverless');
    expect(JSON.stringify(changes)).not.toContain('mini-xdr-');
  });

  it('is Markdown, too', async () => {
    const { out } = await plan('--compare', 'dev', 'prod', '--format', 'md');
    expect(out).toMatch(/^## dev and prod\n\n\| Plan \| dev \| prod \|\n\| --- \| --- \| --- \|\n/);
    expect(out).toContain('| --- | ---: | ---: | ---: | ---: |');
  });

  it('exits 0 although one of the two is blocked: it answers what differs', async () => {
    const { code, out } = await plan('--compare', 'dev', 'prod', '--snapshot', 'mini-xdr-2025-11');
    expect(out).toMatch(/Verdict +fits +blocked/);
    expect(code).toBe(0);
  });
});

describe('--current', () => {
  const file = join(folder, 'running.json');
  const cheaper = ['--set', 'quotas.L-4E81EEAC=4'];

  beforeAll(async () => {
    await plan('--env', 'prod', '--format', 'json', '--out', file);
  });

  it('keeps what runs although a cheaper plan exists, in plan, pre-flight and app alike', async () => {
    const free = whatIfSchema.parse(await json('--env', 'prod', ...cheaper)).report;
    const kept = whatIfSchema.parse(await json('--env', 'prod', '--current', file, ...cheaper)).report;
    expect(free.plan.endpoints[0]?.instanceType).toBe('ml.c6g.large');
    expect(kept.plan.endpoints[0]?.instanceType).toBe('ml.m6g.large');
    expect(kept.findings.map(({ id }) => id)).toContain('kept-running-plan');

    const preflight = await xdr(['preflight', '--env', 'prod', '--current', file, '--format', 'json']);
    const planned = await plan('--env', 'prod', '--current', file, '--format', 'json');
    expect(preflight.out).toBe(planned.out);
    const { plan: deployed } = planEnvironment('prod', {}, { current: readCurrentPlan(file, 'prod') });
    expect(reportSchema.parse(JSON.parse(planned.out)).plan.endpoints).toEqual(deployed.topology.endpoints);
  });

  it.each([
    [
      'that is not there',
      'nowhere.json',
      undefined,
      /no current plan .*nowhere\.json: give the report of what runs/,
    ],
    ['that is no JSON', 'broken.json', '{', /the current plan cannot be read as JSON/],
    ['that is no report', 'other.json', '{}', /the current plan is not a pre-flight report/],
  ])('refuses a file %s', async (_name, name, content, message) => {
    const path = join(folder, name);
    if (content !== undefined) writeFileSync(path, content);
    const { code, out, err } = await plan('--current', path);
    expect({ code, out }).toEqual({ code: 64, out: '' });
    expect(err).toMatch(message);
  });

  it('refuses the report of another environment', async () => {
    const { code, err } = await plan('--env', 'dev', '--current', file);
    expect(code).toBe(64);
    expect(err).toMatch(/is of prod, but the environment is dev: give a report of dev/);
  });
});

describe('wrong usage of plan exits 64, with nothing on standard output', () => {
  it.each([
    ['an unknown key', ['--set', 'traffic.ddos.peekRps=5'], /did you mean traffic\.ddos\.peakRps\?/],
    [
      'several mistakes',
      ['--set', 'a=1', '--set', 'b=2'],
      /\(2 errors\):\n {2}- a: unknown key[^]*\n {2}- b: unknown key/,
    ],
    ['one environment', ['--compare', 'dev'], /two different environments/],
    ['the same environment twice', ['--compare', 'dev', 'dev'], /two different environments/],
    ['three environments', ['--compare', 'dev', 'staging', 'prod'], /two different environments/],
    ['an unknown environment', ['--compare', 'dev', 'qa'], /no environment "qa"/],
    ['a comparison with --env', ['--compare', 'dev', 'prod', '--env', 'dev'], /leave out --env/],
    [
      'a comparison with --set and --current',
      ['--compare', 'dev', 'prod', '--set', 'a=1', '--current', 'x'],
      /leave out --set, --current/,
    ],
    [
      'a difference as HTML',
      ['--set', 'traffic.ddos.peakRps=9', '--format', 'html'],
      /not drawn as html: with --set, --format is one of table, json, md/,
    ],
    ['a comparison as SARIF', ['--compare', 'dev', 'prod', '--format', 'sarif'], /not drawn as sarif/],
    ['a snapshot of nothing', ['--set', 'snapshot=nowhere'], /no snapshot "nowhere"/],
  ])('%s', async (_name, args, message) => {
    const { code, out, err } = await plan(...args);
    expect(err).toMatch(message);
    expect({ code, out }).toEqual({ code: 64, out: '' });
  });
});
