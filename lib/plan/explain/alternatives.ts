import { SPECIALISTS } from '../../../models/catalogue';
import type { HostingMode } from '../../config/environment';
import { HOSTING_TYPES, type HostingType, endpointQuotaKey } from '../../quotas/quota-catalogue';
import { type Assessment, assess } from './assessment';
import type { Candidate, PlanningContext } from '../candidates/candidate';
import { instanceTypesOf } from '../candidates/hosting-candidates';
import { type Decision, type Options, restricted } from '../decision';
import { withoutDominated } from '../search/dominance';
import { instanceCandidates } from '../candidates/instance-candidate';
import { type Limits, room } from '../search/objective';
import type { Shortfall } from '../demand/shortfalls';
import { typeUnfit } from '../candidates/unfit-types';

/** Another way to host the four, and why it was not chosen. */
export interface Alternative {
  readonly name: string;
  /** Whether it could be deployed: every quota has room at peak, every promise is kept, the budget holds. */
  readonly feasible: boolean;
  /** True for the one that is the plan itself. @default false */
  readonly chosen?: boolean;
  /** Whole environment, USD a month, expected. */
  readonly monthlyUsd?: number;
  /** USD a month above the plan; negative where it is cheaper. */
  readonly differenceUsd?: number;
  /** Of the slowest specialist. */
  readonly p95Ms?: number;
  /** Whether an update would have room, one endpoint at a time; absent where the limit or its usage is unknown. */
  readonly updatable?: boolean;
  readonly reason?: string;
  /** Quotas that are short for deploying it, then those that are short only for updating it. */
  readonly shortfalls?: readonly Shortfall[];
}

interface Shape {
  readonly name: string;
  readonly modes: readonly HostingMode[];
  /** Whether a partial selection may still take this shape. @default - always */
  readonly admits?: (chosen: readonly Candidate[]) => boolean;
  /** What it is made of. @default - the candidates of those modes */
  readonly options?: Options;
  /** Why nothing of this shape can be built. @default - no type or size holds the traffic and memory */
  readonly unfit?: string;
  /** What of the configuration refuses it, beside its modes. @default - nothing */
  readonly refused?: string;
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

/** Hosting types of which the account is known to allow any at all, by name. */
function quotaBearingTypes(limits: Limits): HostingType[] {
  return [...HOSTING_TYPES.values()]
    .filter((type) => (limits.read(endpointQuotaKey(type)).limit ?? 0) > 0)
    .sort((a, b) => (a.instanceType < b.instanceType ? -1 : 1));
}

/** Each specialist on an endpoint of its own, on one type, for every type that the account allows any of. */
function byType({ context, limits }: Decision): Shape[] {
  const { instanceTypes } = context.environment.hosting;
  return quotaBearingTypes(limits).map((type) => {
    const { instanceType } = type;
    const unfit = SPECIALISTS.flatMap((name) => typeUnfit(context, [name], type) ?? []);
    const refused = !(instanceTypes?.includes(instanceType) ?? true);
    return {
      name: `all dedicated on ${instanceType}`,
      modes: ['dedicated'],
      options: new Map(SPECIALISTS.map((name) => [name, instanceCandidates(context, [name], [type])])),
      ...(unfit[0] === undefined ? {} : { unfit: unfit[0].reason }),
      ...(refused ? { refused: `hosting.instanceTypes does not allow ${instanceType}` } : {}),
    };
  });
}

/** Instances that keep an endpoint answering when one of them, or its zone, is lost. */
const HIGHLY_AVAILABLE = 2;

/** Types that are allowed: those of which it is known how many are left, unless they do not hold every specialist. */
function typesToDouble({ context, limits }: Decision): HostingType[] {
  const types = instanceTypesOf(context);
  const known = types.filter((type) => room(limits.read, endpointQuotaKey(type)) !== undefined);
  const hold = SPECIALISTS.every((name) =>
    known.some((type) => typeUnfit(context, [name], type) === undefined),
  );
  return hold ? known : types;
}

/** Two instances on every endpoint, each specialist on its own; none where the plan has that many anyway. */
function highAvailability(decision: Decision): Shape[] {
  const { context, limits, running } = decision;
  const { environment } = context;
  if (environment.availability.minInstances >= HIGHLY_AVAILABLE) return [];
  const availability = { ...environment.availability, minInstances: HIGHLY_AVAILABLE };
  const doubled = { ...context, environment: { ...environment, availability } };
  const types = typesToDouble(decision);
  const all = new Map(SPECIALISTS.map((name) => [name, instanceCandidates(doubled, [name], types)]));
  return [
    {
      name: `high availability (${HIGHLY_AVAILABLE} instances each)`,
      modes: ['dedicated'],
      options: withoutDominated(all, limits, running),
    },
  ];
}

/** What of the configuration refuses a shape. */
function refusals({ modes, refused }: Shape, { environment }: PlanningContext): string[] {
  const forbidden = modes.filter((mode) => !environment.hosting.modes.includes(mode));
  return [
    ...(forbidden.length > 0 ? [`hosting.modes does not allow ${forbidden.join(', ')}`] : []),
    ...(refused === undefined ? [] : [refused]),
  ];
}

function reasonOf(refused: readonly string[], { fits, reasons }: Assessment): string | undefined {
  const text = reasons.join('; ');
  if (refused.length > 0 && fits && text !== '') return `${refused.join('; ')}; otherwise it fits: ${text}`;
  return [...reasons, ...refused].join('; ') || undefined;
}

function evaluate(shape: Shape, decision: Decision): Alternative {
  const { name, modes } = shape;
  const options = shape.options ?? restricted(decision.options, ({ mode }) => modes.includes(mode));
  const found = assess(decision, options, shape.admits === undefined ? {} : { admits: shape.admits });
  if (found === undefined) {
    return { name, feasible: false, reason: shape.unfit ?? 'no type or size holds the traffic and memory' };
  }
  const { selection, shortfalls, monthlyUsd, differenceUsd, p95Ms } = found;
  const refused = refusals(shape, decision.context);
  const reason = reasonOf(refused, found);
  const known = shortfalls.every(({ left }) => left !== null);
  const usesQuotas = selection.some(({ uses }) => uses.length > 0);
  return {
    name,
    feasible: found.fits && refused.length === 0,
    ...(found.chosen ? { chosen: true } : {}),
    monthlyUsd,
    ...(differenceUsd === undefined ? {} : { differenceUsd }),
    p95Ms,
    ...(known && usesQuotas ? { updatable: shortfalls.every((s) => s.whileUpdating <= (s.left ?? 0)) } : {}),
    ...(reason === undefined ? {} : { reason }),
    ...(shortfalls.length === 0 ? {} : { shortfalls }),
  };
}

/**
 * Every shape that people ask about, at its best within the account's limits, or with what it lacks: by mode, on each
 * type of which the account allows any, and with two instances everywhere.
 */
export function alternatives(decision: Decision): Alternative[] {
  return [...SHAPES, ...byType(decision), ...highAvailability(decision)].map((shape) =>
    evaluate(shape, decision),
  );
}
