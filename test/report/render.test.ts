import { EXIT } from '../../lib/util/user-error';
import { FORMATS, render } from '../../lib/report/render';
import { REPORTS } from '../support/plan/plan-reports';

const [, report] = REPORTS[0] ?? [];
if (report === undefined) throw new Error('no report');

describe('a report', () => {
  it.each([
    ['table', /^dev fits: \$/],
    ['json', /^\{\n {2}"schemaVersion": 1/],
    ['md', /^## Pre-flight: dev fits/],
    ['html', /^<!doctype html>/i],
    ['sarif', /^\{\n {2}"\$schema": "https:\/\/json\.schemastore\.org\/sarif/],
    ['junit', /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites /],
  ] as const)('is drawn as %s', (format, start) => {
    expect(FORMATS).toContain(format);
    expect(render(report, format, { color: false })).toMatch(start);
  });

  it.each(FORMATS)('ends in one newline as %s, and is the same every time', (format) => {
    const text = render(report, format, { color: true });
    expect(text).toMatch(/[^\n]\n$/);
    expect(render(report, format, { color: true })).toBe(text);
  });

  it('has colours and everything in the table where asked for', () => {
    expect(render(report, 'table', { color: true })).toContain('\u001b[');
    expect(render(report, 'table', { color: false, verbose: true })).toContain('VPCs per Region');
    expect(render(report, 'table', { color: false })).not.toContain('VPCs per Region');
  });

  it('is compared with a baseline as Markdown, and refuses one elsewhere', () => {
    expect(render(report, 'md', { color: false, baseline: report })).toContain('No change in verdict');
    for (const format of FORMATS.filter((name) => name !== 'md')) {
      expect(() => render(report, format, { color: false, baseline: report })).toThrow(
        expect.objectContaining({
          exitCode: EXIT.usage,
          message: `a baseline is compared in Markdown only: given format ${format}, allowed is md`,
        }),
      );
    }
  });
});
