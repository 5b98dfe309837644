import { execFileSync } from 'node:child_process';
import { buildSync } from 'esbuild';
import { loadEnvironment, environmentNames, resolveTarget } from '../../lib/config/load';
import { planDeployment } from '../../lib/plan/plan';
import { loadPriceBook } from '../../lib/pricing/price-book';
import { projectPath } from '../../lib/project-path';
import { loadSnapshot } from '../../lib/quotas/snapshot';

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
