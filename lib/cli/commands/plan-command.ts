import { loadEnvironment } from '../../config/load-environment';
import type { Environment } from '../../config/environment';
import { type Setting, withSettings } from '../../config/set-options';
import { EXIT, type ExitCode, UserError } from '../../util/user-error';
import { catalogue, isCatalogued } from '../../quotas/quota-catalogue';
import { configuredLimits, quotaReader } from '../../quotas/resolve-quota';
import { jsonComparison, jsonWhatIf } from '../../report/changes-json';
import { tableChanges } from '../../report/changes-table';
import { compareEnvironments, markdownComparison, tableComparison } from '../../report/comparison';
import { type Format, render } from '../../report/render';
import type { Report } from '../../report/schema';
import { type ShownSetting, markdownSettings } from '../../report/settings';
import { writeNamedFile } from '../../util/write-file';
import { type CdkEnvironment, type Planned, planLoaded } from '../../plan/load-plan';
import { readCurrentPlan } from '../../report/current-plan';
import type { Terminal } from '../terminal';
import { offlineReport } from '../offline-report';

export interface PlanOptions {
  /** @default 'dev' */
  readonly env?: string;
  /** Two environments to compare instead of planning one. */
  readonly compare?: readonly string[];
  /** Values of the configuration to replace, each as `path=value`. */
  readonly set: readonly string[];
  readonly format: Format;
  readonly color: boolean;
  /** Whether warnings count. */
  readonly strict: boolean;
  readonly verbose?: boolean;
  /** File instead of standard output. */
  readonly out?: string;
  /** Name or file of a snapshot. @default - the one that the environment names */
  readonly snapshot?: string;
  readonly region?: string;
  /** Report (JSON) of the plan that runs. @default - what the snapshot recorded, else nothing runs */
  readonly current?: string;
}

/** Formats that a difference is drawn in. */
const DIFFERENCE_FORMATS = ['table', 'json', 'md'] as const;
type DifferenceFormat = (typeof DIFFERENCE_FORMATS)[number];

function differenceFormat(format: Format, flag: string): DifferenceFormat {
  const found = DIFFERENCE_FORMATS.find((name) => name === format);
  if (found !== undefined) return found;
  throw new UserError(
    `a difference is not drawn as ${format}: with ${flag}, --format is one of ${DIFFERENCE_FORMATS.join(', ')}`,
  );
}

/** A setting as it is shown: a limit that configuration did not set before is that of the account. */
function shown({ path, from, to }: Setting, { environment, snapshot }: Planned): ShownSetting {
  const key = path.startsWith('quotas.') ? path.slice('quotas.'.length) : '';
  if (!isCatalogued(key)) return { path, from, to };
  const limit = (limits: Environment['limits']) => quotaReader(snapshot, limits)(key).limit;
  const configured = configuredLimits(environment);
  const { [key]: _own, ...others } = configured;
  return { path, from: from ?? limit(configured), to: to ?? limit(others) };
}

function planWith({ snapshot, region, current }: PlanOptions, environment: Environment, cdk: CdkEnvironment) {
  return planLoaded(environment, cdk, {
    snapshot,
    region,
    current: readCurrentPlan(current, environment.name),
  });
}

function whatIf(options: PlanOptions, environment: Environment, cdk: CdkEnvironment) {
  const format = differenceFormat(options.format, '--set');
  const changed = withSettings(environment, options.set, catalogue());
  const before = planWith(options, environment, cdk);
  const base = offlineReport(before, options.strict);
  const now = offlineReport(planWith(options, changed.environment, cdk), options.strict);
  const settings = changed.settings.map((setting) => shown(setting, before));
  return { text: drawWhatIf(format, { base, now, settings }, options), exitCode: now.exitCode };
}

interface WhatIf {
  readonly base: Report;
  readonly now: Report;
  readonly settings: readonly ShownSetting[];
}

function drawWhatIf(format: DifferenceFormat, { base, now, settings }: WhatIf, options: PlanOptions): string {
  if (format === 'json') return jsonWhatIf(base, now, settings);
  if (format === 'md') {
    const head = markdownSettings(base.environment, settings);
    return [...head, render(now, 'md', { color: false, baseline: base })].join('\n\n');
  }
  const { verbose } = options;
  const color = options.color && options.out === undefined;
  return `${render(now, 'table', { color, verbose })}\n${tableChanges(base, now, settings, color)}`;
}

/** What a comparison of two environments has no meaning for. */
function mustStandAlone({ env, set, current }: PlanOptions): void {
  const given = { '--env': env, '--set': set.length > 0 ? set : undefined, '--current': current };
  const wrong = Object.entries(given).filter(([, value]) => value !== undefined);
  if (wrong.length === 0) return;
  throw new UserError(
    `--compare plans two environments as configured: leave out ${wrong.map(([flag]) => flag).join(', ')}`,
  );
}

function comparison(names: readonly string[], options: PlanOptions, cdk: CdkEnvironment): string {
  const [first, second, ...more] = names;
  if (first === undefined || second === undefined || more.length > 0 || first === second) {
    throw new UserError(
      `--compare takes two different environments, such as --compare dev prod; given: ${names.join(' ')}`,
    );
  }
  mustStandAlone(options);
  const format = differenceFormat(options.format, '--compare');
  const report = (name: string) =>
    offlineReport(planWith(options, loadEnvironment(name), cdk), options.strict);
  const [from, to] = [report(first), report(second)];
  if (format === 'json') return jsonComparison(from, to, compareEnvironments(from, to));
  return format === 'md'
    ? markdownComparison(from, to)
    : tableComparison(from, to, options.color && options.out === undefined);
}

function planned(options: PlanOptions, cdk: CdkEnvironment): { text: string; exitCode: ExitCode } {
  if (options.compare !== undefined) {
    return { text: comparison(options.compare, options, cdk), exitCode: EXIT.fits };
  }
  const environment = loadEnvironment(options.env ?? 'dev');
  if (options.set.length > 0) return whatIf(options, environment, cdk);
  const report = offlineReport(planWith(options, environment, cdk), options.strict);
  const { format, out, verbose } = options;
  const text = render(report, format, { color: options.color && out === undefined, verbose });
  return { text, exitCode: report.exitCode };
}

/**
 * The plan of an environment on recorded quotas; with `set` the plan that other values would give, and its difference
 * from the one as configured; with `compare` the plans of two environments side by side.
 *
 * @returns the exit code of the (new) plan's verdict; of a comparison 0, whatever the two verdicts are
 * @throws UserError for input that cannot be used
 */
export async function plan(options: PlanOptions, io: Terminal): Promise<ExitCode> {
  const cdk = { account: io.variables['CDK_DEFAULT_ACCOUNT'], region: io.variables['CDK_DEFAULT_REGION'] };
  const { text, exitCode } = planned(options, cdk);
  const { out } = options;
  if (out === undefined) io.out(text);
  else {
    writeNamedFile(out, text);
    io.err(`wrote ${out}\n`);
  }
  return exitCode;
}
