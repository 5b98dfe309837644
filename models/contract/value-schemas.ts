import * as z from 'zod';

/** A name or a sentence that somebody reads. */
export const label = z.string().min(1).describe('a non-empty string');

/** How many of something. */
export const count = z.int().nonnegative();

/** A part of the whole, 0 to 1. */
export const share = z.number().min(0).max(1);

/** A SHA-256. */
export const digest = z.string().regex(/^[0-9a-f]{64}$/, '64 lower-case hexadecimal digits');

/** Names in an order that matters: position i of a row or of the probabilities is name i. */
export const orderedNames = (atLeast: number) =>
  z
    .array(label)
    .min(atLeast)
    .refine((names) => new Set(names).size === names.length, 'names that differ from each other');
