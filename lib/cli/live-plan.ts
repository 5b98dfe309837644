import { setMaxListeners } from 'node:events';
import { accountVerdict, accountFindings } from '../account/account-findings';
import { buildFindings, readBuildFacts } from '../account/build-findings';
import { accountClients } from '../account/account-clients';
import { isDeployed } from '../account/deployed-stacks';
import type { AccountFinding } from '../account/account-findings-registry';
import { accountNeeds } from '../account/account-needs';
import { type AccountClients, readAccountFacts } from '../account/read-facts';
import { type Target, loadEnvironment, resolveTarget } from '../config/load-environment';
import type { Environment } from '../config/environment';
import { type Verdict } from '../plan/deployment-plan';
import { environmentPrefix } from '../config/resource-names';
import { decide } from '../plan/decision';
import { planOf } from '../plan/plan';
import { platformUses } from '../plan/demand/platform-demand';
import { loadPriceBook } from '../pricing/price-book';
import { collectSnapshot } from '../quotas/live/collect-snapshot';
import type { CdkEnvironment, Planned } from '../plan/load-plan';
import { readCurrentPlan } from '../report/current-plan';
import type { Terminal } from './terminal';
import { siblingEnvironments } from './sibling-plans';

export interface LiveOptions {
  readonly env: string;
  readonly region?: string;
  readonly profile?: string;
  readonly expectAccount?: string;
  /** In seconds. */
  readonly deadline: number;
  /** Multiple of the usual rates of calls. @default 1 */
  readonly pace?: number;
  /** Report (JSON) of the plan that runs. @default - the endpoints that are found in the account */
  readonly current?: string;
}

/** A plan on what the account answered, with what the account lacks beside quotas. */
export interface LivePlanned extends Planned {
  readonly account: { readonly findings: readonly AccountFinding[]; readonly verdict: Verdict };
  /** Environments that share the account and are not deployed in it yet. */
  readonly neighbours: readonly Environment[];
}

/** Those whose deployment is certain not to be there; of the others nothing is counted twice. */
async function notDeployed(
  environments: readonly Environment[],
  { cloudFormation }: AccountClients,
  signal: AbortSignal,
): Promise<Environment[]> {
  const deployed = await Promise.all(
    environments.map(({ name }) => isDeployed(cloudFormation, name, signal)),
  );
  return environments.filter((_environment, index) => deployed[index] === false);
}

/**
 * Reads the live account and plans on it.
 *
 * @throws UserError for an unknown environment, credentials that AWS refuses or that are of another account
 */
export async function planLive(
  options: LiveOptions,
  cdk: CdkEnvironment,
  io: Terminal,
): Promise<LivePlanned> {
  const loaded = loadEnvironment(options.env);
  const environment = options.region === undefined ? loaded : { ...loaded, region: options.region };
  const { region } = resolveTarget(environment, cdk);
  const current = readCurrentPlan(options.current, environment.name);
  const prices = loadPriceBook(region);
  const { snapshot, calls, denied } = await collectSnapshot({
    environment,
    region,
    prices,
    platform: platformUses(environment).map(({ key }) => key),
    ownStackPrefix: `${environmentPrefix(environment.name)}-`,
    profile: options.profile,
    expectAccount: options.expectAccount ?? environment.account,
    deadlineMs: options.deadline * 1000,
    progress: io.err,
    now: io.now(),
    pace: options.pace ?? 1,
  });
  io.err(`${calls} requests${denied.length > 0 ? `, ${denied.length} readings denied` : ''}\n`);
  const target: Target = { account: snapshot.account, region };
  const decision = decide({
    environment,
    target,
    snapshot,
    prices,
    ...(current === undefined ? {} : { current }),
  });
  const plan = planOf(decision);
  const needs = accountNeeds(plan);
  const clients = accountClients(region, options.profile);
  const signal = AbortSignal.timeout(options.deadline * 1000);
  // Every call under way listens to it, and Node takes more than ten for a leak.
  setMaxListeners(0, signal);
  const [facts, neighbours] = await Promise.all([
    readAccountFacts(needs, clients, { accountPlan: environment.accountPlan, now: io.now(), signal }),
    notDeployed(siblingEnvironments(environment, target), clients, signal),
  ]);
  const findings = [
    ...accountFindings(needs, facts, snapshot.account),
    ...buildFindings(needs, readBuildFacts()),
  ];
  return {
    environment,
    target,
    snapshotName: `live account ${snapshot.account}`,
    snapshot,
    decision,
    plan,
    account: { findings, verdict: accountVerdict(findings) },
    neighbours,
  };
}
