import type { StandInProduct } from './product';

/** How a region begins its usage types: those of services that were there before prefixes, and of later ones. */
export interface Prefixes {
  readonly old: string;
  readonly other: string;
}

/** A product before it is given to a region. */
export type Row = Omit<StandInProduct, 'region' | 'tiers' | 'sku'> & {
  /** Key of the book that has its price; a number for a product that the book does not know. */
  readonly price: string | number;
  /** How many of its units make one of the book's. */
  readonly per?: number;
};

/** The usage type of a service that has no prefix in us-east-1. */
export const old = (prefixes: Prefixes, usagetype: string) => ({ usagetype: `${prefixes.old}${usagetype}` });
export const other = (prefixes: Prefixes, usagetype: string) => ({
  usagetype: `${prefixes.other}${usagetype}`,
});
