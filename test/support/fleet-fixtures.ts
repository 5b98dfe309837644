import type { EnvironmentInput } from '../../lib/config/define';
import type { FleetProblem } from '../../lib/plan/fleet/problem';
import { fleetProblem } from '../../lib/plan/fleet/problem-of';
import type { Limits } from '../../lib/plan/objective';
import { TEST_PROFILES } from './plan-profiles';
import { loadPriceBook } from '../../lib/pricing/price-book';
import { type QuotaKey, quotaDefinition } from '../../lib/quotas/catalogue';
import { type Patch, environmentWith } from './plan-fixtures';

/** Numbers from 0 to 1 that look random and are the same on every machine (Park and Miller's generator). */
export function numbersFrom(seed: number): () => number {
  let state = seed % 2147483647 || 1;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

/** An account's limits as a test writes them. */
export interface FleetAccount {
  readonly room: (key: QuotaKey) => number;
  readonly budgetUsd?: number;
}

/**
 * A fleet of models between a hundredth of a request a second and three, of 1 to 12 ms and, unless given, 16 to 64 MB:
 * what small detectors need.
 */
export function fleetOf(
  size: number,
  seed: number,
  account: FleetAccount,
  environment: Patch<EnvironmentInput> = {},
  [leastMb, mostMb]: readonly [number, number] = [16, 64],
): FleetProblem {
  const next = numbersFrom(seed);
  const models = Array.from({ length: size }, (_, index) => {
    const averageRps = 10 ** (next() * 2.5 - 2);
    return {
      name: `model-${index}`,
      averageRps,
      peakRps: averageRps * (2 + 8 * next()),
      peakHoursPerDay: 2,
      serviceMs: 1 + 11 * next(),
      memoryMb: leastMb + (mostMb - leastMb) * next(),
    };
  });
  const budgetUsd = account.budgetUsd ?? 1e5;
  const limits: Limits = {
    read: (key) => ({
      definition: quotaDefinition(key),
      limit: account.room(key),
      origin: 'applied',
      usedByOthers: 0,
      usageOrigin: 'read',
      assumed: false,
    }),
    platform: new Map(),
    platformUsd: 0,
    budgetUsd,
  };
  const context = {
    environment: environmentWith(environment),
    region: 'us-east-1',
    prices: loadPriceBook('us-east-1'),
    profiles: TEST_PROFILES,
  };
  return fleetProblem(context, models, () => limits);
}
