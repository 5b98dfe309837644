import { loadEnvironment, environmentNames, resolveTarget } from '../../lib/config/load';
import { planDeployment } from '../../lib/plan/plan';
import { loadPriceBook } from '../../lib/pricing/price-book';
import { loadSnapshot } from '../../lib/quotas/snapshot';

/** Median time in ms of one plan, by environment, on the snapshot that the environment names. */
export function plannerTimes(runs: number): Map<string, number> {
  return new Map(
    environmentNames().map((name) => {
      const environment = loadEnvironment(name);
      const target = resolveTarget(environment, { region: 'us-east-1' });
      const snapshot = loadSnapshot(environment.snapshot);
      const prices = loadPriceBook(target.region);
      const times = Array.from({ length: runs }, () => {
        const started = process.hrtime.bigint();
        planDeployment({ environment, target, snapshot, prices });
        return Number(process.hrtime.bigint() - started) / 1e6;
      }).sort((a, b) => a - b);
      return [name, times[Math.floor(runs / 2)] ?? Number.NaN];
    }),
  );
}
