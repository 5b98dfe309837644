import { stripVTControlCharacters } from 'node:util';
import { renderTable } from '../../lib/report/table';
import { REPORTS } from '../support/plan-reports';

describe.each(REPORTS)('the table of %s', (_name, report) => {
  const plain = renderTable(report, { color: false });
  const colored = renderTable(report, { color: true });

  it('never exceeds 80 columns', () => {
    expect(plain.split('\n').filter((line) => line.length > 80)).toEqual([]);
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

  it('says every finding, quota, item, increase and alternative', () => {
    // Cells wrap, so words are looked for without the spaces between them.
    const solid = plain.replaceAll(/\s+/g, '');
    for (const { title, remedy } of report.findings) {
      expect(solid).toContain(`${title}.${remedy}.`.replaceAll(/\s+/g, ''));
    }
    for (const { monthlyUsd } of report.cost.lines) expect(solid).toContain(monthlyUsd.toFixed(2));
    for (const { code, from, to } of report.increases) {
      expect(solid).toContain(code);
      expect(solid).toContain(`${from}→${to}`);
    }
    for (const { name } of report.alternatives) expect(plain).toContain(name.split(' ')[0]);
  });

  it('lists what is in trouble before what fits', () => {
    const marks = plain
      .split('\n')
      .flatMap((line, at) => (/\[(blocked|unknown|update-blocked)\]/.test(line) ? [at] : []));
    const troubled = report.quotas.filter(({ verdict }) => verdict !== 'fits').length;
    expect(marks.length).toBeLessThanOrEqual(troubled);
    const firstFit = report.quotas.find(
      ({ name, verdict }) => verdict === 'fits' && name === 'VPCs per Region',
    );
    const at = plain.split('\n').findIndex((line) => line.startsWith('VPCs per Region '));
    if (firstFit !== undefined) for (const mark of marks) expect(mark).toBeLessThan(at);
  });
});
