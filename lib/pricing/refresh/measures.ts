import type { PriceQuery } from './price-query';

/** Unit of the book with the names that AWS gives it. */
export type Measure = Pick<PriceQuery, 'units' | 'unit' | 'per'>;

export const HOUR: Measure = { units: ['Hrs', 'Hours', 'Hour'], unit: 'hour' };
export const SECOND: Measure = { units: ['seconds', 'Second'], unit: 'second' };
export const GB: Measure = { units: ['GB'], unit: 'GB' };
export const GB_MONTH: Measure = { units: ['GB-Mo', 'GB-month'], unit: 'GB-month' };
