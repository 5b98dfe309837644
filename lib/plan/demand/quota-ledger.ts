import type { QuotaKey, QuotaDefinition } from '../../quotas/quota-catalogue';
import { quotaDefinition } from '../../quotas/quota-catalogue';
import type { QuotaReader } from '../../quotas/resolve-quota';
import type { QuotaOrigin, UsageOrigin } from '../../quotas/snapshot-schema';
import type { Topology } from '../hosting/endpoint-plan';

/** What one part of the environment draws on one quota. */
export interface Use {
  readonly key: QuotaKey;
  /** At average load. */
  readonly steady: number;
  /** Scaled out as far as autoscaling may go. */
  readonly peak: number;
  /** On top of `steady` while the part is being updated: the second fleet, or one batch of it. */
  readonly surge: number;
}

/** Uses of one quota, added up. */
export interface Tally {
  readonly steady: number;
  readonly peak: number;
  readonly surgeTogether: number;
  readonly surgeOneAtATime: number;
}

export type Tallies = ReadonlyMap<QuotaKey, Tally>;

const NOTHING: Tally = { steady: 0, peak: 0, surgeTogether: 0, surgeOneAtATime: 0 };

function add(definition: QuotaDefinition, sum: Tally, use: Use): Tally {
  // A limit on each single endpoint is drawn on by the largest of them, not by all together.
  if (definition.scope === 'endpoint') {
    return { ...NOTHING, steady: Math.max(sum.steady, use.steady), peak: Math.max(sum.peak, use.peak) };
  }
  return {
    steady: sum.steady + use.steady,
    peak: sum.peak + use.peak,
    surgeTogether: sum.surgeTogether + use.surge,
    surgeOneAtATime: Math.max(sum.surgeOneAtATime, use.surge),
  };
}

/** Adds uses to tallies; the input is left as it is. */
export function tally(uses: Iterable<Use>, onto: Tallies = new Map()): Tallies {
  const sums = new Map(onto);
  for (const use of uses) {
    sums.set(use.key, add(quotaDefinition(use.key), sums.get(use.key) ?? NOTHING, use));
  }
  return sums;
}

/** Uses of the quotas that they draw on, together with what the rest of the environment draws on those. */
export function tallyDrawn(uses: Iterable<Use>, platform: Tallies): Tallies {
  const sums = new Map<QuotaKey, Tally>();
  for (const use of uses) {
    const before = sums.get(use.key) ?? platform.get(use.key) ?? NOTHING;
    sums.set(use.key, add(quotaDefinition(use.key), before, use));
  }
  return sums;
}

/** What is needed while endpoints are updated in that order, at average load. */
export function updatePeak(sum: Tally, order: Topology['updateOrder']): number {
  return sum.steady + (order === 'together' ? sum.surgeTogether : sum.surgeOneAtATime);
}

/** `update-blocked`: it deploys and runs, but cannot be updated. */
export type RowVerdict = 'fits' | 'update-blocked' | 'blocked' | 'unknown';

/** One quota that the environment draws on, with everything that decides whether it fits. */
export interface LedgerRow {
  readonly service: string;
  readonly code: string;
  readonly name: string;
  /** Null when it could not be determined. */
  readonly limit: number | null;
  readonly origin: QuotaOrigin;
  /** Null when it could not be determined. Includes what configuration keeps free for others. */
  readonly usedByOthers: number | null;
  readonly usageOrigin: UsageOrigin;
  readonly steady: number;
  readonly peak: number;
  readonly updatePeak: number;
  /** What stays free at the highest of the three; negative by the shortfall; null when unknown. */
  readonly headroom: number | null;
  readonly verdict: RowVerdict;
  /** True when nobody read this quota from the account. */
  readonly assumed: boolean;
  /** True for a limit on everything in the account and region together, false for one on each endpoint or VPC. */
  readonly shared: boolean;
  /** What kept a limit or its usage from being read: an IAM action that was denied, or the reason. */
  readonly missing?: string;
}

function judge(room: number | undefined, sum: Tally, updating: number): RowVerdict {
  if (room === undefined) return 'unknown';
  if (Math.max(sum.steady, sum.peak) > room) return 'blocked';
  return updating > room ? 'update-blocked' : 'fits';
}

/** The ledger: a row for every quota drawn on, in order of service and code. */
export function ledger(tallies: Tallies, read: QuotaReader, order: Topology['updateOrder']): LedgerRow[] {
  return [...tallies]
    .filter(([, sum]) => sum.peak > 0 || sum.steady > 0)
    .map(([key, sum]) => {
      const quota = read(key);
      const updating = updatePeak(sum, order);
      const room =
        quota.limit === undefined || quota.usedByOthers === undefined
          ? undefined
          : quota.limit - quota.usedByOthers;
      return {
        service: quota.definition.service,
        code: quota.definition.code,
        name: quota.definition.name,
        limit: quota.limit ?? null,
        origin: quota.origin,
        usedByOthers: quota.usedByOthers ?? null,
        usageOrigin: quota.usageOrigin,
        steady: sum.steady,
        peak: sum.peak,
        updatePeak: updating,
        headroom: room === undefined ? null : room - Math.max(sum.steady, sum.peak, updating),
        verdict: judge(room, sum, updating),
        assumed: quota.assumed,
        shared: quota.definition.scope === 'region' || quota.definition.scope === 'zone',
        ...(quota.missing === undefined ? {} : { missing: quota.missing }),
      };
    })
    .sort((a, b) => (`${a.service}/${a.code}` < `${b.service}/${b.code}` ? -1 : 1));
}
