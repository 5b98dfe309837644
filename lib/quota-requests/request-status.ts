import type { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { type QuotaKey, quotaDefinition } from '../quotas/quota-catalogue';
import { failureOf } from './request-failure';
import { type FiledRequest, requestHistory } from './request-history';
import { liveQuota } from './live-quota';

/** What AWS has made of a request. `closed`: the support case was closed, which says nothing of its outcome. */
export type Decision = 'pending' | 'case-opened' | 'approved' | 'denied' | 'closed' | 'unknown';

/** The latest request for a quota. */
export interface RequestState {
  readonly key: QuotaKey;
  readonly name: string;
  readonly decision: Decision;
  readonly desired: number | undefined;
  /** The limit that applies now; undefined where it could not be read. */
  readonly applied: number | undefined;
  /**
   * Whether as much as was asked for applies: it may while the case is still open, and not at once after approval.
   * Undefined where the limit could not be read.
   */
  readonly inForce: boolean | undefined;
  readonly requestId: string;
  readonly created: string | undefined;
  readonly caseId: string | undefined;
  /** Why the limit could not be read; empty where it was. */
  readonly note: string;
}

const DECISIONS: Readonly<Record<FiledRequest['status'], Decision>> = {
  PENDING: 'pending',
  CASE_OPENED: 'case-opened',
  APPROVED: 'approved',
  DENIED: 'denied',
  NOT_APPROVED: 'denied',
  INVALID_REQUEST: 'denied',
  CASE_CLOSED: 'closed',
  UNKNOWN: 'unknown',
};

const nameKey = (key: QuotaKey, name: string): string => `${key.split('/')[0]}: ${name}`;

/** The latest of each quota; times are ISO 8601 in UTC, so they sort as text. */
function latest(requests: readonly FiledRequest[]): FiledRequest[] {
  const byKey = new Map<QuotaKey, FiledRequest>();
  for (const request of requests) {
    const before = byKey.get(request.key);
    if (before === undefined || (request.created ?? '') > (before.created ?? '')) {
      byKey.set(request.key, request);
    }
  }
  return [...byKey.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

async function applied(client: ServiceQuotasClient, key: QuotaKey, name: string) {
  const [service = '', code = ''] = key.split('/');
  try {
    const quota = await liveQuota(client, { service, code, name });
    return { value: quota?.value, note: quota?.value === undefined ? 'AWS gives no value' : '' };
  } catch (error) {
    const { kind, message } = failureOf(error);
    const why = kind === 'denied' ? 'was denied' : `failed: ${message}`;
    return { value: undefined, note: `servicequotas:GetServiceQuota ${why}` };
  }
}

async function stateOf(client: ServiceQuotasClient, request: FiledRequest): Promise<RequestState> {
  const { key, status, desired, id: requestId, created, caseId } = request;
  const { name } = request;
  const { value, note } = await applied(client, key, name);
  return {
    key,
    name,
    decision: DECISIONS[status] ?? 'unknown',
    desired,
    applied: value,
    inForce: value === undefined || desired === undefined ? undefined : value >= desired,
    requestId,
    created,
    caseId,
    note,
  };
}

/**
 * What became of the requests for some quotas, whoever filed them. Quotas that nobody asked for are left out.
 *
 * @throws what the client throws when the history cannot be read
 */
export async function requestStatus({
  client,
  keys,
}: {
  readonly client: ServiceQuotasClient;
  readonly keys: readonly QuotaKey[];
}): Promise<RequestState[]> {
  // By name as well: where a code is not the account's, the increase was asked for under another one.
  const wanted = new Set<string>(keys.flatMap((key) => [key, nameKey(key, quotaDefinition(key).name)]));
  const history = await requestHistory(client);
  const states: RequestState[] = [];
  for (const request of latest(
    history.filter(({ key, name }) => wanted.has(key) || wanted.has(nameKey(key, name))),
  )) {
    states.push(await stateOf(client, request));
  }
  return states;
}
