import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import manifest from '../../../package.json';
import { QUOTA } from '../../../lib/quotas/quota-catalogue';
import { reportSchema } from '../../../lib/report/schema';
import { xdr } from '../../support/command-line';
import { accountWith } from '../../support/plan/plan-fixtures';

const folder = mkdtempSync(join(tmpdir(), 'preflight-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A file of this test; written where it has content. */
function file(name: string, content?: string): string {
  const path = join(folder, name);
  if (content !== undefined) writeFileSync(path, content);
  return path;
}

const preflight = (...args: string[]) => xdr(['preflight', ...args]);

describe('the exit code of the pre-flight', () => {
  const unread = JSON.stringify(accountWith({ [QUOTA.vpcs]: {} }));

  it.each([
    [0, 'what fits', []],
    [0, 'what fits with warnings', ['--env', 'prod']],
    [
      2,
      'what fits with warnings, under --strict',
      ['--env', 'prod', '--snapshot', 'new-account', '--strict'],
    ],
    [1, 'what is blocked', ['--env', 'prod', '--snapshot', 'mini-xdr-2025-11']],
    [1, 'what is blocked, under --strict', ['--env', 'prod', '--snapshot', 'mini-xdr-2025-11', '--strict']],
    [0, 'what fits without warnings, under --strict', ['--env', 'dev', '--strict']],
  ])('is %i for %s', async (code, _name, args) => {
    expect((await preflight(...args)).code).toBe(code);
  });

  it('is 3 for what could not be determined', async () => {
    const { code, out } = await preflight('--env', 'staging', '--snapshot', file('unread.json', unread));
    expect(out).toMatch(/^staging is undecided/);
    expect(code).toBe(3);
  });
});

describe('the output of the pre-flight', () => {
  it('is the report on standard output, and nothing else anywhere', async () => {
    const { out, err } = await preflight('--env', 'dev');
    expect(out).toMatch(/^dev fits: \$/);
    expect(err).toBe('');
  });

  it('is JSON and only JSON where that is asked for, blocked or not', async () => {
    for (const env of ['dev', 'prod']) {
      const { out, err, code } = await preflight(
        '--env',
        env,
        '--snapshot',
        'mini-xdr-2025-11',
        '--format',
        'json',
      );
      const report = reportSchema.parse(JSON.parse(out));
      expect(report).toMatchObject({
        environment: env,
        exitCode: code,
        snapshot: { name: 'mini-xdr-2025-11' },
      });
      expect(err).toBe('');
    }
  });

  it('is Markdown where that is asked for', async () => {
    expect((await preflight('--format', 'md')).out).toMatch(/^## Pre-flight: dev fits/);
  });

  it('goes to a file with --out, without colours, and leaves standard output empty', async () => {
    const path = file('report.txt');
    const { out, err, code } = await xdr(['preflight', '--out', path], true);
    expect({ out, code }).toEqual({ out: '', code: 0 });
    expect(err).toBe(`wrote ${path}\n`);
    expect(readFileSync(path, 'utf8')).toBe((await preflight()).out);
  });

  it('is coloured on a terminal that shows colours, unless --no-color', async () => {
    const { out } = await xdr(['preflight'], true);
    expect(out).not.toBe(stripVTControlCharacters(out));
    expect((await xdr(['preflight', '--no-color'], true)).out).toBe(stripVTControlCharacters(out));
    expect((await xdr(['preflight', '--format', 'json'], true)).out).toMatch(/^\{/);
  });

  it('is the same every time', async () => {
    expect(await preflight('--env', 'prod')).toEqual(await preflight('--env', 'prod'));
  });
});

describe('wrong usage exits 64, with help on standard error and nothing on standard output', () => {
  const cases: readonly [string, readonly string[], RegExp][] = [
    ['an unknown flag', ['preflight', '--fast'], /unknown option '--fast'[^]*--help/],
    ['an unknown format', ['preflight', '--format', 'xml'], /xml[^]*Allowed choices are table, json, md/],
    [
      'an unknown environment',
      ['preflight', '--env', 'qa'],
      /no environment "qa"; there are: dev, staging, prod/,
    ],
    ['a flag without its value', ['preflight', '--env'], /argument missing/],
    ['an unknown command', ['fly'], /unknown command 'fly'/],
    ['an argument too many', ['preflight', 'dev'], /too many arguments/],
    ['no command', [], /Usage: xdr/],
    [
      'a snapshot that is not there',
      ['preflight', '--snapshot', 'nowhere.json'],
      /no snapshot "nowhere\.json": give a file, or one of/,
    ],
    [
      'a region without prices',
      ['preflight', '--region', 'eu-west-1'],
      /taken in us-east-1, but dev is for eu-west-1/,
    ],
  ];

  it.each(cases)('%s', async (_name, args, message) => {
    const { code, out, err } = await xdr(args);
    expect(err).toMatch(message);
    expect(out).toBe('');
    expect(code).toBe(64);
  });

  it.each([
    ['broken JSON', '{"quotas": [', /broken\.json cannot be read as JSON/],
    [
      'JSON of another kind',
      '{"quotas": []}',
      /is not valid \(schema version 1\):\n {2}- schemaVersion: given nothing/,
    ],
    [
      'another region',
      JSON.stringify({ ...accountWith(), region: 'eu-west-1' }),
      /taken in eu-west-1, but dev is for us-east-1/,
    ],
  ])('a snapshot of %s', async (_name, content, message) => {
    const { code, out, err } = await preflight('--snapshot', file('broken.json', content));
    expect(err).toMatch(message);
    expect(err).not.toMatch(/\n\s+at /);
    expect(out).toBe('');
    expect(code).toBe(64);
  });

  it('a file that cannot be written', async () => {
    const path = file('no-such-folder/report.txt');
    const { code, out, err } = await preflight('--out', path);
    expect(err).toMatch(/cannot write .*report\.txt: ENOENT; the folder .*no-such-folder must exist/);
    expect({ code, out }).toEqual({ code: 64, out: '' });
    expect(existsSync(path)).toBe(false);
  });
});

describe('asking about the command line itself', () => {
  it('prints help and exits 0', async () => {
    const { code, out, err } = await xdr(['--help']);
    expect(out).toMatch(/Usage: xdr[^]*preflight[^]*Exit codes: 0 fits, 1 blocked, 2 warnings/);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(await preflight('--help')).toMatchObject({ code: 0, out: expect.stringContaining('--snapshot') });
  });

  it('prints its version and exits 0', async () => {
    expect(await xdr(['--version'])).toEqual({ code: 0, out: `${manifest.version}\n`, err: '' });
  });
});
