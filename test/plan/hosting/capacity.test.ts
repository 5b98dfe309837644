import {
  type Load,
  busyVcpus,
  concurrencyFor,
  instancesFor,
  serverlessServiceMs,
  targetCpuPercent,
  targetInvocationsPerMinute,
  throttledShare,
  warmP95Ms,
} from '../../../lib/plan/hosting/capacity';
import { TEST_PROFILES } from '../../support/plan/plan-profiles';
import { HOSTING_TYPES, type HostingType } from '../../../lib/quotas/quota-catalogue';

const load = (averageRps: number, peakRps: number, serviceMs: number): Load => ({
  averageRps,
  peakRps,
  profile: { serviceMs, memoryMb: 32 },
});

function type(name: string): HostingType {
  const found = HOSTING_TYPES.get(name);
  if (found === undefined) throw new Error(name);
  return found;
}

describe('the throttled share', () => {
  it.each([
    [1, 1, 0.5],
    [2, 1, 0.2],
    [3, 1, 0.0625],
    [10, 5, 0.018385],
    [0, 3, 1],
    [4, 0, 0],
  ])('of %i servers offered %d erlangs is that of the Erlang B tables', (servers, erlangs, share) => {
    expect(throttledShare(servers, erlangs)).toBeCloseTo(share, 5);
  });

  it('falls with every server more', () => {
    const shares = Array.from({ length: 40 }, (_, servers) => throttledShare(servers, 12));
    for (const [index, share] of shares.entries()) expect(share).toBeLessThan(shares[index - 1] ?? Infinity);
  });
});

describe('the concurrency for a load', () => {
  it('is the smallest that keeps the allowed share', () => {
    expect(concurrencyFor(5, 0.0184, 200)).toBe(10);
    expect(concurrencyFor(5, 0.0183, 200)).toBe(11);
    for (const erlangs of [0.1, 1, 3.7, 20, 90]) {
      const slots = concurrencyFor(erlangs, 0.05, 200) ?? 0;
      expect(throttledShare(slots, erlangs)).toBeLessThanOrEqual(0.05);
      expect(slots === 1 || throttledShare(slots - 1, erlangs) > 0.05).toBe(true);
    }
  });

  it('is one where there is no load', () => {
    expect(concurrencyFor(0, 0.05, 200)).toBe(1);
  });

  it('is none beyond what an endpoint can have, however large the load', () => {
    expect(concurrencyFor(1000, 0.05, 200)).toBeUndefined();
    expect(concurrencyFor(1e300, 0.05, 200)).toBeUndefined();
  });
});

describe('a fleet', () => {
  const loads = [load(10, 100, 20), load(0, 50, 40)];

  it('keeps vCPUs busy for requests times seconds', () => {
    expect(busyVcpus(loads, 'averageRps')).toBeCloseTo(0.2);
    expect(busyVcpus(loads, 'peakRps')).toBeCloseTo(4);
  });

  it('has the instances that carry the load with its safety factor, rounded up', () => {
    expect(instancesFor(loads, 'peakRps', type('ml.m5.large'), 2)).toBe(4);
    expect(instancesFor(loads, 'peakRps', type('ml.m5.large'), 2.1)).toBe(5);
    expect(instancesFor(loads, 'peakRps', type('ml.m5.2xlarge'), 2)).toBe(1);
    expect(instancesFor([load(0, 0, 5)], 'peakRps', type('ml.m5.large'), 2)).toBe(0);
  });

  it('is scaled at what an instance can do for this mix, divided by the safety factor', () => {
    // 4 vCPU-seconds for 150 requests: 26.67 ms each, 75 a second on two vCPUs, half of it a minute.
    expect(targetInvocationsPerMinute(loads, type('ml.m5.large'), 2)).toBe(2250);
    expect(targetInvocationsPerMinute([load(0, 0, 10)], type('ml.m5.large'), 2)).toBe(6000);
    expect(targetInvocationsPerMinute([load(1, 1, 1e9)], type('ml.m5.large'), 2)).toBe(1);
  });
});

describe('the CPU at which a fleet grows', () => {
  it('is what the one thread of the model server is planned to be busy, so that it is reached on any type', () => {
    expect(targetCpuPercent(2)).toBe(50);
    expect(targetCpuPercent(4)).toBe(25);
  });

  it('stays below the whole thread, where it would never be exceeded', () => {
    expect(targetCpuPercent(1)).toBe(90);
  });
});

describe('the expected p95', () => {
  it('is the overhead and ln 20 times the mean time at the planned utilisation', () => {
    expect(warmP95Ms(10, 20, 2)).toBe(Math.round(20 + 2.995732 * 20));
    expect(warmP95Ms(10, 20, 4)).toBe(Math.round(20 + (2.995732 * 10) / 0.75));
  });

  it('stays finite without any safety', () => {
    expect(warmP95Ms(10, 0, 1)).toBe(300);
  });

  it('grows below one vCPU, as a request then takes longer', () => {
    const { container } = TEST_PROFILES;
    const profile = { serviceMs: 10, memoryMb: 32 };
    const times = [1024, 2048, 4096].map((mb) =>
      serverlessServiceMs(profile, mb, { ...container, serverlessVcpusPerGb: 0.5 }),
    );
    expect(times).toEqual([20, 10, 10]);
  });
});
