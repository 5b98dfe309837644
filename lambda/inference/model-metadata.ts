import type { Specialist } from '../../models/catalogue';
import type { ModelContract } from '../../models/contract/model-contract';

/** What the function knows of a model without opening it. */
export interface ModelMetadata {
  readonly version: string;
  /** Raw features in the model's order. */
  readonly features: readonly string[];
  readonly classes: readonly string[];
  /** From when a row is an attack, and from when an answer is sure. Absent where nobody measured it. */
  readonly decision?: { readonly attackAt: number; readonly confidentAt: number };
}

/** Champion: what endpoints serve and the function falls back on. Challenger: the second version on trial. */
export const VARIANTS = ['champion', 'challenger'] as const;
export type Variant = (typeof VARIANTS)[number];

/** What the bundle knows of its models. */
export type Contracts = Readonly<Record<Variant, Readonly<Partial<Record<Specialist, ModelMetadata>>>>>;

/** What of a contract the function needs, when it is bundled. */
export function modelMetadata({ version, features, classes, decision }: ModelContract): ModelMetadata {
  return { version, features, classes, ...(decision === undefined ? {} : { decision }) };
}
