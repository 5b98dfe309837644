import { execSync } from 'node:child_process';
import Table from 'cli-table3';
import cdkJson from '../../cdk.json';
import { environmentNames } from '../../lib/config/load-environment';
import { projectPath } from '../../lib/util/project-path';
import { liveTiming } from './live';
import { measure } from './measure';
import { coldPlannerTimes, crowdedTimes, plannerTimes } from './planner';
import { SYNTH, synthesized } from './synth';

const RUNS = 5;
const seconds = (value: number) => `${value.toFixed(2)} s`;
const milliseconds = (value: number | undefined) => `${(value ?? Number.NaN).toFixed(1)} ms`;

type Row = [string, string, string, string, string];

function synthRows(): Row[] {
  execSync(cdkJson.build, { cwd: projectPath(), stdio: 'inherit' });
  const timings = measure(SYNTH, RUNS);
  const floor = timings.get(SYNTH[0]?.label ?? '')?.median ?? Number.NaN;
  return [...timings].map(([label, { median, min, max }]) => [
    label,
    seconds(median),
    seconds(min),
    seconds(max),
    (median / floor).toFixed(1),
  ]);
}

function planRows(): Row[] {
  const rows: Row[] = [];
  for (const [name, ms] of plannerTimes(50))
    rows.push([`plan of ${name}, warm`, milliseconds(ms), '', '', '']);
  for (const [name, ms] of coldPlannerTimes(11)) {
    rows.push([`plan of ${name} with its files, cold`, milliseconds(ms), '', '', '']);
  }
  for (const each of [[1], [3], [0, 1, 2, 3]]) {
    const times = crowdedTimes(each);
    for (const [what, list] of Object.entries(times)) {
      const label = `${what}, an account with ${each.join(', ')} of every type, ${list.length} cases`;
      const figures = [list[Math.floor(list.length / 2)], list[0], list.at(-1)] as const;
      const [middle, least, most] = figures;
      rows.push([label, milliseconds(middle), milliseconds(least), milliseconds(most), '']);
    }
  }
  return rows;
}

async function liveRows(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const name of environmentNames()) {
    const { calls, seconds: took, lowerBoundSeconds } = await liveTiming(name);
    const label = `live pre-flight of ${name}: ${calls} calls, 80 ms each, 5/s on Service Quotas`;
    rows.push([label, seconds(took), `bound ${seconds(lowerBoundSeconds)}`, '', '']);
  }
  return rows;
}

/** Synth, plans and live readings: what a person waits for who deploys. */
export async function deploymentReport(): Promise<string> {
  const table = new Table({ head: ['', 'median', 'min', 'max', '× floor'], style: { head: [], border: [] } });
  table.push(...synthRows(), ...planRows(), ...(await liveRows()));
  const { stacks, resources } = synthesized();
  return `Deployment, ${RUNS} runs each after a warm-up; prod: ${stacks} stacks, ${resources} resources\n${table.toString()}\n`;
}
