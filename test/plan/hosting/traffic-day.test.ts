import * as fc from 'fast-check';
import {
  type DailyLoad,
  expectedInstances,
  offPeakRps,
  peakShare,
} from '../../../lib/plan/hosting/traffic-day';

const load = (averageRps: number, peakRps: number, peakHoursPerDay: number, serviceMs = 10): DailyLoad => ({
  averageRps,
  peakRps,
  peakHoursPerDay,
  profile: { serviceMs, memoryMb: 32 },
});

/** One busy vCPU an instance. */
const perVcpu = (busyVcpus: number) => Math.ceil(busyVcpus);

const anyLoad: fc.Arbitrary<DailyLoad> = fc
  .record({
    averageRps: fc.double({ min: 0, max: 200, noNaN: true }),
    factor: fc.double({ min: 1, max: 30, noNaN: true }),
    peakHoursPerDay: fc.oneof(fc.constantFrom(0, 2, 24), fc.double({ min: 0, max: 24, noNaN: true })),
    serviceMs: fc.integer({ min: 1, max: 50 }),
  })
  .map((given) =>
    load(given.averageRps, given.averageRps * given.factor, given.peakHoursPerDay, given.serviceMs),
  );

describe('a day', () => {
  it('is at its peak for the configured hours, and keeps the average in the rest', () => {
    const day = load(10, 65, 2);
    expect(peakShare(day)).toBeCloseTo(2 / 24, 12);
    expect(offPeakRps(day)).toBeCloseTo(5, 12);
  });

  it('has a shorter peak and nothing else where the configured peak alone were more than the average', () => {
    const day = load(1, 100, 12);
    expect(peakShare(day)).toBeCloseTo(0.01, 12);
    expect(offPeakRps(day)).toBe(0);
  });

  it.each([
    ['has no load where there is none', load(0, 0, 2), 0, 0],
    ['is at its average where the peak takes no time', load(3, 50, 0), 0, 3],
    ['is at its peak all day where that is the average', load(7, 7, 24), 1, 7],
    ['is at its average where that is the peak', load(7, 7, 2), 2 / 24, 7],
  ])('%s', (_name, day, share, rps) => {
    expect(peakShare(day)).toBeCloseTo(share, 12);
    expect(offPeakRps(day)).toBeCloseTo(rps, 12);
  });

  it('always has the average of its configuration, and never less than nothing nor more than its peak', () => {
    fc.assert(
      fc.property(anyLoad, (day) => {
        const [share, rest] = [peakShare(day), offPeakRps(day)];
        expect(share * day.peakRps + (1 - share) * rest).toBeCloseTo(day.averageRps, 6);
        expect(rest).toBeGreaterThanOrEqual(0);
        expect(rest).toBeLessThanOrEqual(day.peakRps);
        expect(share).toBeLessThanOrEqual(day.peakHoursPerDay / 24);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the expected count of instances', () => {
  it('weighs the hours at peak with their instances, and the rest with theirs', () => {
    // 650 requests/s of 10 ms keep 6.5 vCPUs busy for two hours, 50 keep half of one busy for twenty-two.
    const count = expectedInstances([load(100, 650, 2)], { min: 1, max: 9 }, perVcpu);
    expect(count).toBeCloseTo((2 * 7 + 22 * 1) / 24, 12);
  });

  it('never falls below the minimum, nor rises above the maximum', () => {
    expect(expectedInstances([load(100, 650, 2)], { min: 3, max: 9 }, perVcpu)).toBeCloseTo(
      (2 * 7 + 22 * 3) / 24,
      12,
    );
    expect(expectedInstances([load(100, 650, 2)], { min: 1, max: 4 }, perVcpu)).toBeCloseTo(
      (2 * 4 + 22 * 1) / 24,
      12,
    );
  });

  it('is the size of a fleet that cannot scale', () => {
    expect(expectedInstances([load(0, 0, 2)], { min: 4, max: 4 }, perVcpu)).toBe(4);
  });

  it('lets peaks of different length begin together', () => {
    // Two hours with both at peak (5.2), four more with the longer alone (3.2), eighteen without (0.4).
    const both = [load(20 + (200 * 2) / 22, 220, 2), load(20 + (280 * 6) / 18, 300, 6)];
    const expected = both.map((day) => [peakShare(day) * 24, offPeakRps(day)]);
    expect(expected[0]?.[0]).toBeCloseTo(2, 12);
    expect(expected[1]?.[0]).toBeCloseTo(6, 12);
    const [a = [], b = []] = expected;
    const at = (rps: number) => Math.ceil(rps / 100);
    const worked = (2 * at(220 + 300) + 4 * at((a[1] ?? 0) + 300) + 18 * at((a[1] ?? 0) + (b[1] ?? 0))) / 24;
    expect(expectedInstances(both, { min: 1, max: 20 }, perVcpu)).toBeCloseTo(worked, 12);
    expect(worked).toBeLessThan(6);
  });

  it('is what walking through the day minute by minute gives', () => {
    const bounds = { min: 1, max: 60 };
    const inMinutes = anyLoad.map((day) => ({ ...day, peakHoursPerDay: Math.round(day.peakHoursPerDay) }));
    fc.assert(
      fc.property(fc.array(inMinutes, { minLength: 1, maxLength: 4 }), (given) => {
        // Only days whose peaks last as long as configured end on a minute.
        const loads = given.filter((day) => peakShare(day) === day.peakHoursPerDay / 24);
        fc.pre(loads.length > 0);
        let sum = 0;
        for (let minute = 0; minute < 1440; minute += 1) {
          const busy = loads.reduce((vcpus, day) => {
            const rps = minute < day.peakHoursPerDay * 60 ? day.peakRps : offPeakRps(day);
            return vcpus + (rps * day.profile.serviceMs) / 1000;
          }, 0);
          sum += Math.min(bounds.max, Math.max(bounds.min, perVcpu(busy)));
        }
        expect(expectedInstances(loads, bounds, perVcpu)).toBeCloseTo(sum / 1440, 6);
      }),
      { numRuns: 60 },
    );
  });
});
