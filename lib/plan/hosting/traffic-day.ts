import type { Specialist } from '../../../models/catalogue';
import type { PlanningContext } from '../candidates/candidate';
import { type Load, busyVcpus } from './capacity';

/** A load with the part of the day for which it is at its peak. */
export interface DailyLoad extends Load {
  /** Hours a day, 0 to 24. */
  readonly peakHoursPerDay: number;
}

/** Loads of a group of specialists, as configured. */
export function loadsOf(
  { environment, profiles }: PlanningContext,
  group: readonly Specialist[],
): DailyLoad[] {
  return group.map((name) => {
    // Written out: copying the parsed object costs more than the rest of a candidate, thousands of times a plan.
    const { averageRps, peakRps, peakHoursPerDay } = environment.traffic[name];
    return { averageRps, peakRps, peakHoursPerDay, profile: profiles.specialists[name] };
  });
}

/** A part of the day for which every load stays as it is. */
interface Stretch {
  /** Of the day, 0 to 1. */
  readonly share: number;
  /** vCPUs that all loads together keep busy. */
  readonly busyVcpus: number;
}

const HOURS_PER_DAY = 24;

/**
 * Share of the day at peak: as configured, but never so long that the peak alone is more than the average, in which
 * case the rest of the day has no load at all.
 */
export function peakShare({ averageRps, peakRps, peakHoursPerDay }: DailyLoad): number {
  if (peakRps <= 0) return 0;
  return Math.min(peakHoursPerDay / HOURS_PER_DAY, averageRps / peakRps);
}

/** Requests per second outside the peak: what keeps the day's average. */
export function offPeakRps(load: DailyLoad): number {
  const share = peakShare(load);
  if (share >= 1) return load.averageRps;
  const rest = (load.averageRps - share * load.peakRps) / (1 - share);
  return Math.min(load.peakRps, Math.max(0, rest));
}

/**
 * A day as a step function. Peaks of several loads coincide, as the fleet's maximum assumes: the shorter lies within
 * the longer.
 */
function stretchesOfDay(loads: readonly DailyLoad[]): Stretch[] {
  const shares = loads.map(peakShare);
  const offPeaks = loads.map(offPeakRps);
  const ends = [...new Set([...shares, 1])].filter((end) => end > 0).sort((a, b) => a - b);
  return ends.map((end, at) => ({
    share: end - (ends[at - 1] ?? 0),
    busyVcpus: loads.reduce((sum, load, index) => {
      const rps = (shares[index] ?? 0) >= end ? load.peakRps : (offPeaks[index] ?? 0);
      return sum + (rps * load.profile.serviceMs) / 1000;
    }, 0),
  }));
}

/** Bounds of a fleet. */
export interface FleetBounds {
  readonly min: number;
  readonly max: number;
}

/**
 * Instances that run on the average of a day: for every part of the day as many as carry its load, within the bounds
 * that autoscaling has. A fraction is a count that is higher for a part of the day only.
 *
 * Not modelled: that target tracking grows a minute or more after the load and shrinks only after fifteen minutes below
 * its target and a cooldown, so a day with several peaks costs a little more than one with a single peak of the same
 * length; nor days that differ, such as weekends.
 *
 * @param instancesFor instances that carry that many busy vCPUs
 */
export function expectedInstances(
  loads: readonly DailyLoad[],
  { min, max }: FleetBounds,
  instancesFor: (busyVcpus: number) => number,
): number {
  // No part of a day asks for more than its peak.
  if (min === max || instancesFor(busyVcpus(loads, 'peakRps')) <= min) return min;
  const above = stretchesOfDay(loads).reduce(
    (sum, { share, busyVcpus }) =>
      sum + share * (Math.min(max, Math.max(min, instancesFor(busyVcpus))) - min),
    0,
  );
  return Math.min(max, min + above);
}
