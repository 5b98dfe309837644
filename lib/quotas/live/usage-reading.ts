import type { Identity, Ownership } from './ownership';

/** How much of a quota is in use, and how much of that is the environment's own. */
export interface UsageReading {
  readonly value: number;
  readonly own: number;
  readonly by: 'describe';
}

/** Something that holds an amount of a quota. */
export interface Holder extends Identity {
  readonly amount: number;
}

/** Adds up what is held. */
export async function totalOf(holders: readonly Holder[], ownership: Ownership): Promise<UsageReading> {
  const own = await Promise.all(holders.map((holder) => ownership.owns(holder)));
  return {
    value: holders.reduce((sum, { amount }) => sum + amount, 0),
    own: holders.reduce((sum, { amount }, index) => sum + (own[index] === true ? amount : 0), 0),
    by: 'describe',
  };
}

/** Counts what holds one each. */
export function countOf(identities: readonly Identity[], ownership: Ownership): Promise<UsageReading> {
  return totalOf(
    identities.map((identity) => ({ ...identity, amount: 1 })),
    ownership,
  );
}

/**
 * The fullest of several places that have the limit each, such as zones. What is the environment's own is the
 * difference that its resources make to the fullest place, so that usage less own is what others hold at most.
 */
export async function fullestOf(
  holders: readonly (Holder & { readonly place: string })[],
  ownership: Ownership,
): Promise<UsageReading> {
  const all = new Map<string, number>();
  const others = new Map<string, number>();
  const own = await Promise.all(holders.map((holder) => ownership.owns(holder)));
  holders.forEach(({ place, amount }, index) => {
    all.set(place, (all.get(place) ?? 0) + amount);
    if (own[index] !== true) others.set(place, (others.get(place) ?? 0) + amount);
  });
  const value = Math.max(0, ...all.values());
  return { value, own: value - Math.max(0, ...others.values()), by: 'describe' };
}
