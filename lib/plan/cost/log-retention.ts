import type { PlanningContext } from '../candidates/candidate';

const HOURS_PER_DAY = 24;
const KB_PER_GB = 1024 ** 2;

/** GB that calls leave in the logs of function and model server. */
export function callLogGb({ environment }: PlanningContext, calls: number): number {
  return (calls * environment.estimates.logs.callKb) / KB_PER_GB;
}

/**
 * GB that are kept of what is ingested in a month, once the retention has passed for the first time.
 *
 * @param days of retention. @default - `operations.logRetentionDays`
 */
export function keptGb({ environment, prices }: PlanningContext, gb: number, days?: number): number {
  const { operations, estimates } = environment;
  const months = ((days ?? operations.logRetentionDays) * HOURS_PER_DAY) / prices.hoursPerMonth;
  return gb * months * estimates.logs.storedShare;
}
