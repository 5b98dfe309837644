import { offPeakRps, peakShare } from '../traffic-day';
import type { Demand } from './problem';

/** A part of the day for which every load stays as it is, and what each model asks in it. */
export interface Stretch {
  /** Of the day, 0 to 1. */
  readonly share: number;
  /** vCPUs that a model asks for, safety factor included. */
  readonly vcpus: (demand: Demand) => number;
}

/**
 * The day of a fleet as a step function: the shorter peaks lie within the longer. Where models have peaks of very many
 * different lengths, neighbouring parts are joined and the lower of their loads counts: a relaxation, as it never asks
 * for more instances than the day does.
 *
 * @param most parts that are kept apart
 */
export function stretches(demands: readonly Demand[], most: number): Stretch[] {
  const shares = new Map(demands.map((demand) => [demand, peakShare(demand.load)]));
  const ends = [...new Set([...shares.values(), 1])].filter((end) => end > 0).sort((a, b) => a - b);
  const step = Math.max(1, Math.ceil(ends.length / most));
  // Counted from the last, which is the whole day and must stay.
  const kept = ends.filter((_end, at) => (ends.length - 1 - at) % step === 0);
  return kept.map((end, at) => ({
    share: end - (kept[at - 1] ?? 0),
    vcpus: (demand) => {
      const { load } = demand;
      if ((shares.get(demand) ?? 0) >= end) return demand.peak;
      return load.peakRps > 0 ? (demand.peak * offPeakRps(load)) / load.peakRps : 0;
    },
  }));
}
