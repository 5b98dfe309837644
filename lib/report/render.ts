import { UserError } from '../util/user-error';
import { renderHtml } from './html/page';
import { renderJson } from './json';
import { renderJunit } from './junit';
import { renderMarkdown } from './markdown';
import { renderSarif } from './sarif';
import type { Report } from './schema';
import { renderTable } from './table';

/** Formats of the report. */
export const FORMATS = ['table', 'json', 'md', 'html', 'sarif', 'junit'] as const;
export type Format = (typeof FORMATS)[number];

export interface RenderOptions {
  /** Whether the table may use colours. */
  readonly color: boolean;
  /** Whether the table lists also what nobody has to look at. @default false */
  readonly verbose?: boolean | undefined;
  /** Report that the Markdown is compared with. @default - nothing is compared */
  readonly baseline?: Report | undefined;
}

const RENDERERS: Readonly<Record<Format, (report: Report, options: RenderOptions) => string>> = {
  table: renderTable,
  json: renderJson,
  md: renderMarkdown,
  html: renderHtml,
  sarif: renderSarif,
  junit: renderJunit,
};

/**
 * Draws a report in one of the formats.
 *
 * @throws UserError for a baseline with a format that compares nothing
 */
export function render(report: Report, format: Format, options: RenderOptions): string {
  if (options.baseline !== undefined && format !== 'md') {
    throw new UserError(`a baseline is compared in Markdown only: given format ${format}, allowed is md`);
  }
  return RENDERERS[format](report, options);
}
