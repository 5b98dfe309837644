import type { QuotaKey } from '../../quotas/quota-catalogue';
import { quotaDefinition } from '../../quotas/quota-catalogue';
import type { Candidate } from '../candidates/candidate';
import type { DeployedEndpoint } from '../replacement/existing-deployment';
import { tallyDrawn, updatePeak } from './quota-ledger';
import { type Limits, room } from '../search/objective';
import { besideWhatRuns } from '../replacement/plan-replacement';

/** A quota of which a way of hosting would need more than is left, or of which nobody knows how much is left. */
export interface Shortfall {
  readonly service: string;
  readonly code: string;
  readonly name: string;
  /** Null when it could not be determined. */
  readonly limit: number | null;
  /** Limit less what others hold; null when either is unknown, negative when they hold more than the limit. */
  readonly left: number | null;
  /** Needed at average load. */
  readonly steady: number;
  /** Needed when scaled out as far as autoscaling may go. */
  readonly peak: number;
  /** Needed while one endpoint after the other is updated, at average load. */
  readonly whileUpdating: number;
  /** Needed while new endpoints stand beside those that run; absent where nothing is replaced. */
  readonly whileReplacing?: number;
  /** What stands in the way: `updating` means that it deploys and runs, but cannot be updated. */
  readonly binds: 'deploying' | 'updating';
  /** The most that is needed for what it binds. */
  readonly needed: number;
  /** `needed` less `left`; null when that is unknown. */
  readonly shortBy: number | null;
}

type Needs = Pick<Shortfall, 'steady' | 'peak' | 'whileUpdating' | 'whileReplacing'>;

function shortfall(key: QuotaKey, needs: Needs, limits: Limits): Shortfall | undefined {
  const { service, code, name } = quotaDefinition(key);
  const left = room(limits.read, key) ?? null;
  const deploying = Math.max(needs.steady, needs.peak, needs.whileReplacing ?? 0);
  if (left !== null && deploying <= left && needs.whileUpdating <= left) return undefined;
  const binds = left === null || deploying > left ? 'deploying' : 'updating';
  const needed = binds === 'deploying' ? deploying : needs.whileUpdating;
  const limit = limits.read(key).limit ?? null;
  const shortBy = left === null ? null : needed - left;
  return { service, code, name, limit, left, ...needs, binds, needed, shortBy };
}

/**
 * What a selection lacks, quota by quota: what keeps it from being deployed first, then what keeps it from updates.
 *
 * @param running what the environment runs now, which has to stand beside what is new
 */
export function shortfallsOf(
  chosen: readonly Candidate[],
  limits: Limits,
  running: DeployedEndpoint | undefined,
): Shortfall[] {
  const beside = besideWhatRuns(chosen, limits.platform, running);
  const uses = chosen.flatMap((candidate) => candidate.uses);
  const found = [...tallyDrawn(uses, limits.platform)].flatMap(([key, sum]): Shortfall[] => {
    const whileUpdating = updatePeak(sum, 'one-at-a-time');
    const whileReplacing = beside.get(key);
    const short = shortfall(
      key,
      {
        steady: sum.steady,
        peak: sum.peak,
        whileUpdating,
        ...(whileReplacing === undefined ? {} : { whileReplacing }),
      },
      limits,
    );
    return short === undefined ? [] : [short];
  });
  return found.sort((a, b) => Number(a.binds === 'updating') - Number(b.binds === 'updating'));
}

/** Needs in words, as `4, 8 scaled out, 5 while updating`; what is no more than at average load is not said. */
function needs({ steady, peak, whileUpdating, whileReplacing = 0 }: Shortfall): string {
  const both = peak > steady && whileUpdating === peak;
  return [
    `${steady}`,
    ...(peak > steady ? [`${peak} scaled out${both ? ' or while updating' : ''}`] : []),
    ...(whileUpdating > steady && !both ? [`${whileUpdating} while updating`] : []),
    ...(whileReplacing > steady ? [`${whileReplacing} beside what runs`] : []),
  ].join(', ');
}

function short({ binds, needed, left, whileUpdating }: Shortfall & { readonly left: number }): string {
  if (binds === 'updating') return `short by ${needed - left} while updating`;
  const updating = whileUpdating > needed ? `, ${whileUpdating - left} while updating` : '';
  return `short by ${needed - left}${updating}`;
}

/** A shortfall in words: what is needed, what there is, and by how much it is short. */
export function spellShortfall(item: Shortfall): string {
  const { name, limit, left } = item;
  if (limit === null) return `${name}: needs ${needs(item)}; the limit is unknown`;
  if (left === null) return `${name}: needs ${needs(item)}; how much of ${limit} is in use is unknown`;
  const inUse = left < limit ? `, ${left > 0 ? left : 'none'} left` : '';
  return `${name}: needs ${needs(item)}; you have ${limit}${inUse}: ${short({ ...item, left })}`;
}
