import type { Report } from './schema';

/** The report as JSON, two spaces, with a final newline. */
export function renderJson(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
