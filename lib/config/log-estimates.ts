import { z } from 'zod';
import data from './log-estimates.json';

/** An amount behind the volume of a log. */
export type LogEstimate = keyof typeof data.estimates;

/** What is assumed unless configuration says otherwise, and where it comes from. */
interface Assumed {
  readonly value: number;
  /** @default - no limit */
  readonly most?: number;
  readonly confidence: string;
  /** Key of {@link LOG_ESTIMATE_SOURCES}. */
  readonly source: string;
  readonly says: string;
}

/** Every assumption, in the order of the file. */
export const LOG_ESTIMATES: Readonly<Record<LogEstimate, Assumed>> = data.estimates;

/** Where assumptions come from, by their short names. */
export const LOG_ESTIMATE_SOURCES: Readonly<Record<string, string>> = data.sources;

const fields = Object.fromEntries(
  Object.entries<Assumed>(data.estimates).map(([name, { value, most, says }]) => [
    name,
    z
      .number()
      .nonnegative()
      .max(most ?? Number.MAX_VALUE)
      .default(value)
      .describe(says),
  ]),
) as Record<LogEstimate, z.ZodDefault<z.ZodNumber>>;

/** Amounts that the volume of logs is worked out from; each default stands in `log-estimates.json` with its source. */
export const logEstimatesSchema = z
  .strictObject(fields)
  .prefault({})
  .describe('amounts that the volume of logs is worked out from, beside traffic and parts');
