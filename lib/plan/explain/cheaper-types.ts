import { HOSTING_TYPES, type HostingType, endpointQuotaKey, quotaKey } from '../../quotas/quota-catalogue';
import { dollars, environmentUsd } from './assessment';
import type { Candidate } from '../candidates/candidate';
import { cents } from '../cost/monthly-cost';
import type { Decision } from '../decision';
import { instanceCandidates } from '../candidates/instance-candidate';
import type { HostingOption } from './other-option';
import { movesOf } from '../replacement/plan-replacement';
import { type Shortfall, shortfallsOf, spellShortfall } from '../demand/shortfalls';
import { hostingHourUsd, typeUnfit } from '../candidates/unfit-types';

/** Types named one by one; of the rest it is enough to know how many are out for what. */
const SHOWN = 3;

/** Instance types that would cost less for an endpoint than its own, and why each is out. */
export interface CheaperTypes {
  /** The cheapest. */
  readonly shown: readonly HostingOption[];
  /** The others, counted by the first thing that stands against them. */
  readonly more: readonly { readonly reason: string; readonly count: number }[];
}

/** What stands against a type: a heading to count by, and the figures. */
interface Objection {
  readonly kind: string;
  readonly reason: string;
}

interface Rejected {
  readonly objections: readonly Objection[];
  readonly home: HostingOption & { readonly instanceType: string };
}

function objectionOf(short: Shortfall, type: HostingType): Objection {
  const own = quotaKey(short) === endpointQuotaKey(type);
  const kind =
    short.left === null
      ? 'unknown quota'
      : short.binds === 'updating'
        ? 'no room for updates'
        : own
          ? 'no quota'
          : `short of ${short.name}`;
  const prefix = short.binds === 'updating' ? 'could not be updated: ' : '';
  return { kind, reason: `${prefix}${spellShortfall(short)}` };
}

const notAllowed = ({ context }: Decision, { instanceType }: HostingType): Objection[] =>
  (context.environment.hosting.instanceTypes?.includes(instanceType) ?? true)
    ? []
    : [{ kind: 'not in hosting.instanceTypes', reason: 'not in hosting.instanceTypes' }];

/** What a move of something that runs would have to save. */
function moving({ running, selected }: Decision, selection: readonly Candidate[]): Objection[] {
  const moved = movesOf(selection, running);
  if (running === undefined || moved <= movesOf(selected, running)) return [];
  const must = dollars(moved * running.thresholdUsd);
  return [
    {
      kind: 'not worth a move',
      reason: `moves ${moved} of what runs, which has to save ${must} (hosting.moveThresholdUsd)`,
    },
  ];
}

/** The plan with one endpoint on another type, and what stands against it. */
function swapped(decision: Decision, home: Candidate, other: Candidate, type: HostingType): Rejected {
  const { limits, running, selected, context } = decision;
  const selection = selected.map((candidate) => (candidate.key === home.key ? other : candidate));
  const shortfalls = shortfallsOf(selection, limits, running);
  const targetMs = context.environment.latency.p95Ms;
  const objections = [
    ...notAllowed(decision, type),
    ...(other.broken.includes('p95')
      ? [{ kind: 'misses p95', reason: `p95 of ${other.p95Ms} ms misses the target of ${targetMs} ms` }]
      : []),
    ...shortfalls.map((short) => objectionOf(short, type)),
    ...moving(decision, selection),
  ];
  const monthlyUsd = environmentUsd(selection, decision);
  return {
    objections,
    home: {
      mode: home.mode,
      instanceType: type.instanceType,
      feasible: objections.every(({ kind }) => ['no room for updates', 'not worth a move'].includes(kind)),
      monthlyUsd,
      differenceUsd: cents(monthlyUsd - environmentUsd(selected, decision)),
      p95Ms: other.p95Ms,
      reason: objections.map(({ reason }) => reason).join('; '),
      ...(shortfalls.length === 0 ? {} : { shortfalls }),
    },
  };
}

/** A type that cannot hold the group at all. */
function unfit(decision: Decision, home: Candidate, type: HostingType): Rejected | undefined {
  const found = typeUnfit(decision.context, home.specialists, type);
  if (found === undefined) return undefined;
  const { kind, reason } = found;
  return {
    objections: [
      ...notAllowed(decision, type),
      { kind: kind === 'memory' ? 'too little memory' : kind, reason },
    ],
    home: { mode: home.mode, instanceType: type.instanceType, feasible: false, reason },
  };
}

/** Types by the price of an instance, where that or the whole endpoint is cheaper than on the home's own. */
function cheaper(decision: Decision, home: Candidate): (Rejected & { readonly hourUsd: number })[] {
  const { context } = decision;
  const { endpoint } = home;
  const own = endpoint && 'instanceType' in endpoint ? HOSTING_TYPES.get(endpoint.instanceType) : undefined;
  const ownUsd = (own && hostingHourUsd(context, own)) ?? 0;
  return [...HOSTING_TYPES.values()].flatMap((type) => {
    const hourUsd = hostingHourUsd(context, type);
    if (hourUsd === undefined) return [];
    const [other] = instanceCandidates(context, home.specialists, [type]);
    if (other === undefined ? hourUsd >= ownUsd : other.monthlyUsd >= home.monthlyUsd) return [];
    const rejected = other === undefined ? unfit(decision, home, type) : swapped(decision, home, other, type);
    return rejected === undefined ? [] : [{ ...rejected, hourUsd }];
  });
}

/** The instance types that would cost less for that endpoint; none for a home without instances. */
export function cheaperTypes(decision: Decision, home: Candidate): CheaperTypes {
  if (home.endpoint === undefined || home.endpoint.mode === 'serverless') return { shown: [], more: [] };
  const rejected = cheaper(decision, home).sort(
    (a, b) => a.hourUsd - b.hourUsd || (a.home.instanceType < b.home.instanceType ? -1 : 1),
  );
  const counts = new Map<string, number>();
  for (const { objections } of rejected.slice(SHOWN)) {
    const reason = objections[0]?.kind ?? 'no better for the whole plan';
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  const { hoursPerMonth } = decision.context.prices;
  return {
    shown: rejected.slice(0, SHOWN).map(({ home: other, hourUsd }) => ({
      ...other,
      reason: `${dollars(cents(hourUsd * hoursPerMonth))} an instance and month; ${other.reason}`,
    })),
    more: [...counts].map(([reason, count]) => ({ reason, count })),
  };
}
