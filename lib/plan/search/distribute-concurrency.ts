import { QUOTA } from '../../quotas/quota-catalogue';
import type { QuotaReader } from '../../quotas/resolve-quota';
import type { Candidate } from '../candidates/candidate';
import { room } from './objective';
import { withConcurrency } from '../candidates/serverless-candidate';

function concurrencyOf(candidate: Candidate): number | undefined {
  const { endpoint } = candidate;
  if (endpoint?.mode !== 'serverless' || endpoint.provisionedConcurrency !== undefined) return undefined;
  return endpoint.maxConcurrency;
}

/**
 * Gives on-demand serverless endpoints, one step each in turn, the concurrency that the quota has left, up to the
 * burst that configuration asks for. Concurrency costs nothing by itself, and a burst beyond it is throttled; but one
 * endpoint must never swallow the pool that the others live on.
 *
 * @param meanwhile concurrency that is drawn while old and new endpoints stand side by side. @default - none do
 */
export function distributeConcurrency(
  chosen: readonly Candidate[],
  read: QuotaReader,
  burst: number,
  meanwhile = 0,
): Candidate[] {
  const result = [...chosen];
  const drawn = result.reduce((sum, candidate) => {
    const { endpoint } = candidate;
    return sum + (endpoint?.mode === 'serverless' ? endpoint.maxConcurrency : 0);
  }, 0);
  let left = (room(read, QUOTA.serverlessConcurrency) ?? 0) - Math.max(drawn, meanwhile);
  for (let level = 2; level <= burst; level += 1) {
    for (const [index, candidate] of result.entries()) {
      const now = concurrencyOf(candidate);
      if (now === undefined || now >= level || left < 1) continue;
      result[index] = withConcurrency(candidate, now + 1);
      left -= 1;
    }
  }
  return result;
}
