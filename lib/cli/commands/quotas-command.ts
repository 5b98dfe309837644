import { EXIT, type ExitCode, UserError } from '../../util/user-error';
import { quotaKey } from '../../quotas/quota-catalogue';
import {
  type ClientSettings,
  type QuotaClientFactory,
  type QuotaClients,
  awsQuotaClients,
} from '../../quota-requests/quota-clients';
import { failureOf } from '../../quota-requests/request-failure';
import { proposeIncreases, undeterminedQuotas } from '../../quota-requests/propose-increases';
import { type RequestsDocument, renderRequests, renderStatus } from '../../quota-requests/render-requests';
import { type RequestResult, requestIncreases } from '../../quota-requests/request-increases';
import { type RequestState, requestStatus } from '../../quota-requests/request-status';
import { type Planned, planEnvironment } from '../../plan/load-plan';
import type { Terminal } from '../terminal';
import type { QuotasFormat } from './quotas-formats';

interface QuotasOptions {
  readonly env: string;
  readonly format: QuotasFormat;
  /** Name or file of a snapshot. @default - the one that the environment names */
  readonly snapshot?: string;
  readonly region?: string;
  readonly profile?: string;
  /** Account that the credentials must be of. @default - the environment's, where it names one */
  readonly expectAccount?: string;
}

export type QuotasStatusOptions = QuotasOptions;

export interface QuotasRequestOptions extends QuotasOptions {
  /** Whether to file the requests; without it they are only shown, and AWS is not called. */
  readonly yes: boolean;
  /** What to ask for beyond the plan's own need, in percent of that need. @default 0 */
  readonly headroomPercent?: number;
}

/** Hooks for what the commands reach outside the process. */
export interface QuotasDependencies {
  /** @default - AWS, with the standard credential chain */
  readonly clients?: QuotaClientFactory;
}

function planFor(options: QuotasOptions, io: Terminal): Planned {
  return planEnvironment(
    options.env,
    { account: io.variables['CDK_DEFAULT_ACCOUNT'], region: io.variables['CDK_DEFAULT_REGION'] },
    { snapshot: options.snapshot, region: options.region },
  );
}

function settingsOf({ profile }: QuotasOptions, { target }: Planned): ClientSettings {
  return { region: target.region, ...(profile === undefined ? {} : { profile }) };
}

async function callerOf(clients: QuotaClients): Promise<string> {
  try {
    return await clients.account();
  } catch (error) {
    const reason = error instanceof Error ? error.name : 'unknown error';
    throw new UserError(
      `the account of the AWS credentials cannot be determined (${reason}); sign in, or choose others with --profile`,
      EXIT.unknown,
    );
  }
}

/** Credentials of another account than the environment's are a mistake, and one that files requests there. */
async function assertExpected(
  clients: QuotaClients,
  { expectAccount }: QuotasOptions,
  { environment }: Planned,
): Promise<string> {
  const expected = expectAccount ?? environment.account;
  const caller = await callerOf(clients);
  if (expected !== undefined && caller !== expected) {
    throw new UserError(
      `the AWS credentials are of account ${caller}, but ${expected} is expected; choose others with --profile`,
    );
  }
  return caller;
}

async function assertOwnFigures(
  clients: QuotaClients,
  options: QuotasOptions,
  planned: Planned,
): Promise<void> {
  const caller = await assertExpected(clients, options, planned);
  const { account } = planned.plan.snapshot;
  if (account === caller) return;
  throw new UserError(
    `snapshot ${planned.snapshotName} holds the quotas of account ${account}, not of ${caller}: what to ask for cannot be told from it; record that account (xdr preflight --live --record FILE) and give the file with --snapshot`,
  );
}

