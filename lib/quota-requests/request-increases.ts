import { RequestServiceQuotaIncreaseCommand, type ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { quotaKey } from '../quotas/quota-catalogue';
import { MAX_OPEN_REQUESTS } from './request-caps';
import { type Failure, failureOf } from './request-failure';
import { type FiledRequest, openRequests } from './request-history';
import { liveQuota } from './live-quota';
import type { Proposal } from './propose-increases';

/** Every IAM action that asking for increases and following them up takes. */
export const INCREASE_ACTIONS = [
  'servicequotas:GetAWSDefaultServiceQuota',
  'servicequotas:GetServiceQuota',
  'servicequotas:ListAWSDefaultServiceQuotas',
  'servicequotas:ListRequestedServiceQuotaChangeHistory',
  'servicequotas:RequestServiceQuotaIncrease',
] as const;

/**
 * What became of a proposal. `shown`: nothing was asked. `by-hand` and `impossible`: Service Quotas cannot help.
 * `already-open`: somebody asked before. `in-force`: the account has as much. `refused`: AWS said no at once.
 * `undetermined`: it was not filed, because it could not be made sure of, or nobody can tell whether it was.
 */
export type Outcome =
  | 'shown'
  | 'filed'
  | 'already-open'
  | 'in-force'
  | 'by-hand'
  | 'impossible'
  | 'account-full'
  | 'refused'
  | 'undetermined';

export interface RequestResult {
  readonly proposal: Proposal;
  readonly outcome: Outcome;
  /** What a person should know of it; empty where the outcome says it all. */
  readonly note: string;
  /** AWS's id of the request that is open now. */
  readonly requestId?: string;
}

export interface RequestOptions {
  readonly client: ServiceQuotasClient;
  readonly proposals: readonly Proposal[];
  /** Whether to ask. Without it nothing is called at all. */
  readonly yes: boolean;
  /** Progress, a line at a time. */
  readonly log: (line: string) => void;
}

/** What a proposal comes to without asking AWS; undefined where it takes a request. */
function settled(proposal: Proposal): RequestResult | undefined {
  const { filing } = proposal;
  if (filing.way === 'service-quotas') return undefined;
  return { proposal, outcome: filing.way === 'support' ? 'by-hand' : 'impossible', note: filing.reason };
}

function unsure(proposal: Proposal, action: string, { kind, message }: Failure): RequestResult {
  const what = {
    denied: `servicequotas:${action} was denied`,
    throttled: `servicequotas:${action} was throttled until the retries were spent`,
  };
  const why = kind === 'denied' || kind === 'throttled' ? what[kind] : `servicequotas:${action}: ${message}`;
  return { proposal, outcome: 'undetermined', note: `${why}; nothing was filed` };
}

function alreadyOpen(proposal: Proposal, open: FiledRequest): RequestResult {
  const { desired = 0, created } = open;
  const when = created === undefined ? '' : ` on ${created.slice(0, 10)}`;
  const short = desired < proposal.desired ? `, less than the ${proposal.desired} needed` : '';
  return {
    proposal,
    outcome: 'already-open',
    note: `${desired} asked for${when}${short}`,
    requestId: open.id,
  };
}

/** What filing failed with, in terms of the proposal. */
function notFiled(proposal: Proposal, failure: Failure): RequestResult {
  switch (failure.kind) {
    case 'exists':
      return {
        proposal,
        outcome: 'already-open',
        note: 'AWS has one: somebody else’s, or a first try of this one whose answer was lost',
      };
    case 'account-full':
      return { proposal, outcome: 'account-full', note: failure.message };
    case 'refused':
    case 'missing':
      return { proposal, outcome: 'refused', note: failure.message };
    case 'unreachable':
      // The answer was lost, not necessarily the request: to ask again might ask twice.
      return {
        proposal,
        outcome: 'undetermined',
        note: `no answer (${failure.message}): it may have been filed; look with quotas status`,
      };
    default:
      return unsure(proposal, 'RequestServiceQuotaIncrease', failure);
  }
}

async function file(client: ServiceQuotasClient, proposal: Proposal, code: string): Promise<RequestResult> {
  try {
    const { RequestedQuota } = await client.send(
      new RequestServiceQuotaIncreaseCommand({
        ServiceCode: proposal.service,
        QuotaCode: code,
        DesiredValue: proposal.desired,
      }),
    );
    const requestId = RequestedQuota?.Id;
    return { proposal, outcome: 'filed', note: '', ...(requestId === undefined ? {} : { requestId }) };
  } catch (error) {
    return notFiled(proposal, failureOf(error));
  }
}

/** Asks for one increase, unless it is open, in force, not adjustable, or one too many. */
async function ask(
  client: ServiceQuotasClient,
  proposal: Proposal,
  open: readonly FiledRequest[],
  openCount: number,
): Promise<RequestResult> {
  let quota;
  try {
    quota = await liveQuota(client, proposal);
  } catch (error) {
    return unsure(proposal, 'GetServiceQuota', failureOf(error));
  }
  if (quota === undefined) {
    return { proposal, outcome: 'refused', note: 'Service Quotas knows neither its code nor its name' };
  }
  const { code, value, adjustable } = quota;
  const before = open.find(({ key }) => key === quotaKey({ service: proposal.service, code }));
  if (value !== undefined && value >= proposal.desired) {
    return { proposal, outcome: 'in-force', note: `the account has ${value}; record its quotas again` };
  }
  if (before !== undefined) return alreadyOpen(proposal, before);
  if (!adjustable) return { proposal, outcome: 'impossible', note: 'AWS does not adjust it' };
  if (openCount >= MAX_OPEN_REQUESTS) {
    return {
      proposal,
      outcome: 'account-full',
      note: `${openCount} requests are open already, and AWS takes about ${MAX_OPEN_REQUESTS}`,
    };
  }
  return file(client, proposal, code);
}

/**
 * Shows, or with `yes` files, requests for increases, one after the other. Never files one for a quota that has an open
 * request, and none at all where that cannot be found out.
 */
export async function requestIncreases({
  client,
  proposals,
  yes,
  log,
}: RequestOptions): Promise<RequestResult[]> {
  if (!yes) {
    return proposals.map((proposal) => settled(proposal) ?? { proposal, outcome: 'shown', note: '' });
  }
  let open: readonly FiledRequest[];
  try {
    log('Looking for requests that are open …');
    open = await openRequests(client);
  } catch (error) {
    const failure = failureOf(error);
    return proposals.map(
      (proposal) => settled(proposal) ?? unsure(proposal, 'ListRequestedServiceQuotaChangeHistory', failure),
    );
  }
  const results: RequestResult[] = [];
  for (const proposal of proposals) {
    const known = settled(proposal);
    if (known === undefined) log(`Asking for ${proposal.desired} of ${proposal.name} …`);
    const filed = results.filter(({ outcome }) => outcome === 'filed').length;
    results.push(known ?? (await ask(client, proposal, open, open.length + filed)));
  }
  return results;
}
