/** Formats of a refresh; apart, because the command itself loads AWS clients. */
export const PRICES_FORMATS = ['table', 'json'] as const;
export type PricesFormat = (typeof PRICES_FORMATS)[number];
