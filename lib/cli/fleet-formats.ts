/** Formats of a plan for a fleet; apart, because the command itself loads the solver. */
export const FLEET_FORMATS = ['table', 'json'] as const;
export type FleetFormat = (typeof FLEET_FORMATS)[number];
