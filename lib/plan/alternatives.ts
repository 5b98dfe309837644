import type { Specialist } from '../../models/catalogue';
import type { HostingMode } from '../config/schema';
import type { QuotaKey } from '../quotas/catalogue';
import { quotaDefinition } from '../quotas/catalogue';
import type { Candidate } from './candidate';
import { cents } from './cost';
import { tally } from './ledger';
import { type Limits, fitting, room, unlocking } from './objective';
import { search } from './search';

/** A quota of which an alternative would need more than is left. */
export interface Shortfall {
  readonly service: string;
  readonly code: string;
  readonly name: string;
  readonly limit: number | null;
  readonly needed: number;
  /** Null when the limit or its usage is unknown. */
  readonly shortBy: number | null;
}

/** Another way to host the four, and why it was not chosen. */
export interface Alternative {
  readonly name: string;
  readonly feasible: boolean;
  /** Whole environment, USD a month, expected. */
  readonly monthlyUsd?: number;
  readonly p95Ms?: number;
  readonly reason?: string;
  readonly shortfalls?: readonly Shortfall[];
}

interface Shape {
  readonly name: string;
  readonly modes: readonly HostingMode[];
  /** Whether a partial selection may still take this shape. @default - always */
  readonly admits?: (chosen: readonly Candidate[]) => boolean;
}

const count = (chosen: readonly Candidate[], mode: HostingMode) =>
  chosen.filter((candidate) => candidate.mode === mode).length;

/** The ways that people ask about. */
const SHAPES: readonly Shape[] = [
  { name: 'all serverless', modes: ['serverless'] },
  { name: 'all dedicated', modes: ['dedicated'] },
  { name: 'all on one shared endpoint', modes: ['shared'], admits: (chosen) => chosen.length <= 1 },
  {
    name: 'two dedicated, two embedded',
    modes: ['dedicated', 'embedded'],
    admits: (chosen) => count(chosen, 'dedicated') <= 2 && count(chosen, 'embedded') <= 2,
  },
  { name: 'embedded only', modes: ['embedded'] },
];

/** What a selection lacks, quota by quota. */
export function shortfallsOf(chosen: readonly Candidate[], limits: Limits): Shortfall[] {
  const uses = chosen.flatMap((candidate) => candidate.uses);
  const sums = tally(uses, limits.platform);
  const keys = new Set<QuotaKey>(uses.map((use) => use.key));
  return [...keys].flatMap((key) => {
    const sum = sums.get(key);
    const needed = Math.max(sum?.peak ?? 0, sum?.steady ?? 0);
    const free = room(limits.read, key);
    if (free !== undefined && needed <= free) return [];
    const { service, code, name } = quotaDefinition(key);
    const limit = limits.read(key).limit ?? null;
    return [{ service, code, name, limit, needed, shortBy: free === undefined ? null : needed - free }];
  });
}

function spell(shortfall: Shortfall): string {
  return shortfall.shortBy === null
    ? `${shortfall.name} is unknown`
    : `${shortfall.name}: ${shortfall.needed} needed, short by ${shortfall.shortBy}`;
}

function reasons(chosen: readonly Candidate[], short: readonly Shortfall[], limits: Limits): string {
  const cost = chosen.reduce((sum, { monthlyUsd }) => sum + monthlyUsd, limits.platformUsd);
  const broken = new Set(chosen.flatMap((candidate) => candidate.broken));
  return [
    ...short.map(spell),
    ...(broken.has('cold-starts') ? ['cold starts are refused'] : []),
    ...(broken.has('p95') ? ['misses the p95 target'] : []),
    ...(cost > limits.budgetUsd
      ? [`${(cost - limits.budgetUsd).toFixed(2)} USD a month above the budget`]
      : []),
  ].join('; ');
}

function evaluate(
  shape: Shape,
  specialists: readonly Specialist[],
  candidates: ReadonlyMap<string, readonly Candidate[]>,
  limits: Limits,
  allowed: readonly HostingMode[],
): Alternative {
  const options = new Map(
    [...candidates].map(([key, list]) => [key, list.filter(({ mode }) => shape.modes.includes(mode))]),
  );
  const problem = { specialists, candidates: options, ...(shape.admits ? { admits: shape.admits } : {}) };
  const fits = search({ ...problem, evaluate: fitting(limits, 'refuse') });
  const found = fits ?? search({ ...problem, evaluate: unlocking(limits) });
  if (found === undefined) {
    return { name: shape.name, feasible: false, reason: 'no type or size holds the traffic and memory' };
  }
  // Item by item in cents, as on the bill.
  const monthlyUsd = found.chosen.reduce(
    (sum, candidate) => sum + cents(candidate.monthlyUsd),
    limits.platformUsd,
  );
  const forbidden = shape.modes.filter((mode) => !allowed.includes(mode));
  const shortfalls = shortfallsOf(found.chosen, limits);
  const reason = [
    ...(fits === undefined ? [reasons(found.chosen, shortfalls, limits)] : []),
    ...(forbidden.length > 0 ? [`hosting.modes does not allow ${forbidden.join(', ')}`] : []),
  ].join('; ');
  return {
    name: shape.name,
    feasible: fits !== undefined && forbidden.length === 0,
    monthlyUsd: cents(monthlyUsd),
    p95Ms: Math.max(...found.chosen.map((candidate) => candidate.p95Ms)),
    ...(reason === '' ? {} : { reason }),
    ...(shortfalls.length === 0 ? {} : { shortfalls }),
  };
}

/** Every shape that people ask about, at its best within the account's limits, or with what it lacks. */
export function alternatives(
  specialists: readonly Specialist[],
  candidates: ReadonlyMap<string, readonly Candidate[]>,
  limits: Limits,
  allowed: readonly HostingMode[],
): Alternative[] {
  return SHAPES.map((shape) => evaluate(shape, specialists, candidates, limits, allowed));
}
