import { existsSync, readFileSync } from 'node:fs';
import { preflightPolicy } from '../../account/account-policy';
import { loadEnvironment } from '../../config/load-environment';
import { EXIT, type ExitCode, UserError } from '../../util/user-error';
import { explain } from '../../plan/explain/explanation';
import { finding } from '../../plan/findings';
import { quotaContention } from '../../plan/demand/sibling-environments';
import { driftBetween } from '../../account/plan-drift';
import { recordSnapshot } from '../../quotas/live/record-snapshot';
import { parseBaseline } from '../../report/baseline';
import { type Format, render } from '../../report/render';
import { type AnyFinding, reportOf } from '../../report/report';
import type { Report } from '../../report/schema';
import { writeNamedFile } from '../../util/write-file';
import { type CdkEnvironment, type Planned, planEnvironment } from '../../plan/load-plan';
import { readCurrentPlan } from '../../report/current-plan';
import type { Terminal } from '../terminal';
import { plansOn } from '../sibling-plans';
import { offlineReport } from '../offline-report';

export interface PreflightOptions {
  readonly env: string;
  readonly format: Format;
  readonly color: boolean;
  readonly strict: boolean;
  /** Whether the table lists also what nobody has to look at. */
  readonly verbose?: boolean;
  /** File instead of standard output. */
  readonly out?: string;
  /** Report that the Markdown is compared with. */
  readonly baseline?: string;
  /** Name or file of a snapshot. @default - the one that the environment names */
  readonly snapshot?: string;
  readonly region?: string;
  /** Report (JSON) of the plan that runs, which is kept unless a move saves enough. */
  readonly current?: string;
  /** Whether to read the account instead of a snapshot. */
  readonly live?: boolean;
  /** File that the live reading is written to. */
  readonly record?: string;
  /** Whether the recorded snapshot must still give the plan of the live account. */
  readonly againstSnapshot?: boolean;
  readonly profile?: string;
  readonly expectAccount?: string;
  /** Seconds after which the live reading answers with what it has. @default 30 */
  readonly deadline?: number;
  /** Multiple of the usual rates of calls, for an endpoint that throttles nobody. No flag sets it. @default 1 */
  readonly pace?: number;
  /** Whether to print the policy that the live check needs, and do nothing else. */
  readonly printPolicy?: boolean;
}

const DEADLINE_SECONDS = 30;

function readBaseline(file: string | undefined): Report | undefined {
  if (file === undefined) return undefined;
  if (!existsSync(file)) {
    throw new UserError(`there is no baseline ${file}: give a report written with --format json --out FILE`);
  }
  return parseBaseline(readFileSync(file, 'utf8'));
}

function mustBeLive(options: PreflightOptions): void {
  const given = {
    '--record': options.record,
    '--against-snapshot': options.againstSnapshot,
    '--expect-account': options.expectAccount,
    '--profile': options.profile,
  };
  const wrong = Object.entries(given).filter(([, value]) => value !== undefined && value !== false);
  if (options.live || wrong.length === 0) return;
  throw new UserError(
    `${wrong.map(([flag]) => flag).join(', ')} only with --live: without it no account is read`,
  );
}

function planRecorded({ env, snapshot, region, current }: PreflightOptions, cdk: CdkEnvironment): Planned {
  return planEnvironment(env, cdk, { snapshot, region, current: readCurrentPlan(current, env) });
}

async function liveReport(options: PreflightOptions, cdk: CdkEnvironment, io: Terminal): Promise<Report> {
  // The AWS clients take longer to load than an offline plan to make.
  const { planLive } = await import('../live-plan');
  const live = await planLive({ ...options, deadline: options.deadline ?? DEADLINE_SECONDS }, cdk, io);
  const { decision, plan, snapshot, snapshotName, target, neighbours, account } = live;
  if (options.record !== undefined) {
    recordSnapshot(options.record, snapshot);
    io.err(`recorded ${options.record}\n`);
  }
  const drift: AnyFinding[] = [];
  if (options.againstSnapshot) {
    const recorded = planRecorded(options, cdk);
    for (const difference of driftBetween(plan, recorded.plan)) {
      const { takenAt } = recorded.plan.snapshot;
      drift.push(finding('snapshot-drift', { snapshot: recorded.snapshotName, takenAt, difference }));
    }
  }
  return reportOf(plan, {
    snapshotName,
    strict: options.strict,
    explanation: explain(decision),
    findings: [
      ...account.findings,
      ...drift,
      ...quotaContention(plan, plansOn(snapshot, neighbours, target)),
    ],
    verdict: drift.length > 0 ? 'blocked' : account.verdict,
  });
}

function printPolicy({ env, region }: PreflightOptions, io: Terminal): ExitCode {
  const loaded = loadEnvironment(env);
  const environment = region === undefined ? loaded : { ...loaded, region };
  io.out(`${JSON.stringify(preflightPolicy(environment), null, 2)}\n`);
  return EXIT.fits;
}

/**
 * The quota pre-flight of an environment, on recorded quotas or on the live account.
 *
 * @returns the exit code of the verdict
 * @throws UserError for input that cannot be used, or an account that cannot be read
 */
export async function preflight(options: PreflightOptions, io: Terminal): Promise<ExitCode> {
  if (options.printPolicy) return printPolicy(options, io);
  mustBeLive(options);
  const baseline = readBaseline(options.baseline);
  const cdk = { account: io.variables['CDK_DEFAULT_ACCOUNT'], region: io.variables['CDK_DEFAULT_REGION'] };
  const report = options.live
    ? await liveReport(options, cdk, io)
    : offlineReport(planRecorded(options, cdk), options.strict);
  const { format, out, verbose } = options;
  const text = render(report, format, { color: options.color && out === undefined, verbose, baseline });
  if (out === undefined) io.out(text);
  else {
    writeNamedFile(out, text);
    io.err(`wrote ${out}\n`);
  }
  return report.exitCode;
}
