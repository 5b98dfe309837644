import { QUOTA, type QuotaKey, quotaKey } from '../../quotas/quota-catalogue';
import type { Candidate } from '../candidates/candidate';
import { type DeployedEndpoint, movedBy } from './existing-deployment';
import type { LedgerRow, Tallies } from '../demand/quota-ledger';
import { tally } from '../demand/quota-ledger';

/**
 * What each quota needs while endpoints are replaced: CloudFormation creates every new endpoint before it deletes the
 * old ones, so whatever runs stands beside whatever is new. Only of quotas that something new draws on, and of which
 * it is known what the running endpoints hold. Never falls when a candidate is added.
 *
 * @param platform what the rest of the environment draws on quotas
 */
export function besideWhatRuns(
  chosen: readonly Candidate[],
  platform: Tallies,
  running: DeployedEndpoint | undefined,
): ReadonlyMap<QuotaKey, number> {
  const needs = new Map<QuotaKey, number>();
  if (running === undefined) return needs;
  for (const [key, { steady }] of tally(arriving(chosen, running).flatMap(({ uses }) => uses))) {
    const held = running.held.get(key);
    if (held !== undefined && steady > 0) needs.set(key, (platform.get(key)?.steady ?? 0) + held + steady);
  }
  return needs;
}

/** Candidates whose endpoint does not run yet. */
function arriving(chosen: readonly Candidate[], { endpoints }: DeployedEndpoint): Candidate[] {
  return chosen.filter(({ endpoint }) => endpoint !== undefined && !endpoints.has(endpoint.name));
}

/** Endpoints that run and are not part of a selection, by name. */
export function leaving(chosen: readonly Candidate[], { endpoints }: DeployedEndpoint): string[] {
  const kept = new Set(chosen.map(({ endpoint }) => endpoint?.name));
  return [...endpoints].filter((name) => !kept.has(name));
}

/**
 * Serverless concurrency that is drawn while old and new endpoints stand side by side; an endpoint that stays must
 * not be given what another still holds.
 *
 * @returns undefined where no endpoint comes or goes, or nobody knows what the running ones hold
 */
export function concurrencyMeanwhile(
  chosen: readonly Candidate[],
  running: DeployedEndpoint | undefined,
): number | undefined {
  const held = running?.held.get(QUOTA.serverlessConcurrency);
  if (running === undefined || held === undefined) return undefined;
  const added = arriving(chosen, running);
  if (added.length === 0 && leaving(chosen, running).length === 0) return undefined;
  const drawn = tally(added.flatMap(({ uses }) => uses));
  return held + (drawn.get(QUOTA.serverlessConcurrency)?.steady ?? 0);
}

/** How many specialists a selection moves away from what serves them now. */
export function movesOf(chosen: readonly Candidate[], running: DeployedEndpoint | undefined): number {
  if (running === undefined) return 0;
  return chosen.reduce((sum, candidate) => sum + movedBy(candidate, running).length, 0);
}

/** The ledger with what a replacement needs: it blocks where there is no room for old and new side by side. */
export function withReplacement(
  rows: readonly LedgerRow[],
  needs: ReadonlyMap<QuotaKey, number>,
): LedgerRow[] {
  return rows.map((row) => {
    const need = needs.get(quotaKey(row));
    if (need === undefined || need <= row.updatePeak) return row;
    if (row.limit === null || row.usedByOthers === null) return { ...row, updatePeak: need };
    const room = row.limit - row.usedByOthers;
    return {
      ...row,
      updatePeak: need,
      headroom: room - Math.max(row.steady, row.peak, need),
      verdict: need > room ? 'blocked' : row.verdict,
    };
  });
}
