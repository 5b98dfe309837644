import type { StandInAccount } from './account';
import type { AwsObject, AwsRequest } from './protocol';

/** Answers one operation from an account. */
export type Handler = (world: StandInAccount, input: AwsRequest['input']) => AwsObject;

/** One page of a list; the token is the place where the next one starts. */
export function page<T>(all: readonly T[], token: unknown, size: number): { items: T[]; next?: string } {
  const start = typeof token === 'string' ? Number(token) : 0;
  const end = start + size;
  return { items: all.slice(start, end), ...(end < all.length ? { next: String(end) } : {}) };
}
