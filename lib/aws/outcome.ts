import { UserError } from '../util/user-error';
import { ReadFailure } from './read-failure';
import type { IamAction } from './quota-actions';

/** A reading, or what it lacked. */
export type Outcome<T> =
  | { readonly known: true; readonly value: T }
  | { readonly known: false; readonly missing: string; readonly denied?: IamAction };

/**
 * Waits for a reading and takes its failure as an answer.
 *
 * @throws UserError and programming mistakes, which no snapshot may hide
 */
export async function outcomeOf<T>(reading: Promise<T>): Promise<Outcome<T>> {
  try {
    return { known: true, value: await reading };
  } catch (error) {
    if (error instanceof UserError || !(error instanceof ReadFailure)) throw error;
    const { missing, reason, action } = error;
    return { known: false, missing, ...(reason === 'denied' ? { denied: action } : {}) };
  }
}

/** Runs a reading when it is first asked for, and hands the same answer to everyone after. */
export function once<T>(read: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => (answer ??= read());
}

/** Every item of a paginated answer. */
export async function everyItem<Page, Item>(
  pages: AsyncIterable<Page>,
  items: (page: Page) => readonly Item[] | undefined,
): Promise<Item[]> {
  const all: Item[] = [];
  for await (const page of pages) all.push(...(items(page) ?? []));
  return all;
}

/** A number that AWS must have given. @throws ReadFailure when it did not */
export function given(value: number | undefined, what: string): number {
  if (value === undefined || !Number.isFinite(value)) {
    throw new ReadFailure('failed', undefined, `failed: no ${what} in the answer`);
  }
  return value;
}
