import type { Candidate } from '../../../lib/plan/candidates/candidate';
import { QUOTA, type QuotaKey } from '../../../lib/quotas/quota-catalogue';
import type { Specialist } from '../../../models/catalogue';

/** A small planning problem, written out: nothing in it is computed by the code under test. */
export interface Puzzle {
  readonly specialists: readonly Specialist[];
  readonly candidates: ReadonlyMap<string, readonly Candidate[]>;
  /** Units left of each quota; undefined where that is unknown. */
  readonly room: ReadonlyMap<QuotaKey, number | undefined>;
  readonly budgetUsd: number;
  /** What runs now; nothing when absent. */
  readonly running?: PuzzleRunning;
}

/** A running plan: names of endpoints that candidates have, what they hold, and what a move must save. */
export interface PuzzleRunning {
  readonly endpoints: readonly string[];
  readonly held: ReadonlyMap<QuotaKey, number>;
  readonly thresholdUsd: number;
}

export type Aim = 'fit' | 'fit-if-known' | 'unlock';

/** Every way to split a list into groups, in which each member stands once. */
export function partitions<T>(members: readonly T[]): T[][][] {
  const [first, ...rest] = members;
  if (first === undefined) return [[]];
  return partitions(rest).flatMap((groups) => [
    [[first], ...groups],
    ...groups.map((group, at) => [[first, ...group], ...groups.filter((_other, index) => index !== at)]),
  ]);
}

function products<T>(lists: readonly (readonly T[])[]): T[][] {
  const [first, ...rest] = lists;
  if (first === undefined) return [[]];
  return products(rest).flatMap((tail) => first.map((head) => [head, ...tail]));
}

interface Need {
  readonly steady: number;
  readonly peak: number;
  readonly surge: number;
}

/** What a selection needs of a quota; a limit on each single endpoint is needed by the largest alone. */
function needOf(selection: readonly Candidate[], key: QuotaKey): Need | undefined {
  const uses = selection.flatMap((candidate) => candidate.uses.filter((use) => use.key === key));
  if (uses.length === 0) return undefined;
  const single = key === QUOTA.instancesPerEndpoint || key === QUOTA.serverlessMemory;
  const combine = (numbers: number[]) => (single ? Math.max(...numbers) : numbers.reduce((a, b) => a + b, 0));
  return {
    steady: combine(uses.map((use) => use.steady)),
    peak: combine(uses.map((use) => use.peak)),
    surge: single ? 0 : Math.max(...uses.map((use) => use.surge)),
  };
}

const LAMBDA = 'lambda';
const homeOf = ({ endpoint }: Candidate): string => endpoint?.name ?? LAMBDA;

/** Specialists that a selection serves from elsewhere than what runs does. */
export function movedIn(puzzle: Puzzle, selection: readonly Candidate[]): number {
  const { running } = puzzle;
  if (running === undefined) return 0;
  const runs = [...puzzle.candidates.values()]
    .flat()
    .filter((one) => running.endpoints.includes(homeOf(one)));
  return puzzle.specialists.filter((name) => {
    const homes = runs.filter(({ specialists }) => specialists.includes(name)).map(homeOf);
    const home = selection.find(({ specialists }) => specialists.includes(name));
    return home !== undefined && !(homes.length === 0 ? [LAMBDA] : homes).includes(homeOf(home));
  }).length;
}

/** What old and new endpoints need together of a quota that new ones draw on. */
function sideBySide({ running }: Puzzle, selection: readonly Candidate[], key: QuotaKey): number {
  const held = running?.held.get(key);
  if (running === undefined || held === undefined) return 0;
  const added = selection
    .filter((one) => one.endpoint !== undefined && !running.endpoints.includes(homeOf(one)))
    .flatMap(({ uses }) => uses.filter((use) => use.key === key).map(({ steady }) => steady))
    .reduce((a, b) => a + b, 0);
  return added === 0 ? 0 : held + added;
}

/** The value of a whole selection, from the definitions; undefined where it is no solution. */
function valueOf(puzzle: Puzzle, selection: readonly Candidate[], aim: Aim): number[] | undefined {
  const usd = selection.reduce((sum, { monthlyUsd }) => sum + monthlyUsd, 0);
  const embedded = selection.filter(({ endpoint }) => endpoint === undefined).length;
  const broken = selection.flatMap((candidate) => candidate.broken).length;
  let [unknown, short, units, noUpdate] = [0, 0, 0, 0];
  for (const [key, room] of puzzle.room) {
    const need = needOf(selection, key);
    if (need === undefined) continue;
    if (room === undefined) {
      unknown += 1;
      continue;
    }
    const highest = Math.max(need.steady, need.peak, sideBySide(puzzle, selection, key));
    if (highest > room) {
      short += 1;
      units += highest - room;
    }
    if (need.steady + need.surge > room) noUpdate += 1;
  }
  const moved = movedIn(puzzle, selection);
  const weighed = usd + moved * (puzzle.running?.thresholdUsd ?? 0);
  const tooDear = usd > puzzle.budgetUsd;
  if (aim === 'unlock') {
    return [
      embedded,
      broken,
      short + unknown + (tooDear ? 1 : 0),
      units,
      noUpdate,
      weighed,
      moved,
      selection.length,
    ];
  }
  if (short > 0 || broken > 0 || tooDear || (aim === 'fit' && unknown > 0)) return undefined;
  return [embedded, unknown, noUpdate, weighed, moved, selection.length];
}

function before(a: readonly number[], b: readonly number[]): boolean {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at >= 0 && (a[at] ?? 0) < (b[at] ?? 0);
}

/** The value of the best selection, found by trying every partition with every candidate of each of its groups. */
export function bestByTryingAll(puzzle: Puzzle, aim: Aim): number[] | undefined {
  let best: number[] | undefined;
  for (const partition of partitions(puzzle.specialists)) {
    const lists = partition.map((group) => puzzle.candidates.get(group.join('+')) ?? []);
    for (const selection of products(lists)) {
      const value = valueOf(puzzle, selection, aim);
      if (value !== undefined && (best === undefined || before(value, best))) best = value;
    }
  }
  return best;
}
