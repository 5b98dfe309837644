import { spawnSync } from 'node:child_process';
import { projectPath } from '../../../lib/util/project-path';

/** Milliseconds from starting a process to when it was ready. */
function readyAfter(args: readonly string[], variables: Readonly<Record<string, string>>): number {
  const started = performance.timeOrigin + performance.now();
  const { status, output, stderr } = spawnSync(
    process.execPath,
    [projectPath('test/bench/inference/cold-start.mjs'), ...args],
    { env: { ...variables }, encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe', 'pipe'] },
  );
  if (status !== 0) throw new Error(`the function did not start:\n${stderr}`);
  return Number(output[3]) - started;
}

/** Times in ms from starting a process: Node alone, and with the function's handler imported. */
export interface ColdStarts {
  readonly bare: readonly number[];
  readonly imported: readonly number[];
}

/** Starts both in turn, after one start each that brings their files into memory. */
export function coldStarts(
  bundle: string,
  variables: Readonly<Record<string, string>>,
  count: number,
): ColdStarts {
  const bare: number[] = [];
  const imported: number[] = [];
  for (let start = 0; start <= count; start++) {
    bare.push(readyAfter([], variables));
    imported.push(readyAfter([bundle], variables));
  }
  return { bare: bare.slice(1), imported: imported.slice(1) };
}
