/**
 * Levels of the objective, the first the most important. `exceeded` (quotas and the budget that are exceeded) and
 * `units` (by how much) are levels only where nothing fits; where something does, both must be zero.
 */
export const LEVELS = ['embedded', 'exceeded', 'units', 'updateBlocked', 'cost'] as const;
export type Level = (typeof LEVELS)[number];

/** One solve: a level to make as small as it can be, and what others may be at most. */
export interface Aim {
  readonly minimise: Level;
  readonly atMost: Partial<Readonly<Record<Level, number>>>;
  /** Whether quotas and budget may be exceeded, to learn by how little. */
  readonly elastic: boolean;
}
