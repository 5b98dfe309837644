import { type QuotaKey, quotaDefinition, quotaKey } from '../../quotas/quota-catalogue';
import type { Candidate } from '../candidates/candidate';
import type { LedgerRow } from './quota-ledger';

/** A quota increase that the plan needs, and what for. */
export interface Increase {
  readonly service: string;
  readonly code: string;
  readonly name: string;
  readonly from: number;
  /** Others' use and this environment's highest need, and no more. */
  readonly to: number;
  readonly justification: string;
  readonly unlocks: string;
}

/** The endpoints that draw on a quota, or the rest of the environment where none does. */
function describe(key: QuotaKey, chosen: readonly Candidate[]): string {
  const drawing = chosen.filter(({ uses }) => uses.some((use) => use.key === key));
  if (drawing.length === 0) return 'the platform';
  return drawing.map(({ mode, specialists }) => `${specialists.join(', ')} (${mode})`).join('; ');
}

/** One increase for every quota that is short, at peak or while updating; none where the limit is unknown. */
export function increasesFor(ledger: readonly LedgerRow[], chosen: readonly Candidate[]): Increase[] {
  return ledger.flatMap((row) => {
    const { limit, usedByOthers, steady, peak, updatePeak } = row;
    if (limit === null || usedByOthers === null) return [];
    if (row.verdict !== 'blocked' && row.verdict !== 'update-blocked') return [];
    const needed = Math.max(steady, peak, updatePeak);
    const { listed } = quotaDefinition(quotaKey(row));
    const purpose = describe(quotaKey(row), chosen);
    return [
      {
        service: row.service,
        code: row.code,
        name: row.name,
        from: limit,
        to: usedByOthers + needed,
        justification: `${usedByOthers} in use by others, ${steady} at average load, ${peak} scaled out, ${updatePeak} while updating${listed ? '' : '; Service Quotas does not list it: ask in a support case'}`,
        unlocks: `${row.verdict === 'blocked' ? 'deploying' : 'updating'} ${purpose}`,
      },
    ];
  });
}
