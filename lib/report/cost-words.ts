import type { Report } from './schema';
import { usd } from './words';

type Bill = Report['cost'];
type Line = Bill['lines'][number];
type Part = NonNullable<Bill['parts']>[number];
export type Money = Pick<Bill, 'monthlyUsd' | 'idleMonthlyUsd' | 'maxMonthlyUsd'>;

/** Expected, idle and most, in dollars. */
export const spellMoney = (money: Money): string[] =>
  [money.monthlyUsd, money.idleMonthlyUsd, money.maxMonthlyUsd].map(usd);

/** A part with its lines; reports of earlier versions have lines alone. */
export interface PartOfBill {
  readonly part?: Part;
  readonly lines: readonly Line[];
}

/** Lines of the bill below the part that they belong to, in its order. */
export function byPart({ parts = [], lines }: Bill): PartOfBill[] {
  const known = new Set(parts.map(({ part }) => part));
  const others = lines.filter(({ part }) => part === undefined || !known.has(part));
  return [
    ...parts.map((part) => ({ part, lines: lines.filter((line) => line.part === part.part) })),
    ...others.map((line) => ({ lines: [line] })),
  ];
}

/** Configuration keys with the parts that they turn off, in the order of the bill. */
export function switches({ parts = [] }: Bill): { readonly key: string; readonly parts: string[] }[] {
  const found = new Map<string, string[]>();
  for (const { part, switch: key } of parts) {
    if (key !== undefined) found.set(key, [...(found.get(key) ?? []), part]);
  }
  return [...found].map(([key, names]) => ({ key, parts: names }));
}
