import { explainIssues } from '../util/schema-issues';
import { UserError } from '../util/user-error';
import { type Report, reportSchema } from './schema';

/** Errors shown at most: a file of another kind breaks every rule at once. */
const SHOWN = 5;

function parseJson(content: string, what: string): unknown {
  try {
    return JSON.parse(content);
  } catch (error) {
    throw new UserError(
      `the ${what} cannot be read as JSON: ${(error as Error).message}; give a report written with --format json`,
    );
  }
}

/**
 * Reads an earlier report, as `--format json` wrote it.
 *
 * @param content what the file holds
 * @param what how the report is called in an error
 * @throws UserError when it is no JSON or no report of schema version 1, with the first errors by key
 */
export function parseBaseline(content: string, what = 'baseline'): Report {
  // Some shells write redirected output with a byte order mark, which is no JSON.
  const input = parseJson(content.replace(/^\uFEFF/, ''), what);
  const parsed = reportSchema.safeParse(input, { reportInput: true });
  if (parsed.success) return parsed.data;
  const lines = explainIssues(reportSchema, parsed.error);
  const more = lines.length - SHOWN;
  throw new UserError(
    [
      `the ${what} is not a pre-flight report (schema version 1, docs/report.schema.json); give one written with --format json:`,
      ...lines.slice(0, SHOWN).map((line) => `  - ${line}`),
      ...(more > 0 ? [`  - and ${more} more`] : []),
    ].join('\n'),
  );
}
