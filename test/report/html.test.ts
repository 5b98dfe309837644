import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { html } from '../../lib/report/html/tag';
import { renderHtml } from '../../lib/report/html/page';
import type { Report } from '../../lib/report/schema';
import { REPORTS } from '../support/plan/plan-reports';
import { hostileText, rewrite } from '../support/report/hostile-input';
import { type Element, flatten, parseMarkup, skeleton } from '../support/report/markup';

const [, base] = REPORTS.find(([name]) => name === 'prod on mini-xdr-2025-11') ?? [];
if (base === undefined) throw new Error('no report');
const report: Report = base;

const pageOf = (given: Report) => parseMarkup(renderHtml(given));
const allText = (element: Element): string =>
  [element.text, ...element.children.map(allText)].join(' ').replaceAll(/\s+/g, ' ');
const classed = (element: Element, name: string) =>
  flatten(element).filter(({ attributes }) => attributes['class']?.split(' ').includes(name));
const quotaItem = (quota: Partial<Report['quotas'][number]>): Element => {
  const [first] = report.quotas;
  if (first === undefined) throw new Error('no quota');
  const [item] = classed(pageOf({ ...report, quotas: [{ ...first, ...quota }] }), 'quota');
  if (item === undefined) throw new Error('no quota item');
  return item;
};
const rects = (element: Element) => flatten(element).filter(({ name }) => name === 'rect');

describe.each(REPORTS)('the page of %s', (_name, report) => {
  const page = pageOf(report);
  const elements = flatten(page);
  const text = allText(page);

  it('says the verdict first', () => {
    const heading = elements.find(({ name }) => name === 'h1');
    expect(heading && allText(heading)).toMatch(new RegExp(`${report.environment}.*${report.verdict}`));
  });

  it('says every finding with its remedy, every quota, item, endpoint, alternative and increase', () => {
    for (const { title, remedy } of report.findings) {
      expect(text).toContain(`${title}.`);
      expect(text).toContain(`${remedy}.`);
    }
    for (const { name, service, code } of report.quotas) {
      expect(text).toContain(name);
      expect(text).toContain(`${service}/${code}`);
    }
    for (const { item, maxMonthlyUsd } of report.cost.lines) {
      expect(text).toContain(item);
      expect(text).toContain(maxMonthlyUsd.toFixed(2));
    }
    for (const { name } of report.plan.endpoints) expect(text).toContain(name);
    for (const { name, reason = '' } of report.alternatives) {
      expect(text).toContain(name);
      expect(text).toContain(reason);
    }
    for (const { justification, unlocks } of report.increases) {
      expect(text).toContain(justification);
      expect(text).toContain(unlocks);
    }
  });

  it('names every bar in words, with the figures', () => {
    const bars = classed(page, 'bar');
    expect(bars).toHaveLength(report.quotas.length + report.cost.lines.length + 1);
    for (const { attributes } of bars) {
      expect(attributes['role']).toBe('img');
      expect(attributes['aria-label']).toMatch(/: .*\d/);
    }
  });

  it('draws every quantity inside its bar', () => {
    const outside = rects(page).filter(({ attributes: { x = '0%', width = '' } }) => {
      const [from, across] = [Number.parseFloat(x), width.endsWith('%') ? Number.parseFloat(width) : 0];
      return !(from >= 0 && from + across <= 100.01);
    });
    expect(outside).toEqual([]);
  });

  it('loads nothing and runs nothing', () => {
    const active = elements.filter(({ name }) => /^(script|img|iframe|object|embed|base|form|a)$/.test(name));
    const attributes = elements.flatMap((element) => Object.entries(element.attributes));
    expect(active).toEqual([]);
    expect(attributes.filter(([key]) => /^on|^src|^style$/.test(key))).toEqual([]);
    expect(attributes.filter(([key, value]) => key === 'href' && value !== 'data:,')).toEqual([]);
  });
});

