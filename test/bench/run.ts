import { execSync } from 'node:child_process';
import { cpus } from 'node:os';
import Table from 'cli-table3';
import cdkJson from '../../cdk.json';
import { environmentNames } from '../../lib/config/load';
import { projectPath } from '../../lib/project-path';
import { liveTiming } from './live';
import { measure } from './measure';
import { exhaustiveSeconds, fleetCurve } from './fleet';
import { coldPlannerTimes, crowdedTimes, plannerTimes } from './planner';
import { SYNTH, synthesized } from './synth';

const RUNS = 5;
const seconds = (value: number) => `${value.toFixed(2)} s`;

execSync(cdkJson.build, { cwd: projectPath(), stdio: 'inherit' });
const timings = measure(SYNTH, RUNS);
const floor = timings.get(SYNTH[0]?.label ?? '')?.median ?? Number.NaN;
const { stacks, resources } = synthesized();

const table = new Table({ head: ['', 'median', 'min', 'max', '× floor'], style: { head: [], border: [] } });
for (const [label, { median, min, max }] of timings) {
  table.push([label, seconds(median), seconds(min), seconds(max), (median / floor).toFixed(1)]);
}
for (const [name, ms] of plannerTimes(50))
  table.push([`plan of ${name}, warm`, `${ms.toFixed(1)} ms`, '', '', '']);
for (const [name, ms] of coldPlannerTimes(11)) {
  table.push([`plan of ${name} with its files, cold`, `${ms.toFixed(1)} ms`, '', '', '']);
}
for (const each of [[1], [3], [0, 1, 2, 3]]) {
  const times = crowdedTimes(each);
  for (const [what, list] of [
    ['plan', times.plan],
    ['explanation', times.explain],
  ] as const) {
    const [least = Number.NaN, middle = Number.NaN, most = Number.NaN] = [
      list[0],
      list[Math.floor(list.length / 2)],
      list.at(-1),
    ];
    const label = `${what}, an account with ${each.join(', ')} of every type, ${list.length} cases`;
    table.push([label, ...[middle, least, most].map((ms) => `${ms.toFixed(1)} ms`), '']);
  }
}

async function fleets(): Promise<string> {
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

async function main(): Promise<void> {
  for (const name of environmentNames()) {
    const { calls, seconds: took, lowerBoundSeconds } = await liveTiming(name);
    const label = `live pre-flight of ${name}: ${calls} calls, 80 ms each, 5/s on Service Quotas`;
    table.push([label, seconds(took), `bound ${seconds(lowerBoundSeconds)}`, '', '']);
  }
  const curve = await fleets();
  process.stdout.write(
    `${cpus().length} cores, ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}; ${RUNS} runs each after a warm-up\n` +
      `prod: ${stacks} stacks, ${resources} resources\n${table.toString()}\n${curve}`,
  );
}

void main();
