import { writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type ExitCode, UserError } from '../errors';
import { renderJson } from '../report/json';
import { renderMarkdown } from '../report/markdown';
import { reportOf } from '../report/report';
import type { Report } from '../report/schema';
import { renderTable } from '../report/table';
import { planEnvironment } from './context';
import type { Io } from './io';

/** Formats of the report. */
export const FORMATS = ['table', 'json', 'md'] as const;
export type Format = (typeof FORMATS)[number];

export interface PreflightOptions {
  readonly env: string;
  readonly format: Format;
  readonly color: boolean;
  readonly strict: boolean;
  /** File instead of standard output. */
  readonly out?: string;
  /** Name or file of a snapshot. @default - the one that the environment names */
  readonly snapshot?: string;
  readonly region?: string;
}

const RENDERERS: Readonly<Record<Format, (report: Report, color: boolean) => string>> = {
  json: renderJson,
  md: renderMarkdown,
  table: (report, color) => renderTable(report, { color }),
};

/** Draws a report in one of the formats. */
export function render(report: Report, format: Format, color: boolean): string {
  return RENDERERS[format](report, color);
}

function save(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new UserError(
      `cannot write ${file}: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}; the folder ${dirname(file)} must exist and be writable`,
    );
  }
}

/**
 * The quota pre-flight of an environment on recorded quotas.
 *
 * @returns the exit code of the verdict
 * @throws UserError for input that cannot be used
 */
export function preflight(options: PreflightOptions, io: Io): ExitCode {
  const { plan, snapshotName } = planEnvironment(
    options.env,
    { account: io.variables['CDK_DEFAULT_ACCOUNT'], region: io.variables['CDK_DEFAULT_REGION'] },
    { snapshot: options.snapshot, region: options.region },
  );
  const report = reportOf(plan, { snapshotName, strict: options.strict });
  if (options.out === undefined) io.out(render(report, options.format, options.color));
  else {
    save(options.out, render(report, options.format, false));
    io.err(`wrote ${options.out}\n`);
  }
  return report.exitCode;
}
