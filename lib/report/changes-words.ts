import type { Change, Money } from './compare';
import type { Report } from './schema';
import { units, usd } from './words';

type Quota = Report['quotas'][number];

/** A difference with its sign; an exact tie is no sign. */
export const signed = (value: number, spell: (amount: number) => string): string => {
  if (value === 0) return '±0';
  return `${value > 0 ? '+' : '-'}${spell(Math.abs(value))}`;
};

/** What one case of the bill changes by, to the cent. */
export function moneyDelta({ from, to }: Change<Money>, key: keyof Money): string {
  const cents = Math.round((to?.[key] ?? 0) * 100) - Math.round((from?.[key] ?? 0) * 100);
  return signed(cents / 100, usd);
}

/** Expected cost, or that there is no such item. */
export function expectedCost(money: Money | undefined): string {
  return money === undefined ? 'none' : usd(money.monthlyUsd);
}

/** Two values, or the one that both are. */
export const arrow = (from: string, to: string): string => (from === to ? to : `${from} → ${to}`);

/** What is left of a quota, or that nothing draws on it. */
function left(quota: Quota | undefined): string {
  return quota === undefined ? 'not drawn on' : units(quota.headroom);
}

/** How a quota changed, in words; on the side where nothing draws on it, limit and verdict are those of the other. */
export function quotaWords({ from, to }: Change<Quota>) {
  const known =
    from !== undefined && to !== undefined && from.headroom !== null && to.headroom !== null
      ? signed(to.headroom - from.headroom, units)
      : '';
  const [before, after] = [from ?? to, to ?? from];
  return {
    name: after?.name ?? '',
    code: after?.code ?? '',
    limit: arrow(units(before?.limit ?? null), units(after?.limit ?? null)),
    from: left(from),
    to: left(to),
    change: known,
    verdict: arrow(before?.verdict ?? '', after?.verdict ?? ''),
  };
}