describe('the policy of the page', () => {
  const elements = flatten(pageOf(report));
  const policy = elements.find(({ attributes }) => attributes['http-equiv'] === 'Content-Security-Policy')
    ?.attributes['content'];

  it('allows nothing but its own style sheet, by hash', () => {
    const style = /<style>([^]*?)<\/style>/.exec(renderHtml(report))?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(policy?.split('; ')).toEqual([
      "default-src 'none'",
      `style-src 'sha256-${hash}'`,
      'img-src data:',
      "base-uri 'none'",
      "form-action 'none'",
    ]);
  });

  it('stands before the style sheet, as it holds for what follows it only', () => {
    const order = elements.map(({ name, attributes }) => attributes['http-equiv'] ?? name);
    expect(order.indexOf('Content-Security-Policy')).toBeLessThan(order.indexOf('style'));
  });

  it('lets the style sheet name no address', () => {
    const style = elements.find(({ name }) => name === 'style')?.text ?? '';
    expect(style).not.toMatch(/url\(|@import|http/);
    expect(style).toContain('prefers-color-scheme: dark');
  });
});

describe('the bar of a quota', () => {
  it('is red from end to end where the limit is 0', () => {
    const item = quotaItem({ limit: 0, usedByOthers: 0, headroom: -2, verdict: 'blocked' });
    const red = rects(item).filter(({ attributes }) => attributes['class'] === 'over');
    expect(red.map(({ attributes }) => attributes['width'])).toEqual(['100%']);
    expect(allText(item)).toMatch(/blocked ✕.*short by 2/);
    expect(allText(item)).not.toContain('✓');
  });

  it.each([
    ['limit', { limit: null, usedByOthers: null }, /limit unknown/],
    ['usage', { limit: 5, usedByOthers: null }, /others use an unknown number/],
  ])('is hatched where the %s is unknown, and neither a pass nor a zero', (_name, given, words) => {
    const item = quotaItem({ ...given, headroom: null, verdict: 'unknown' });
    expect(rects(item).some(({ attributes }) => attributes['fill'] === 'url(#hatch)')).toBe(true);
    expect(classed(item, 'bar')[0]?.attributes['aria-label']).toMatch(words);
    expect(allText(item)).toContain('unknown ?');
    expect(allText(item)).toMatch(/Left unknown/);
    expect(allText(item)).not.toContain('✓');
  });

  it('shows others’ use, then average, peak and update peak, in proportion to the limit', () => {
    const item = quotaItem({ limit: 10, usedByOthers: 2, steady: 1, peak: 4, updatePeak: 3, headroom: 4 });
    const drawn = rects(item).map(({ attributes: a }) => [a['class'], a['x'], a['width']]);
    expect(drawn).toEqual([
      ['track', '0%', '100%'],
      ['others', '0%', '20%'],
      ['steady', '20%', '10%'],
      ['peak', '20%', '40%'],
      ['update', '20%', '30%'],
    ]);
  });

  it('is red beyond the limit, which a line marks', () => {
    const item = quotaItem({
      limit: 4,
      usedByOthers: 2,
      steady: 1,
      peak: 6,
      updatePeak: 2,
      headroom: -4,
      verdict: 'blocked',
    });
    const drawn = rects(item).map(({ attributes: a }) => [a['class'], a['x'], a['width']]);
    expect(drawn).toEqual([
      ['track', '0%', '50%'],
      ['others', '0%', '25%'],
      ['steady', '25%', '12.5%'],
      ['peak', '25%', '25%'],
      ['over', '50%', '50%'],
      ['update', '25%', '25%'],
      ['limit', '50%', '2'],
    ]);
  });
});

describe('whatever a report says', () => {
  it('never becomes markup', () => {
    const plain = skeleton(pageOf(rewrite(report, () => 'x')));
    fc.assert(
      // One text for all, as what is said alike of several specialists is drawn once.
      fc.property(hostileText, (text) => {
        expect(skeleton(pageOf(rewrite(report, () => text))) === plain).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  it('is shown as it was written', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const element = parseMarkup(html`<p title="${text}">${text}</p>`.toString());
        expect(element.text).toBe(text);
        expect(element.attributes['title']).toBe(text);
      }),
    );
  });
});
