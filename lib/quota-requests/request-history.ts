import {
  ListRequestedServiceQuotaChangeHistoryCommand,
  type RequestStatus,
  type RequestedServiceQuotaChange,
  type ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';
import { type QuotaKey, quotaKey } from '../quotas/quota-catalogue';

/** A request for an increase, filed by whomever. */
export interface FiledRequest {
  readonly key: QuotaKey;
  readonly name: string;
  readonly id: string;
  readonly status: RequestStatus | 'UNKNOWN';
  readonly desired: number | undefined;
  /** ISO 8601 time of filing; undefined where AWS leaves it out. */
  readonly created: string | undefined;
  /** Number of the support case, once there is one. */
  readonly caseId: string | undefined;
}

/** Requests that AWS has not decided. */
export const OPEN_STATUSES = ['PENDING', 'CASE_OPENED'] as const satisfies readonly RequestStatus[];

const PAGE_SIZE = 100;

function filed(change: RequestedServiceQuotaChange): FiledRequest {
  return {
    key: quotaKey({ service: change.ServiceCode ?? '', code: change.QuotaCode ?? '' }),
    name: change.QuotaName ?? '',
    id: change.Id ?? '',
    status: change.Status ?? 'UNKNOWN',
    desired: change.DesiredValue,
    created: change.Created?.toISOString(),
    caseId: change.CaseId,
  };
}

/**
 * Every request of the account and Region, over all pages.
 *
 * @param status only those; every status when left out
 * @throws what the client throws
 */
export async function requestHistory(
  client: ServiceQuotasClient,
  status?: RequestStatus,
): Promise<FiledRequest[]> {
  const requests: FiledRequest[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(
      new ListRequestedServiceQuotaChangeHistoryCommand({ Status: status, MaxResults: PAGE_SIZE, NextToken }),
    );
    requests.push(...(page.RequestedQuotas ?? []).map(filed));
    NextToken = page.NextToken;
  } while (NextToken !== undefined && NextToken !== '');
  return requests;
}

/** Every request that AWS has not decided, each once. */
export async function openRequests(client: ServiceQuotasClient): Promise<FiledRequest[]> {
  const lists = [];
  for (const status of OPEN_STATUSES) lists.push(await requestHistory(client, status));
  // One that is moved from pending to a case between the two calls stands in both.
  return [...new Map(lists.flat().map((request) => [request.id, request])).values()];
}
