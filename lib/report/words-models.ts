import type { ModelContract } from '../../models/contract/model-contract';

/** What it means that a model is a reference model. */
export const REFERENCE =
  'Reference models are trained by this project on public data: to run the platform with, not to detect threats in production.';

/** Where a model comes from, in a word. */
export type Origin = 'reference' | 'trained' | 'imported';

/** A reference model is one whatever else is known of it. */
export function originOf({ reference, imported }: Pick<ModelContract, 'reference' | 'imported'>): Origin {
  if (reference) return 'reference';
  return imported === undefined ? 'trained' : 'imported';
}
