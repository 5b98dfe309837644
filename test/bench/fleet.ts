import Table from 'cli-table3';
import loadHighs from 'highs';
import { candidatesByGroup } from '../../lib/plan/candidates';
import type { FleetProblem } from '../../lib/plan/fleet/problem';
import { solveFleet } from '../../lib/plan/fleet/solve';
import { fitting } from '../../lib/plan/objective';
import { search } from '../../lib/plan/search';
import { QUOTA, type QuotaKey } from '../../lib/quotas/catalogue';
import { SPECIALISTS } from '../../models/catalogue';
import { fleetOf } from '../support/fleet-fixtures';

/** Fleets of the curve: sizes, and what their models fill. Large models make it a problem of packing as well. */
const FLEETS = [
  ...[4, 10, 25, 50, 100, 200].map((size) => ({
    size,
    models: 'models of 16 to 64 MB',
    memoryMb: [16, 64] as const,
  })),
  ...[50, 200].map((size) => ({ size, models: 'models of 20 to 320 MB', memoryMb: [20, 320] as const })),
];
const SEEDS = [1, 2, 3] as const;

/** AWS's own limits for serverless endpoints, and for every type more instances than any fleet here needs of it. */
const ROOM: Readonly<Record<QuotaKey, number>> = {
  [QUOTA.serverlessEndpoints]: 5,
  [QUOTA.serverlessConcurrency]: 10,
  [QUOTA.serverlessMemory]: 3072,
  [QUOTA.instancesPerEndpoint]: 20,
  [QUOTA.endpointInstances]: 100,
  [QUOTA.scalableTargets]: 500,
};

const problemOf = (size: number, seed: number, memoryMb?: readonly [number, number]): FleetProblem =>
  fleetOf(size, seed, { room: (key) => ROOM[key] ?? 20 }, {}, memoryMb);

function timed(run: () => unknown): number {
  const started = process.hrtime.bigint();
  run();
  return Number(process.hrtime.bigint() - started) / 1e9;
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** One fleet of the curve: seconds of the median and of the slowest seed, and for how many the answer was proven. */
export interface FleetTiming {
  readonly size: number;
  readonly models: string;
  readonly median: number;
  readonly slowest: number;
  readonly proven: number;
  readonly of: number;
}

/** Times the engine for fleets over all instance types, after a warm-up. */
export async function fleetCurve(): Promise<{ load: number; curve: FleetTiming[] }> {
  const started = process.hrtime.bigint();
  const highs = await loadHighs();
  const load = Number(process.hrtime.bigint() - started) / 1e9;
  solveFleet(problemOf(4, 9), highs);
  const curve = FLEETS.map(({ size, models, memoryMb }) => {
    let proven = 0;
    const seconds = SEEDS.map((seed) =>
      timed(() => {
        const answer = solveFleet(problemOf(size, seed, memoryMb), highs);
        if (answer.verdict === 'fits' && answer.proven) proven += 1;
      }),
    );
    return { size, models, median: median(seconds), slowest: Math.max(...seconds), proven, of: SEEDS.length };
  });
  return { load, curve };
}

/** Seconds that the exhaustive search takes for four, the number it is made for, with all candidates of all types. */
export function exhaustiveSeconds(): number {
  return median(
    SEEDS.map((seed) => {
      const { context, limits, models } = problemOf(4, seed);
      const renamed = <T>(of: (name: (typeof models)[number]) => T) =>
        Object.fromEntries(SPECIALISTS.map((name, at) => [name, of(models[at] ?? name)])) as Record<
          (typeof SPECIALISTS)[number],
          T
        >;
      const four = {
        ...context,
        environment: {
          ...context.environment,
          traffic: renamed((name) => context.environment.traffic[name]),
        },
        profiles: { ...context.profiles, specialists: renamed((name) => context.profiles.specialists[name]) },
      };
      return timed(() =>
        search({
          specialists: SPECIALISTS,
          candidates: candidatesByGroup(four, SPECIALISTS),
          evaluate: fitting(limits, 'refuse'),
        }),
      );
    }),
  );
}

const seconds = (value: number) => `${value.toFixed(2)} s`;

/** Fleets of growing size by the solver, beside the exhaustive search of four. */
export async function fleetReport(): Promise<string> {
  const exhaustive = exhaustiveSeconds();
  const { load, curve } = await fleetCurve();
  const rows = new Table({
    head: ['models × 162 types', 'median', 'slowest', 'proven best', '× exhaustive search of four'],
    style: { head: [], border: [] },
  });
  for (const { models, size, median, slowest, proven, of } of curve) {
    rows.push([
      `${size} ${models}`,
      seconds(median),
      seconds(slowest),
      `${proven} of ${of}`,
      (median / exhaustive).toFixed(1),
    ]);
  }
  return `Fleets by HiGHS (loads in ${(load * 1000).toFixed(0)} ms); the exhaustive search takes ${seconds(exhaustive)} for four\n${rows.toString()}\n`;
}
