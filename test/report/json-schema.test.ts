import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020';
import { projectPath } from '../../lib/util/project-path';
import { renderJson } from '../../lib/report/json';
import { reportJsonSchema } from '../../lib/report/json-schema';
import { REPORTS } from '../support/plan/plan-reports';

const FILE = projectPath('docs/report.schema.json');

// After a change that is meant: UPDATE_GOLDEN=1 npx jest test/report/json-schema, then read the difference.
if (process.env['UPDATE_GOLDEN'] === '1') {
  writeFileSync(FILE, `${JSON.stringify(reportJsonSchema(), null, 2)}\n`);
  execFileSync(process.execPath, [projectPath('node_modules/prettier/bin/prettier.cjs'), '--write', FILE]);
}
const published = JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, unknown>;
const validate = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true }).compile(published);

const [, first] = REPORTS[0] ?? [];
if (first === undefined) throw new Error('no report');

describe('the published schema (regenerate with UPDATE_GOLDEN=1 npx jest test/report/json-schema)', () => {
  it('is the one that reports are checked with here', () => {
    expect(published).toEqual(JSON.parse(JSON.stringify(reportJsonSchema())));
  });

  it('has an id and the version of the report', () => {
    expect(published).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: 'urn:mini-xdr:preflight-report:1',
      properties: { schemaVersion: { const: first.schemaVersion } },
    });
  });

  it.each(REPORTS)('accepts the report of %s', (_name, report) => {
    validate(JSON.parse(renderJson(report)));
    expect(validate.errors).toBeNull();
  });

  it.each([
    ['another version', { schemaVersion: 2 }],
    ['a verdict that does not exist', { verdict: 'maybe' }],
    ['a key that does not exist', { extra: 1 }],
    ['a cost that is no number', { cost: { ...first.cost, monthlyUsd: '1' } }],
    ['an endpoint for nobody', { plan: { ...first.plan, endpoints: [{ specialists: [] }] } }],
  ])('refuses %s', (_name, patch) => {
    expect(validate({ ...first, ...patch })).toBe(false);
  });
});
