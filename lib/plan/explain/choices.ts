import type { Specialist } from '../../../models/catalogue';
import { inCanonicalOrder } from '../../../models/catalogue';
import { HOSTING_MODES, type HostingMode } from '../../config/environment';
import { type Assessment, assess } from './assessment';
import type { Candidate } from '../candidates/candidate';
import { type Decision, type Options, restricted } from '../decision';
import { type CheaperTypes, cheaperTypes } from './cheaper-types';
import type { HostingOption } from './other-option';
import type { Shortfall } from '../demand/shortfalls';
import { sizingOf } from './sizing';

/** Why a specialist is hosted as it is. */
export interface Choice {
  readonly specialist: Specialist;
  readonly mode: HostingMode;
  /** Name of its endpoint; absent inside the inference Lambda. */
  readonly endpoint?: string;
  /** One sentence with the reasons against every other mode; each clause rests on a plan that was computed. */
  readonly why: string;
  /** What set each figure of its size. */
  readonly sizing: readonly string[];
  /** Every other mode at its best, then the cheapest of the types that cost less than its own. */
  readonly others: readonly HostingOption[];
  /** The other types that cost less, counted by why they are out. */
  readonly moreTypes?: CheaperTypes['more'];
}

/** Candidates of plans in which one specialist is hosted in a mode, allowed or not, and the others as they may be. */
function forced(decision: Decision, specialist: Specialist, mode: HostingMode): Options {
  const { modes } = decision.context.environment.hosting;
  return restricted(decision.options, (candidate) =>
    candidate.specialists.includes(specialist) ? candidate.mode === mode : modes.includes(candidate.mode),
  );
}

/** The quota that binds most, in brief. */
function lacking(shortfalls: readonly Shortfall[]): string | undefined {
  const [binding] = shortfalls
    .filter(({ binds }) => binds === 'deploying')
    .sort((a, b) => (b.shortBy ?? 0) - (a.shortBy ?? 0));
  if (binding === undefined) return undefined;
  const { needed, name, left, whileUpdating } = binding;
  const updating = whileUpdating > needed ? `, ${whileUpdating} while updating,` : '';
  const need = `would need ${needed}${updating} of “${name}”`;
  if (left === null) return `${need}, and how much is left is unknown`;
  return `${need}, and ${left > 0 ? left : 'none'} ${left > 1 ? 'are' : 'is'} left`;
}

/** The clause of {@link Choice.why}: the same facts as the reason, in brief; its subject is the mode. */
function clause(decision: Decision, own: Candidate | undefined, found: Assessment | undefined): string {
  if (found === undefined || own === undefined) return 'would have no size that holds it';
  const { environment, profiles } = decision.context;
  if (own.broken.includes('cold-starts')) {
    return `would let requests wait about ${profiles.container.coldStartMs} ms for a cold start, which is refused`;
  }
  if (own.broken.includes('p95')) {
    return `would have a p95 of ${own.p95Ms} ms, above the target of ${environment.latency.p95Ms} ms`;
  }
  const { shortfalls, fits, reasons } = found;
  if (fits) return reasons.length === 0 ? 'would be no better' : `would mean ${reasons.join(', ')}`;
  return lacking(shortfalls) ?? `would not do: ${reasons.join(', ')}`;
}

function otherMode(decision: Decision, specialist: Specialist, mode: HostingMode) {
  const allowed = decision.context.environment.hosting.modes.includes(mode);
  const found = assess(decision, forced(decision, specialist, mode), { subject: specialist });
  const refusal = allowed ? [] : [`hosting.modes does not allow ${mode}`];
  const own = found?.selection.find(({ specialists }) => specialists.includes(specialist));
  const brief = allowed ? clause(decision, own, found) : 'may not be used';
  if (found === undefined) {
    const reason = [...refusal, 'no type or size holds its traffic and memory'].join('; ');
    return { brief, home: { mode, feasible: false, reason } };
  }
  const { shortfalls, monthlyUsd, differenceUsd, reasons } = found;
  const equal = found.fits && reasons.length === 0 ? ['equal in everything that the planner weighs'] : [];
  const home: HostingOption = {
    mode,
    feasible: found.fits && allowed,
    monthlyUsd,
    ...(differenceUsd === undefined ? {} : { differenceUsd }),
    ...(own === undefined ? {} : { p95Ms: own.p95Ms }),
    reason: [...refusal, ...reasons, ...equal].join('; '),
    ...(shortfalls.length === 0 ? {} : { shortfalls }),
  };
  return { brief, home };
}

/** What a candidate is, in a few words. */
function describe({ endpoint, mode }: Candidate): string {
  if (endpoint === undefined) return 'embedded in the inference Lambda';
  if (endpoint.mode === 'serverless') return `${mode}, ${endpoint.memoryMb} MB`;
  return `${mode} on ${endpoint.instanceType}`;
}

/** Modes with the same to be said of them in one clause. */
function joined(clauses: readonly { readonly mode: HostingMode; readonly brief: string }[]): string {
  const modes = new Map<string, HostingMode[]>();
  for (const { mode, brief } of clauses) modes.set(brief, [...(modes.get(brief) ?? []), mode]);
  return [...modes].map(([brief, names]) => `${names.join(' and ')} ${brief}`).join('; ');
}

/** What all specialists of one endpoint have in common. */
interface Placement {
  readonly candidate: Candidate;
  readonly sizing: readonly string[];
  readonly types: CheaperTypes;
}

function choiceOf(
  decision: Decision,
  specialist: Specialist,
  { candidate, sizing, types }: Placement,
): Choice {
  const { mode, endpoint } = candidate;
  const others = HOSTING_MODES.filter((other) => other !== mode).map((other) =>
    otherMode(decision, specialist, other),
  );
  const condition = decision.fits ? '' : ' once it fits';
  return {
    specialist,
    mode,
    ...(endpoint === undefined ? {} : { endpoint: endpoint.name }),
    why: `${describe(candidate)}${condition}, because ${joined(others.map(({ home, brief }) => ({ mode: home.mode, brief })))}`,
    sizing,
    others: [...others.map(({ home }) => home), ...types.shown],
    ...(types.more.length === 0 ? {} : { moreTypes: types.more }),
  };
}

/** Why every specialist is hosted as it is, in canonical order; none of those that nothing can hold. */
export function choices(decision: Decision): Choice[] {
  const homes = new Map<Specialist, Placement>();
  for (const candidate of decision.chosen) {
    const home = {
      candidate,
      sizing: sizingOf(decision, candidate),
      types: cheaperTypes(decision, candidate),
    };
    for (const name of candidate.specialists) homes.set(name, home);
  }
  return inCanonicalOrder(homes.keys()).flatMap((name) => {
    const home = homes.get(name);
    return home === undefined ? [] : [choiceOf(decision, name, home)];
  });
}
