import type { QuotaKey } from '../quotas/quota-catalogue';
import data from './request-caps.json';

interface Cap {
  readonly quota: string;
  readonly value: number;
  readonly byRegion?: Readonly<Record<string, number>>;
}

const caps = new Map<string, Cap>(data.caps.map((cap: Cap) => [cap.quota, cap]));

/** Open requests that an account and Region may have at once; AWS says "about". */
export const MAX_OPEN_REQUESTS = data.openRequests.value;

/** The most that AWS grants of a quota in a Region; undefined where AWS publishes no such figure. */
export function capOf(key: QuotaKey, region: string): number | undefined {
  const cap = caps.get(key);
  return cap?.byRegion?.[region] ?? cap?.value;
}
