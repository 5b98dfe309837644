import { QUOTA, type QuotaKey, endpointQuotaKey, quotaDefinition } from '../../quotas/catalogue';
import { room } from '../objective';
import { type Term, negative } from './milp';
import type { Pool } from './pool';
import type { Writing } from './writing';

/** More than any quota could be exceeded by. */
const FAR = 1e5;

/** What is drawn on each quota of the whole account. */
function draws({ homes, pools }: Writing, of: 'peak' | 'steady'): Map<QuotaKey, Term[]> {
  const drawn = new Map<QuotaKey, Term[]>();
  const draw = (key: QuotaKey, ...terms: Term[]) => {
    const list = drawn.get(key);
    if (list === undefined) drawn.set(key, terms);
    else list.push(...terms);
  };
  for (const { candidate, chosen } of homes) {
    for (const use of candidate.uses) {
      draw(use.key, [chosen, of === 'peak' ? Math.max(use.peak, use.steady) : use.steady]);
    }
  }
  for (const { type, first, most, endpoints } of pools) {
    const instances: Term = [of === 'peak' ? most : first, 1];
    draw(QUOTA.endpointInstances, instances);
    draw(endpointQuotaKey(type.type), instances);
    if (!type.type.burstable) draw(QUOTA.scalableTargets, [endpoints, 1]);
  }
  return drawn;
}

function freeOf({ problem: { limits } }: Writing, key: QuotaKey, of: 'peak' | 'steady'): number {
  return (room(limits.read, key) ?? 0) - (limits.platform.get(key)?.[of] ?? 0);
}

/**
 * Bounds a sum by what is free, or by that and an excess which counts. Of what is overdrawn by others nothing is free,
 * and whoever draws on it has their excess to make good as well.
 */
function bound(to: Writing, terms: readonly Term[], free: number, key: QuotaKey | undefined): void {
  const { milp, levels, aim } = to;
  const [most, debt] = key === undefined ? [free, 0] : [Math.max(0, free), Math.max(0, -free)];
  if (!aim.elastic) {
    milp.require(terms, { to: most });
    return;
  }
  const by = key === undefined ? milp.amount(FAR) : milp.count(FAR);
  const exceeded = milp.decision();
  milp.require([...terms, [exceeded, -FAR]], { to: most });
  milp.require([...terms, [exceeded, debt], [by, -1]], { to: most });
  to.excesses.push({ key, by });
  levels.exceeded.push([exceeded, 1]);
  // Dollars do not add up with units of quotas: of the budget as little is missing as the cheapest plan lacks.
  (key === undefined ? levels.cost : levels.units).push([by, 1]);
}

/** Q1: scaled out, nothing draws more than is left. Q2: nor does any single endpoint, whose limits do not add up. */
export function keepQuotas(to: Writing): void {
  for (const [key, terms] of draws(to, 'peak')) {
    const free = freeOf(to, key, 'peak');
    if (quotaDefinition(key).scope !== 'endpoint') bound(to, terms, free, key);
    else
      to.milp.require(
        terms.filter(([, by]) => by > free).map(([variable]) => [variable, 1]),
        { to: 0 },
      );
  }
}

/** Says whether an aggregate has more than one endpoint. */
function several({ milp }: Writing, { endpoints, mostEndpoints }: Pool): Term[] {
  if (mostEndpoints === 1) return [];
  const more = milp.decision();
  milp.require(
    [
      [endpoints, 1],
      [more, 1 - mostEndpoints],
    ],
    { to: 1 },
  );
  return [[more, 1]];
}

/** What the largest second fleet on a quota is at least. */
function leastSurges(to: Writing, key: QuotaKey): Term[][] {
  const { minInstances } = to.problem.context.environment.availability;
  const homes = to.homes.flatMap(({ candidate, chosen }): Term[][] => {
    const surge = candidate.uses.find((use) => use.key === key)?.surge ?? 0;
    return surge === 0 ? [] : [[[chosen, surge]]];
  });
  const pools = to.pools.flatMap((pool): Term[][] => {
    const { type, endpoints, first, mostEndpoints } = pool;
    if (key !== QUOTA.endpointInstances && key !== endpointQuotaKey(type.type)) return [];
    // Rolling, as a fixed fleet of several does too: one instance at the least.
    if (minInstances > 1 || type.type.burstable) return [[[endpoints, 1 / mostEndpoints]]];
    // All at once: the whole of an only endpoint. Of several nothing is said here.
    return [[[first, 1], ...several(to, pool).map(([more]): Term => [more, -FAR])]];
  });
  return [...homes, ...pools];
}

/** U1: at average load there is room for the largest second fleet, or the quota counts as blocked for updates. */
export function keepUpdates(to: Writing): void {
  const { milp, levels } = to;
  for (const [key, terms] of draws(to, 'steady')) {
    const least = quotaDefinition(key).scope === 'endpoint' ? [] : leastSurges(to, key);
    if (least.length === 0) continue;
    const [surge, blocked] = [milp.amount(), milp.decision()];
    for (const sum of least) milp.require([[surge, 1], ...negative(sum)], { from: 0 });
    milp.require([...terms, [surge, 1], [blocked, -FAR]], {
      to: Math.max(0, freeOf(to, key, 'steady')),
    });
    levels.updateBlocked.push([blocked, 1]);
  }
}

/** B1: the bill of the whole environment stays within the budget. */
export function keepBudget(to: Writing): void {
  const { budgetUsd, platformUsd } = to.problem.limits;
  bound(to, to.bill, budgetUsd - platformUsd, undefined);
}
