import { spawnSync } from 'node:child_process';

/** Wall times of a command, in seconds. */
export interface Timing {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export interface Command {
  readonly label: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
  /** Runs before every run, outside the clock. */
  readonly prepare?: () => void;
}

function once({ program, args, variables, prepare }: Command): number {
  prepare?.();
  const started = process.hrtime.bigint();
  const { status, stderr } = spawnSync(program, [...args], {
    env: { ...process.env, ...variables },
    encoding: 'utf8',
  });
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}:\n${stderr}`);
  return seconds;
}

/**
 * Times commands side by side: one warm-up each, then in turn, so that a machine that slows down slows all of them.
 *
 * @param runs counted runs of each command
 */
export function measure(commands: readonly Command[], runs: number): Map<string, Timing> {
  const times = new Map<string, number[]>(commands.map(({ label }) => [label, []]));
  commands.forEach(once);
  for (let run = 0; run < runs; run += 1) {
    for (const command of commands) times.get(command.label)?.push(once(command));
  }
  return new Map(
    [...times].map(([label, values]) => {
      const sorted = values.sort((a, b) => a - b);
      return [
        label,
        {
          median: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN,
          min: sorted[0] ?? Number.NaN,
          max: sorted.at(-1) ?? Number.NaN,
        },
      ];
    }),
  );
}
