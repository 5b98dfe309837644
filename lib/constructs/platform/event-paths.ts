/**
 * Beginnings of the backend's paths to which sensors and platforms report security events. What they send holds attack
 * strings, in batches of more than 8 KB, and may come without a user agent.
 */
export const EVENT_PATHS: readonly string[] = ['/ingest', '/incidents'];
