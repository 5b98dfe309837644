import * as z from 'zod';
import { parseVariable } from '../configuration-variable';

const schema = z.strictObject({
  environment: z.string().min(1).describe('name of the environment, a dimension of every metric'),
  bucket: z.string().min(3).describe('bucket of the captures'),
});

/** The function's whole configuration. */
export type DriftConfiguration = z.infer<typeof schema>;

/**
 * Reads the function's configuration.
 *
 * @param text JSON: `{ "environment", "bucket" }`
 * @throws Error that names every key that is wrong
 */
export function parseDriftConfiguration(text: string | undefined): DriftConfiguration {
  return parseVariable({ name: 'DRIFT', schema, mustBe: 'be { "environment", "bucket" } as JSON' }, text);
}

const event = z.union([z.object({ day: z.iso.date() }), z.object({ time: z.iso.datetime() })]);

const DAY_MS = 24 * 60 * 60 * 1000;

/** The day before, at the same time. */
export function dayBefore(day: Date): Date {
  return new Date(day.getTime() - DAY_MS);
}

/**
 * Which day an event asks for: the one before a scheduled event's `time`, or `{ "day": "2026-11-20" }` for a run by hand.
 * It is the event's, not the clock's, so that a retry after midnight looks at the same day.
 *
 * @returns a moment in that day, UTC
 * @throws Error that says what the event must hold
 */
export function dayOf(input: unknown): Date {
  const parsed = event.safeParse(input);
  if (!parsed.success) {
    throw new Error(
      'The event says no day: it must hold "day", such as "2026-11-20", or the "time" of a schedule.',
    );
  }
  return 'day' in parsed.data
    ? new Date(`${parsed.data.day}T00:00:00Z`)
    : dayBefore(new Date(parsed.data.time));
}
