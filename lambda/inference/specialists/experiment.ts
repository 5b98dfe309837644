import { createHash } from 'node:crypto';
import type { Specialist } from '../../../models/catalogue';
import type { Prediction } from '../../../models/runtime/prediction-response';
import type { Variant } from '../model-metadata';

/** 2^48: as many digits of a hash as a double holds. */
const SPACE = 2 ** 48;

/**
 * Which version answers a key. The same key meets the same version for as long as the share does not shrink, and keys
 * are divided anew for each specialist.
 *
 * @param share of the keys that the challenger answers, 0 to 1
 */
export function variantFor(key: string, specialist: Specialist, share: number): Variant {
  if (share <= 0) return 'champion';
  const digest = createHash('sha256').update(`${specialist}\0${key}`).digest();
  return digest.readUIntBE(0, 6) / SPACE < share ? 'challenger' : 'champion';
}

/** Rows on which two versions name another class. */
export function differences(one: readonly Prediction[], other: readonly Prediction[]): number {
  return one.filter(({ label }, at) => label !== other[at]?.label).length;
}
