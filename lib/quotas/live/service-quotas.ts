import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  type ServiceQuota,
  paginateListServiceQuotas,
} from '@aws-sdk/client-service-quotas';
import type { QuotaDefinition } from '../quota-catalogue';
import type { Aws } from '../../aws/session';
import { ReadFailure } from '../../aws/read-failure';
import { everyItem, given, once } from '../../aws/outcome';

/** A limit as AWS gives it, and the code that it was found under. */
export interface LimitReading {
  readonly value: number;
  readonly origin: 'applied' | 'default';
  readonly code: string;
}

/** Services whose quotas fit on one page, so that listing them is one call instead of one for each. */
const LISTED_AT_ONCE = new Set(['vpc']);

function isAbsent(error: unknown): boolean {
  return error instanceof ReadFailure && error.reason === 'absent';
}

/** The answer, or undefined where Service Quotas knows none. */
async function unlessAbsent(asked: Promise<{ Quota?: ServiceQuota }>): Promise<ServiceQuota | undefined> {
  try {
    return (await asked).Quota;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

function reading(quota: ServiceQuota, origin: LimitReading['origin'], code: string): LimitReading {
  return { value: given(quota.Value, 'value'), origin, code: quota.QuotaCode ?? code };
}

/**
 * Reads limits from Service Quotas: the applied value first; where there is none, AWS's default, labelled as such.
 * Codes are hints and names are the key: a code that is not found, or that belongs to another name, is looked up by
 * the exact name in the list of the whole service, which for SageMaker is 21 pages and so the last resort.
 */
export function serviceQuotaReader({ serviceQuotas: client }: Aws) {
  const lists = new Map<string, () => Promise<ServiceQuota[]>>();
  const list = (service: string): Promise<ServiceQuota[]> => {
    const read =
      lists.get(service) ??
      once(() =>
        everyItem(
          paginateListServiceQuotas({ client, pageSize: 100 }, { ServiceCode: service }),
          ({ Quotas }) => Quotas,
        ),
      );
    lists.set(service, read);
    return read();
  };
  const applied = async ({ service, code }: QuotaDefinition): Promise<ServiceQuota | undefined> =>
    LISTED_AT_ONCE.has(service)
      ? (await list(service)).find(({ QuotaCode }) => QuotaCode === code)
      : unlessAbsent(client.send(new GetServiceQuotaCommand({ ServiceCode: service, QuotaCode: code })));
  const byDefault = ({ service, code }: QuotaDefinition) =>
    unlessAbsent(
      client.send(new GetAWSDefaultServiceQuotaCommand({ ServiceCode: service, QuotaCode: code })),
    );

  return async (definition: QuotaDefinition): Promise<LimitReading> => {
    const { service, code, name } = definition;
    const own = await applied(definition);
    const found = own ?? (await byDefault(definition));
    const origin = own === undefined ? 'default' : 'applied';
    if (found?.QuotaName === name) return reading(found, origin, code);
    const named = (await list(service)).find(({ QuotaName }) => QuotaName === name);
    if (named !== undefined) return reading(named, 'applied', code);
    // No quota has that name any more: AWS renamed it, and the code still holds.
    if (found !== undefined) return reading(found, origin, code);
    throw new ReadFailure('absent', undefined, 'not in Service Quotas');
  };
}
