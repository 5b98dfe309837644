import { SPECIALISTS, type Specialist } from '../../models/catalogue';
import { dayPrefix } from '../inference/capture/capture-format';
import { assess } from './assess-drift';
import { type CaptureSource, type Reading, readCaptures } from './read-captures';
import { dayBefore, dayOf } from './drift-configuration';
import type { DriftContracts } from './drift-contracts';
import { metricsLine } from './metrics-line';
import { Tally } from './value-histogram';

/** What the service needs from outside. */
export interface DriftParts extends CaptureSource {
  readonly environment: string;
  readonly contracts: DriftContracts;
  /** Takes one line. */
  readonly log: (line: string) => void;
}

const total = (counts: Reading['unreadable']): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

async function tallyOf(parts: DriftParts, specialist: Specialist, day: Date) {
  const tally = new Tally(parts.contracts[specialist]);
  const reading = await readCaptures(parts, dayPrefix(specialist, day), (row) => tally.add(row));
  return { tally, reading };
}

async function lookAt(parts: DriftParts, specialist: Specialist, day: Date): Promise<void> {
  const { environment, contracts, log } = parts;
  const contract = contracts[specialist];
  const { tally, reading } = await tallyOf(parts, specialist, day);
  const before = await tallyOf(parts, specialist, dayBefore(day));
  const assessment = assess(contract, tally, before.tally);
  const { otherVersion, misfits } = tally;
  log(
    JSON.stringify({
      event: 'drift',
      specialist,
      version: contract.version,
      day: day.toISOString().slice(0, 10),
      ...assessment,
      captures: reading,
      left: { otherVersion, misfits },
    }),
  );
  log(metricsLine({ environment, specialist }, assessment, total(reading.unreadable)));
}

/**
 * The drift function: compares the captures of a day with the data that each specialist was trained on, and publishes
 * how far they have moved. A specialist that fails does not keep the others from being looked at.
 *
 * @returns a handler for an event that {@link dayOf} reads; it rejects when a specialist could not be looked at, so that
 *   Lambda tries the whole day again. A day that is looked at twice gives the same figures twice.
 */
export function createDrift(parts: DriftParts): (event: unknown) => Promise<void> {
  return async (event) => {
    const day = dayOf(event);
    const failed: string[] = [];
    for (const specialist of SPECIALISTS) {
      try {
        await lookAt(parts, specialist, day);
      } catch (error) {
        const { name, message } = error as Error;
        parts.log(JSON.stringify({ event: 'drift-failure', specialist, cause: name, message }));
        failed.push(specialist);
      }
    }
    if (failed.length > 0) {
      throw new Error(
        `No drift could be told of ${failed.join(', ')} for ${day.toISOString().slice(0, 10)}.`,
      );
    }
  };
}
