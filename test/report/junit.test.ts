import * as fc from 'fast-check';
import { renderJunit } from '../../lib/report/junit';
import type { Report } from '../../lib/report/schema';
import { xmlText } from '../../lib/report/xml';
import { REPORTS } from '../support/plan/plan-reports';
import { cycling, hostileText, rewrite } from '../support/report/hostile-input';
import { type Element, flatten, parseMarkup, skeleton } from '../support/report/markup';

const read = (report: Report) => parseMarkup(renderJunit(report).trimEnd());
const named = (element: Element, name: string) => flatten(element).filter((inner) => inner.name === name);
const failureOf = (testCase: Element) => testCase.children.find(({ name }) => name === 'failure');

describe.each(REPORTS)('the JUnit file of %s', (_name, report) => {
  const suites = read(report);
  const cases = named(suites, 'testcase');

  it('is one suite, named after the environment', () => {
    expect(suites.name).toBe('testsuites');
    expect(suites.children.map(({ name, attributes }) => [name, attributes['name']])).toEqual([
      ['testsuite', `preflight.${report.environment}`],
    ]);
  });

  it('has a test case for every quota and every error', () => {
    const errors = report.findings.filter(({ severity }) => severity === 'error');
    expect(cases.map(({ attributes }) => attributes['name'])).toEqual([
      ...report.quotas.map(({ service, code, name }) => `${service}/${code} ${name}`),
      ...errors.map(({ id, title }) => `${id}: ${title}`),
    ]);
  });

  it('fails exactly what is blocked or unknown, and the errors', () => {
    const failed = report.quotas.filter(({ verdict }) => verdict === 'blocked' || verdict === 'unknown');
    const errors = report.findings.filter(({ severity }) => severity === 'error');
    const failing = cases.filter((testCase) => failureOf(testCase) !== undefined);
    expect(failing).toHaveLength(failed.length + errors.length);
    expect(failing.length > 0).toBe(report.verdict !== 'fits');
    for (const testCase of failing) expect(failureOf(testCase)?.attributes['message']).toMatch(/\w/);
  });

  it('counts its cases', () => {
    const failures = named(suites, 'failure').length;
    for (const { attributes } of [suites, ...named(suites, 'testsuite')]) {
      expect(attributes).toMatchObject({
        tests: String(cases.length),
        failures: String(failures),
        errors: '0',
      });
    }
  });

  it('holds no times, and is the same every time', () => {
    const names = flatten(suites).flatMap(({ attributes }) => Object.keys(attributes));
    expect(names).not.toContain('time');
    expect(names).not.toContain('timestamp');
    expect(renderJunit(report)).toBe(renderJunit(report));
  });
});

const [, base] = REPORTS.find(([name]) => name === 'nothing is left') ?? [];
if (base === undefined) throw new Error('no report');
const [quota] = base.quotas;
if (quota === undefined) throw new Error('no quota');

describe('a failure', () => {
  const message = (given: Partial<Report['quotas'][number]>) => {
    const [testCase] = named(read({ ...base, quotas: [{ ...quota, ...given }], findings: [] }), 'testcase');
    return testCase && failureOf(testCase)?.attributes['message'];
  };
  const need = { steady: 1, peak: 3, updatePeak: 2 };

  it.each([
    [
      'the shortfall',
      { ...need, limit: 2, usedByOthers: 1, headroom: -2, verdict: 'blocked' },
      '3 needed, 1 left of 2; short by 2',
    ],
    [
      'the quota of 0',
      { ...need, limit: 0, usedByOthers: 0, headroom: -3, verdict: 'blocked' },
      '3 needed, 0 left of 0; short by 3',
    ],
    [
      'the unknown limit',
      { ...need, limit: null, usedByOthers: 0, headroom: null, verdict: 'unknown' },
      'the limit could not be determined; 3 needed',
    ],
    [
      'the unknown usage',
      { ...need, limit: 5, usedByOthers: null, headroom: null, verdict: 'unknown' },
      'how much of 5 is in use could not be determined; 3 needed',
    ],
    [
      'nothing where only an update lacks room',
      { ...need, limit: 3, usedByOthers: 0, headroom: -1, verdict: 'update-blocked' },
      undefined,
    ],
  ] as const)('says %s', (_name, given, expected) => {
    expect(message(given)).toBe(expected);
  });

  it('stands also for a warning where warnings decide the exit code', () => {
    const warnings = base.findings.filter(({ severity }) => severity === 'warning');
    const failures = (exitCode: Report['exitCode']) =>
      named(read({ ...base, quotas: [], findings: warnings, exitCode }), 'failure').length;
    expect(warnings.length).toBeGreaterThan(0);
    expect(failures(0)).toBe(0);
    expect(failures(2)).toBe(warnings.length);
  });
});

describe('whatever a report says', () => {
  it('never becomes markup, and never a character that XML does not allow', () => {
    const plain = skeleton(read(rewrite(base, () => 'x')));
    fc.assert(
      fc.property(fc.array(hostileText, { minLength: 1, maxLength: 20 }), (texts) => {
        const rewritten = rewrite(base, cycling(texts));
        expect(skeleton(read(rewritten))).toBe(plain);
        // oxlint-disable-next-line no-control-regex
        expect(renderJunit(rewritten)).not.toMatch(/[\u0000-\u0008\u000B-\u001F\uFFFE\uFFFF]|\p{Surrogate}/u);
      }),
      { numRuns: 60 },
    );
  });

  it('is read back as it was written, where XML can hold it', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const element = parseMarkup(`<a b="${xmlText(text)}">${xmlText(text)}</a>`);
        expect(element.text).toBe(element.attributes['b']);
        expect(element.text.replaceAll('\uFFFD', '')).toBe(
          // oxlint-disable-next-line no-control-regex
          text.replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFD-\uFFFF]|\p{Surrogate}/gu, ''),
        );
      }),
    );
  });
});
