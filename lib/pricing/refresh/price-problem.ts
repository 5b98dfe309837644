/** Why a price of the Price List cannot be taken over. `missing` alone is no mistake where the book has none either. */
export interface Problem {
  readonly kind: 'missing' | 'amount' | 'currency' | 'unit' | 'ambiguous' | 'change';
  /** Key of the book. */
  readonly key: string;
  /** What is wrong, with the SKUs it was found in. */
  readonly text: string;
}
