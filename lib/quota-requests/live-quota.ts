import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  ListAWSDefaultServiceQuotasCommand,
  NoSuchResourceException,
  type ServiceQuota,
  type ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';

/** A quota as AWS knows it now. */
export interface LiveQuota {
  readonly code: string;
  readonly value: number | undefined;
  readonly adjustable: boolean;
}

interface Wanted {
  readonly service: string;
  readonly code: string;
  readonly name: string;
}

const PAGE_SIZE = 100;

/** A quota by code: the applied value, else AWS's default; undefined where the code does not exist. */
async function byCode(
  client: ServiceQuotasClient,
  { service, code }: Pick<Wanted, 'service' | 'code'>,
): Promise<ServiceQuota | undefined> {
  const input = { ServiceCode: service, QuotaCode: code };
  for (const command of [new GetServiceQuotaCommand(input), new GetAWSDefaultServiceQuotaCommand(input)]) {
    try {
      const { Quota } = await client.send(command);
      if (Quota !== undefined) return Quota;
    } catch (error) {
      if (!(error instanceof NoSuchResourceException)) throw error;
    }
  }
  return undefined;
}

async function codeByName(
  client: ServiceQuotasClient,
  { service, name }: Wanted,
): Promise<string | undefined> {
  let NextToken: string | undefined;
  do {
    const page = await client.send(
      new ListAWSDefaultServiceQuotasCommand({ ServiceCode: service, MaxResults: PAGE_SIZE, NextToken }),
    );
    const found = page.Quotas?.find(({ QuotaName }) => QuotaName === name);
    if (found?.QuotaCode !== undefined) return found.QuotaCode;
    NextToken = page.NextToken;
  } while (NextToken !== undefined && NextToken !== '');
  return undefined;
}

function live(quota: ServiceQuota, code: string): LiveQuota {
  return { code, value: quota.Value, adjustable: quota.Adjustable ?? false };
}

/**
 * Finds a quota by its code, and by its name where the code does not exist or means another quota: codes are hints,
 * and an increase of another quota must never be asked for.
 *
 * @returns undefined where AWS knows neither
 * @throws what the client throws, except for a code that does not exist
 */
export async function liveQuota(client: ServiceQuotasClient, wanted: Wanted): Promise<LiveQuota | undefined> {
  const quota = await byCode(client, wanted);
  if (quota?.QuotaName === wanted.name) return live(quota, wanted.code);
  const code = await codeByName(client, wanted);
  if (code === undefined) return undefined;
  const named = await byCode(client, { service: wanted.service, code });
  return named === undefined ? undefined : live(named, code);
}
