import type { Report } from './schema';

type Endpoint = Report['plan']['endpoints'][number];
type Quota = Report['quotas'][number];

/** Dollars and cents. */
export function usd(value: number): string {
  return `$${value.toFixed(2)}`;
}

/** A number of units, or what stands for one that is unknown. */
export function units(value: number | null): string {
  return value === null ? '?' : String(Number(value.toFixed(2)));
}

/** The verdict in one line: what it is, for how much, on which account's limits. */
export function headline(report: Report): string {
  const money = `${usd(report.cost.monthlyUsd)} a month of a budget of ${usd(report.cost.budgetUsd)}`;
  const errors = report.findings.filter(({ severity }) => severity === 'error').length;
  const reasons = errors === 1 ? '1 reason' : `${errors} reasons`;
  const verdict = {
    fits: 'fits',
    blocked: `is blocked, for ${reasons}`,
    unknown: `is undecided, for ${reasons}`,
  }[report.verdict];
  return `${report.environment} ${verdict}: ${money}`;
}

/** Size of an endpoint: `1024 MB, concurrency 2`, or `1 to 2 × ml.m6g.large`. */
export function size(endpoint: Omit<Endpoint, 'specialists'>): string {
  if (endpoint.mode === 'serverless') {
    const warm =
      endpoint.provisionedConcurrency === undefined ? '' : `, ${endpoint.provisionedConcurrency} provisioned`;
    return `${endpoint.memoryMb} MB, concurrency ${endpoint.maxConcurrency}${warm}`;
  }
  const { minInstances: min, maxInstances: max } = endpoint;
  return `${min === max ? `${max}` : `${min} to ${max}`} × ${endpoint.instanceType}`;
}

/** Where a limit comes from, for a reader who has to judge it. */
export function limitWithOrigin(quota: Quota): string {
  const mark = { applied: '', default: ' (default)', configured: ' (set)', unknown: '' }[quota.origin];
  return `${units(quota.limit)}${mark}`;
}

/** What others use, and whether configuration says so. */
export function othersWithOrigin({ usedByOthers, usageOrigin }: Quota): string {
  return `${units(usedByOthers)}${usageOrigin === 'configured' ? ' (set)' : ''}`;
}

/** Quotas that a reader has to see: those in trouble first, then by how little is left. */
export function byUrgency(quotas: readonly Quota[]): Quota[] {
  const rank = { blocked: 0, unknown: 1, 'update-blocked': 2, fits: 3 };
  const share = ({ headroom, limit }: Quota) => {
    if (headroom === null || limit === null) return 1;
    // Nothing is tighter than a limit of nothing.
    return limit === 0 ? Number.MIN_SAFE_INTEGER : headroom / limit;
  };
  return [...quotas].sort((a, b) => rank[a.verdict] - rank[b.verdict] || share(a) - share(b));
}

/** The most that an environment needs of a quota at any time. */
export function highestNeed({ steady, peak, updatePeak }: Quota): number {
  return Math.max(steady, peak, updatePeak);
}

/** Why a quota does not simply fit, in one line; nothing where it does. */
export function shortfall(quota: Quota): string | undefined {
  const { limit, usedByOthers, headroom, verdict } = quota;
  const needed = `${units(highestNeed(quota))} needed`;
  if (verdict === 'fits') return undefined;
  if (limit === null) return `the limit could not be determined; ${needed}`;
  if (usedByOthers === null || headroom === null) {
    return `how much of ${units(limit)} is in use could not be determined; ${needed}`;
  }
  const when = verdict === 'update-blocked' ? ' while updating' : '';
  return `${needed}${when}, ${units(limit - usedByOthers)} left of ${units(limit)}; short by ${units(-headroom)}`;
}

/** Whether a quota fits with at least half of its limit left: nobody has to look at it. */
export function hasAmpleRoom({ verdict, limit, headroom }: Quota): boolean {
  return verdict === 'fits' && limit !== null && headroom !== null && limit > 0 && headroom >= limit / 2;
}

/** `1 quota`, `2 quotas`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** How far the report's quotas cover what is deployed; undefined for a report that does not say. */
export function coverageLine({ coverage }: Report): string | undefined {
  if (coverage === undefined) return undefined;
  const { checkedTypes, uncheckedTypes, unlimitedTypes } = coverage;
  const all = checkedTypes + uncheckedTypes.length + unlimitedTypes;
  return `Coverage: of ${all} resource types ${checkedTypes} are held against their limits, ${unlimitedTypes} have none, and ${uncheckedTypes.length} have limits far from reach, which are not read`;
}
