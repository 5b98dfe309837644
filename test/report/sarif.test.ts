import { existsSync } from 'node:fs';
import { FINDINGS } from '../../lib/plan/findings';
import { projectPath } from '../../lib/util/project-path';
import { renderSarif } from '../../lib/report/sarif';
import type { Report } from '../../lib/report/schema';
import { REPORTS } from '../support/plan/plan-reports';

interface Result {
  ruleId: string;
  ruleIndex: number;
  level: string;
  message: { text: string };
  locations: {
    physicalLocation: { artifactLocation: { uri: string }; region: { startLine: number } };
  }[];
  partialFingerprints: { primaryLocationLineHash: string };
}
interface Rule {
  id: string;
  name: string;
  shortDescription: { text: string };
  fullDescription: { text: string };
  help: { text: string };
}
interface Log {
  $schema: string;
  version: string;
  runs: {
    tool: { driver: { name: string; rules: Rule[] } };
    automationDetails: { id: string };
    results: Result[];
  }[];
}

function runOf(report: Report) {
  const log = JSON.parse(renderSarif(report)) as Log;
  const [run] = log.runs;
  if (run === undefined) throw new Error('no run');
  return { log, run };
}
const fingerprints = (report: Report) =>
  runOf(report).run.results.map((result) => result.partialFingerprints.primaryLocationLineHash);

describe.each(REPORTS)('the SARIF of %s', (_name, report) => {
  const { log, run } = runOf(report);
  const { rules } = run.tool.driver;

  it('is a log of version 2.1.0 with one run of a named tool', () => {
    expect(log.version).toBe('2.1.0');
    expect(log.$schema).toBe('https://json.schemastore.org/sarif-2.1.0.json');
    expect(log.runs).toHaveLength(1);
    expect(run.tool.driver.name).not.toBe('');
    expect(run.automationDetails.id).toBe(`preflight/${report.environment}/`);
  });

  it('has a described rule for every finding of the registry', () => {
    expect(rules.map(({ id }) => id)).toEqual(Object.keys(FINDINGS));
    for (const rule of rules) {
      for (const { text } of [rule.shortDescription, rule.fullDescription, rule.help]) {
        expect(text).toMatch(/\w/);
      }
    }
  });

  it('has one result a finding, with its level, title and remedy', () => {
    expect(run.results.map(({ ruleId, level, message }) => ({ ruleId, level, text: message.text }))).toEqual(
      report.findings.map(({ id, severity, title, remedy }) => ({
        ruleId: id,
        level: { error: 'error', warning: 'warning', info: 'note' }[severity],
        text: `${title}. ${remedy}.`,
      })),
    );
    for (const { ruleId, ruleIndex } of run.results) expect(rules[ruleIndex]?.id).toBe(ruleId);
  });

  it('points to the environment’s file', () => {
    for (const { locations } of run.results) {
      expect(locations).toHaveLength(1);
      expect(locations[0]?.physicalLocation).toMatchObject({
        artifactLocation: { uri: `lib/config/environments/${report.environment}.ts`, uriBaseId: '%SRCROOT%' },
        region: { startLine: 1 },
      });
    }
  });

  it('tells every finding apart', () => {
    expect(new Set(fingerprints(report)).size).toBe(report.findings.length);
  });
});

describe('the file that results point to', () => {
  it.each(REPORTS.filter(([name]) => / on /.test(name)))('exists for %s', (_name, { environment }) => {
    expect(existsSync(projectPath(`lib/config/environments/${environment}.ts`))).toBe(true);
  });
});

describe('a fingerprint', () => {
  const [, base] = REPORTS.find(([name]) => name === 'nothing is left') ?? [];
  if (base === undefined) throw new Error('no report');
  const [first] = base.findings;
  if (first === undefined) throw new Error('no finding');
  const having = (...findings: Report['findings']): Report => ({ ...base, findings });

  it('stays the same when only figures and the wording change', () => {
    const later = {
      ...first,
      title: 'Other words',
      facts: { ...first.facts, needed: 99, takenAt: '2030-01-01' },
    };
    expect(fingerprints(having(later))).toEqual(fingerprints(having(first)));
  });

  it('stays the same when findings before it come or go', () => {
    const [, ...rest] = base.findings;
    expect(fingerprints(base).slice(1)).toEqual(fingerprints(having(...rest)));
  });

  it('differs by quota, by finding and by environment', () => {
    const prints = [
      ...fingerprints(having(first)),
      ...fingerprints(having({ ...first, facts: { ...first.facts, quota: 'other/quota' } })),
      ...fingerprints(having({ ...first, id: 'quota-unknown' })),
      ...fingerprints({ ...having(first), environment: 'other' }),
    ];
    expect(new Set(prints).size).toBe(4);
  });

  it('counts findings that nothing tells apart', () => {
    const [one, two] = fingerprints(having(first, first));
    expect(one?.endsWith(':1')).toBe(true);
    expect(two).toBe(one?.replace(/:1$/, ':2'));
  });
});
