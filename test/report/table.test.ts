import { stripVTControlCharacters } from 'node:util';
import { renderTable } from '../../lib/report/table';
import { byUrgency, hasAmpleRoom, othersWithOrigin } from '../../lib/report/words';
import { REPORTS } from '../support/plan/plan-reports';

/** Rows of the table of quotas: only they say where a limit comes from. */
const quotaRows = (text: string) =>
  text.split('\n').filter((line) => / (applied|default|set|\?) +(-?\d+|\?) +\d/.test(line)).length;

describe.each(REPORTS)('the table of %s', (_name, report) => {
  const plain = renderTable(report, { color: false });
  const verbose = renderTable(report, { color: false, verbose: true });
  // Cells wrap, so words are looked for without the spaces between them.
  const solid = (text: string) => text.replaceAll(/\s+/g, '');
  const colored = renderTable(report, { color: true });

  it('never exceeds 80 columns', () => {
    expect(`${plain}${verbose}`.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it('says the verdict in its first line', () => {
    const words = { fits: 'fits', blocked: 'is blocked', unknown: 'is undecided' }[report.verdict];
    expect(plain.split('\n')[0]).toMatch(new RegExp(`^${report.environment} ${words}`));
  });

  it('has colour only when asked, and says the same with it', () => {
    expect(plain).toBe(stripVTControlCharacters(plain));
    expect(colored).not.toBe(plain);
    expect(stripVTControlCharacters(colored)).toBe(plain);
  });

  it('cuts nothing off', () => {
    expect(plain).not.toContain('…');
  });

  it('says every error and warning with its remedy, every title, cost, increase and alternative', () => {
    const said = solid(plain);
    for (const { severity, title, remedy } of report.findings) {
      expect(said).toContain(solid(severity === 'info' ? title : `${title}. ${remedy}.`));
    }
    for (const { monthlyUsd } of report.cost.lines) expect(said).toContain(monthlyUsd.toFixed(2));
    for (const { code, from, to } of report.increases) {
      expect(said).toContain(code);
      expect(said).toContain(`${from}→${to}`);
    }
    for (const { name } of report.alternatives) expect(plain).toContain(name.split(' ')[0]);
  });

  it('folds quotas with at least half of their limit left into one line, and lists all others', () => {
    const folded = report.quotas.filter(hasAmpleRoom).length;
    const more = folded < report.quotas.length ? ' more' : '';
    const fold = `${folded}${more} ${folded === 1 ? 'quota fits' : 'quotas fit'}`;
    expect(plain).toContain(`${fold} with at least half`);
    expect(quotaRows(plain)).toBe(report.quotas.length - folded);
  });

  it('lists every quota and every remedy when verbose', () => {
    expect(verbose).not.toContain('--verbose');
    expect(quotaRows(verbose)).toBe(report.quotas.length);
    for (const { title, remedy } of report.findings) {
      expect(solid(verbose)).toContain(solid(`${title}. ${remedy}.`));
    }
  });

  it('lists what is in trouble before what fits', () => {
    const marks = verbose
      .split('\n')
      .flatMap((line, at) => (/\[(blocked|unknown|update-blocked)\]/.test(line) ? [at] : []));
    const troubled = report.quotas.filter(({ verdict }) => verdict !== 'fits').length;
    expect(marks.length).toBeLessThanOrEqual(troubled);
    const firstFit = report.quotas.find(
      ({ name, verdict }) => verdict === 'fits' && name === 'VPCs per Region',
    );
    const at = verbose.split('\n').findIndex((line) => line.startsWith('VPCs per Region '));
    if (firstFit !== undefined) for (const mark of marks) expect(mark).toBeLessThan(at);
  });
});

describe('a quota', () => {
  const quota = {
    service: 's',
    code: 'c',
    name: 'n',
    origin: 'applied',
    usedByOthers: 0,
    steady: 1,
    peak: 1,
    updatePeak: 1,
    assumed: false,
  } as const;

  it.each([
    [true, 'half of its limit is left', { limit: 2, headroom: 1, verdict: 'fits' }],
    [false, 'less than half is left', { limit: 3, headroom: 1, verdict: 'fits' }],
    [false, 'it is blocked', { limit: 0, headroom: -1, verdict: 'blocked' }],
    [false, 'its limit is 0', { limit: 0, headroom: 0, verdict: 'fits' }],
    [false, 'its limit is unknown', { limit: null, headroom: null, verdict: 'unknown' }],
    [false, 'its usage is unknown', { limit: 9, headroom: null, verdict: 'unknown' }],
  ] as const)('has ample room: %s where %s', (ample, _name, given) => {
    expect(hasAmpleRoom({ ...quota, ...given })).toBe(ample);
  });

  it('shows usage that configuration gives as set', () => {
    const given = { ...quota, limit: 10, headroom: 1, usedByOthers: 8, verdict: 'fits' } as const;
    expect(othersWithOrigin({ ...given, usageOrigin: 'configured' })).toBe('8 (set)');
    expect(othersWithOrigin({ ...given, usageOrigin: 'read' })).toBe('8');
    expect(othersWithOrigin(given)).toBe('8');
  });

  it('of 0 comes before one that lacks a little', () => {
    const none = { ...quota, limit: 0, headroom: -1, verdict: 'blocked' } as const;
    const some = { ...quota, limit: 5, usedByOthers: 9, headroom: -5, verdict: 'blocked' } as const;
    expect(byUrgency([some, none])).toEqual([none, some]);
  });
});
