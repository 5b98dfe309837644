import { execFileSync } from 'node:child_process';
import { buildSync } from 'esbuild';
import { loadEnvironment, environmentNames, resolveTarget } from '../../lib/config/load-environment';
import { explain } from '../../lib/plan/explain/explanation';
import { planDeployment, planOf } from '../../lib/plan/plan';
import { loadPriceBook } from '../../lib/pricing/price-book';
import { projectPath } from '../../lib/util/project-path';
import { HOSTING_TYPES, QUOTA, endpointQuotaKey } from '../../lib/quotas/quota-catalogue';
import { loadSnapshot } from '../../lib/quotas/snapshot';
import { decisionFor } from '../support/plan/plan-fixtures';

/** Median time in ms of one plan in a process that is warm, by environment, on the snapshot that the environment names. */
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

/** Median time in ms from reading the configuration to the plan in a process where nothing is warm, by environment. */
export function coldPlannerTimes(runs: number): Map<string, number> {
  const script = projectPath('build/cold-plan.js');
  buildSync({
    entryPoints: [projectPath('test/bench/cold-plan.ts')],
    bundle: true,
    platform: 'node',
    outfile: script,
    logLevel: 'error',
  });
  const once = (name: string) => Number(execFileSync(process.execPath, [script, name], { encoding: 'utf8' }));
  return new Map(
    environmentNames().map((name) => {
      const times = Array.from({ length: runs }, () => once(name)).sort((a, b) => a - b);
      return [name, times[Math.floor(runs / 2)] ?? Number.NaN];
    }),
  );
}

/**
 * Times in ms of plan and explanation, sorted, where the account allows some instances of every type: the hardest
 * accounts for the search, as no quota of zero takes a type out.
 *
 * @param each instances of every type, in turn from this list
 */
export function crowdedTimes(each: readonly number[]): {
  readonly plan: number[];
  readonly explain: number[];
} {
  const plan: number[] = [];
  const explained: number[] = [];
  for (const peakRps of [5, 80, 600]) {
    for (const total of [4, 12, 100]) {
      for (const minInstances of [1, 2, 3]) {
        const account: Record<string, { limit: number; used: number }> = {
          [QUOTA.endpointInstances]: { limit: total, used: 0 },
          [QUOTA.serverlessConcurrency]: { limit: 5, used: 0 },
        };
        for (const [index, type] of [...HOSTING_TYPES.values()].entries()) {
          account[endpointQuotaKey(type)] = { limit: each[index % each.length] ?? 0, used: 0 };
        }
        const traffic = (share: number) => ({ averageRps: (peakRps * share) / 2, peakRps: peakRps * share });
        const environment = {
          traffic: {
            general: traffic(1),
            ddos: traffic(1),
            bruteforce: traffic(0.1),
            webattacks: traffic(0.3),
          },
          availability: { minInstances, autoscaling: true },
          latency: { p95Ms: 60 },
        };
        const started = performance.now();
        const decision = decisionFor({ environment, account });
        planOf(decision);
        const planned = performance.now();
        explain(decision);
        plan.push(planned - started);
        explained.push(performance.now() - planned);
      }
    }
  }
  const sorted = (times: number[]) => times.sort((a, b) => a - b);
  return { plan: sorted(plan), explain: sorted(explained) };
}