function requestsDocument(
  { environment, target, plan }: Planned,
  { yes, headroomPercent = 0 }: QuotasRequestOptions,
  results: readonly RequestResult[],
): RequestsDocument {
  return {
    schemaVersion: 1,
    environment: environment.name,
    region: target.region,
    filing: yes,
    headroomPercent,
    requests: results.map(({ proposal, outcome, note, requestId = null }) => {
      const { service, code, name, from, desired, justification } = proposal;
      return { service, code, name, from, desired, outcome, note, requestId, justification };
    }),
    undetermined: undeterminedQuotas(plan),
  };
}

function requestExit({ filing, requests, undetermined }: RequestsDocument): ExitCode {
  const outcomes = new Set(requests.map(({ outcome }) => outcome));
  if (outcomes.has('refused') || outcomes.has('impossible') || outcomes.has('account-full')) {
    return EXIT.blocked;
  }
  if (filing && outcomes.has('by-hand')) return EXIT.blocked;
  return outcomes.has('undetermined') || undetermined.length > 0 ? EXIT.unknown : EXIT.fits;
}

/**
 * Shows the increases that an environment needs and why; with `yes`, files them through Service Quotas.
 *
 * @returns 0 when everything is shown, or asked for, or granted; 1 when AWS refuses something or a person has to ask for
 *   it; 3 when something could not be determined
 * @throws UserError for input that cannot be used, or credentials of another account than the plan's
 */
export async function quotasRequest(
  options: QuotasRequestOptions,
  io: Terminal,
  { clients: create = awsQuotaClients }: QuotasDependencies = {},
): Promise<ExitCode> {
  const planned = planFor(options, io);
  const proposals = proposeIncreases(planned.plan, { headroomPercent: options.headroomPercent });
  const clients = create(settingsOf(options, planned));
  const yes = options.yes && proposals.length > 0;
  if (yes) await assertOwnFigures(clients, options, planned);
  const log = (line: string) => io.err(`${line}\n`);
  const results = await requestIncreases({ client: clients.serviceQuotas, proposals, yes, log });
  const document = requestsDocument(planned, options, results);
  io.out(options.format === 'json' ? `${JSON.stringify(document, null, 2)}\n` : renderRequests(document));
  return requestExit(document);
}

/** What is in force is settled, whatever AWS calls it; what is denied or closed without being in force is lost. */
function statusExit(requests: readonly RequestState[]): ExitCode {
  const left = requests.filter(({ inForce }) => inForce !== true);
  if (
    left.some(
      ({ decision, inForce }) => decision === 'denied' || (decision === 'closed' && inForce === false),
    )
  ) {
    return EXIT.blocked;
  }
  return left.length > 0 ? EXIT.unknown : EXIT.fits;
}

/**
 * Tells what became of the requests for every quota that an environment draws on, whoever filed them.
 *
 * @returns 0 when everything that was asked for is in force, 1 when something was denied, 3 when AWS has not decided or
 *   it could not be read
 * @throws UserError for input that cannot be used, credentials of another account, or a history that cannot be read
 */
export async function quotasStatus(
  options: QuotasStatusOptions,
  io: Terminal,
  { clients: create = awsQuotaClients }: QuotasDependencies = {},
): Promise<ExitCode> {
  const planned = planFor(options, io);
  const clients = create(settingsOf(options, planned));
  await assertExpected(clients, options, planned);
  let requests;
  try {
    requests = await requestStatus({
      client: clients.serviceQuotas,
      keys: planned.plan.ledger.map(quotaKey),
    });
  } catch (error) {
    const { kind, message } = failureOf(error);
    throw new UserError(
      `the requests cannot be read: servicequotas:ListRequestedServiceQuotaChangeHistory ${kind === 'denied' ? 'was denied; allow it and try again' : `failed (${message})`}`,
      EXIT.unknown,
    );
  }
  const { environment, target } = planned;
  const document = {
    schemaVersion: 1,
    environment: environment.name,
    region: target.region,
    requests,
  } as const;
  io.out(options.format === 'json' ? `${JSON.stringify(document, null, 2)}\n` : renderStatus(document));
  return statusExit(requests);
}
