/** Formats of what is asked for; apart, because the commands themselves load AWS clients. */
export const QUOTAS_FORMATS = ['table', 'json'] as const;
export type QuotasFormat = (typeof QUOTAS_FORMATS)[number];
