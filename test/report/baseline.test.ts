import { EXIT, UserError } from '../../lib/util/user-error';
import { parseBaseline } from '../../lib/report/baseline';
import { renderJson } from '../../lib/report/json';
import { REPORTS } from '../support/plan/plan-reports';

const [, report] = REPORTS[0] ?? [];
if (report === undefined) throw new Error('no report');

function refusal(content: string): UserError {
  try {
    parseBaseline(content);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('was accepted');
}

describe('a baseline', () => {
  it.each(REPORTS)('is read back as it was written: %s', (_name, given) => {
    expect(parseBaseline(renderJson(given))).toEqual(given);
  });

  it('may begin with a byte order mark', () => {
    expect(parseBaseline(`\uFEFF${renderJson(report)}`)).toEqual(report);
  });

  it('may come from before reports said which limits are shared', () => {
    const quotas = report.quotas.map(({ shared: _shared, ...quota }) => quota);
    expect(parseBaseline(JSON.stringify({ ...report, quotas })).quotas).toEqual(quotas);
  });

  it.each([
    ['no JSON', '## Pre-flight: dev fits', /cannot be read as JSON: .*--format json/],
    ['empty', '', /cannot be read as JSON/],
    [
      'no report',
      '{"quotas": []}',
      /not a pre-flight report \(schema version 1.*\n {2}- schemaVersion: given nothing/,
    ],
    ['a list', '[]', /not a pre-flight report/],
    [
      'a later version',
      JSON.stringify({ ...report, schemaVersion: 2 }),
      /schemaVersion: given 2; allowed is 1/,
    ],
    [
      'a report with an unknown key',
      JSON.stringify({ ...report, more: 1 }),
      /more: unknown key; known here: schemaVersion/,
    ],
  ])('that is %s is refused in the user’s words', (_name, content, message) => {
    const error = refusal(content);
    expect(error.message).toMatch(message);
    expect(error.exitCode).toBe(EXIT.usage);
    expect(error.message.split('\n').length).toBeLessThan(9);
  });
});
