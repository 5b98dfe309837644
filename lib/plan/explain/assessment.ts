import { SPECIALISTS, type Specialist } from '../../../models/catalogue';
import type { Candidate } from '../candidates/candidate';
import { cents } from '../cost/monthly-cost';
import type { Decision, Options } from '../decision';
import { restricted } from '../decision';
import { fitting, room, unlocking } from '../search/objective';
import { movesOf } from '../replacement/plan-replacement';
import { type SearchProblem, search } from '../search/search';
import { type Shortfall, shortfallsOf, spellShortfall } from '../demand/shortfalls';

/** The best joint plan under a restriction, held against the one that was chosen. */
export interface Assessment {
  readonly selection: readonly Candidate[];
  /** Whether it keeps every quota at peak, every promise and the budget. */
  readonly fits: boolean;
  /** Whether it is the chosen plan itself. */
  readonly chosen: boolean;
  /** Whole environment, USD a month, expected. */
  readonly monthlyUsd: number;
  /** USD a month above the chosen plan; negative where it is cheaper; absent where nothing could be chosen. */
  readonly differenceUsd?: number;
  /** Of the slowest specialist. */
  readonly p95Ms: number;
  readonly shortfalls: readonly Shortfall[];
  /** Why it was not chosen, each a clause; empty for the chosen plan. */
  readonly reasons: readonly string[];
}

/** An amount of money in a sentence. */
export function dollars(usd: number): string {
  return `$${usd.toFixed(2)}`;
}

/** Whole environment, USD a month; item by item in cents, as on the bill. */
export function environmentUsd(selection: readonly Candidate[], { limits }: Decision): number {
  return cents(selection.reduce((sum, { monthlyUsd }) => sum + cents(monthlyUsd), limits.platformUsd));
}

const slowest = (selection: readonly Candidate[]) => Math.max(...selection.map(({ p95Ms }) => p95Ms));
const keysOf = (selection: readonly Candidate[]) =>
  selection
    .map(({ key }) => key)
    .sort()
    .join(' ');
const endpointsOf = (selection: readonly Candidate[]) =>
  selection.filter(({ endpoint }) => endpoint !== undefined).length;
const hostedBy = (selection: readonly Candidate[]) =>
  selection.reduce((sum, { endpoint, specialists }) => sum + (endpoint ? specialists.length : 0), 0);
const more = (count: number, noun: string) =>
  `${Math.abs(count)} ${noun}${Math.abs(count) === 1 ? '' : 's'} ${count > 0 ? 'more' : 'fewer'}`;

/** The promises that a candidate breaks, with the figures. */
function brokenPromises(
  selection: readonly Candidate[],
  { context }: Decision,
  subject: Specialist | undefined,
): string[] {
  const { environment, profiles } = context;
  const breaking = (promise: 'p95' | 'cold-starts') =>
    selection.filter(({ broken }) => broken.includes(promise));
  const [cold, slow] = [breaking('cold-starts'), breaking('p95')];
  const who = (list: readonly Candidate[]) => {
    const names = list.flatMap(({ specialists }) => specialists);
    const obvious = list.length === selection.length || (names.length === 1 && names[0] === subject);
    return obvious ? '' : `${names.join(', ')}: `;
  };
  return [
    ...(cold.length > 0
      ? [
          `${who(cold)}a cold start takes about ${profiles.container.coldStartMs} ms, and cold starts are refused`,
        ]
      : []),
    ...(slow.length > 0
      ? [`${who(slow)}p95 of ${slowest(slow)} ms misses the target of ${environment.latency.p95Ms} ms`]
      : []),
  ];
}

/** What keeps a selection from being deployed. */
function obstacles(
  selection: readonly Candidate[],
  shortfalls: readonly Shortfall[],
  decision: Decision,
  subject: Specialist | undefined,
): string[] {
  const { budgetUsd } = decision.limits;
  const usd = environmentUsd(selection, decision);
  return [
    ...shortfalls.map(spellShortfall),
    ...brokenPromises(selection, decision, subject),
    ...(usd > budgetUsd
      ? [`${dollars(usd - budgetUsd)} a month above the budget of ${dollars(budgetUsd)}`]
      : []),
  ];
}

/** How a selection that fits compares with the chosen one, in the order in which the objective weighs it. */
function drawbacks(
  selection: readonly Candidate[],
  shortfalls: readonly Shortfall[],
  decision: Decision,
): string[] {
  const { selected, running } = decision;
  if (selected.length === 0) return [];
  const usd = cents(environmentUsd(selection, decision) - environmentUsd(selected, decision));
  const hosted = hostedBy(selection) - hostedBy(selected);
  const endpoints = endpointsOf(selection) - endpointsOf(selected);
  const ms = slowest(selection) - slowest(selected);
  const moved = movesOf(selection, running);
  return [
    ...(hosted === 0 ? [] : [`${more(hosted, 'specialist')} on SageMaker`]),
    ...(shortfalls.length === 0
      ? []
      : [`deploys, but could not be updated: ${shortfalls.map(spellShortfall).join('; ')}`]),
    ...(usd === 0 ? [] : [`${dollars(Math.abs(usd))} a month ${usd > 0 ? 'more' : 'less'}`]),
    ...(running === undefined || moved <= movesOf(selected, running)
      ? []
      : [
          `moves ${moved} of what runs, which has to save ${dollars(moved * running.thresholdUsd)} (hosting.moveThresholdUsd)`,
        ]),
    ...(endpoints === 0 ? [] : [more(endpoints, 'endpoint')]),
    ...(ms === 0 ? [] : [`p95 ${Math.abs(ms)} ms ${ms > 0 ? 'longer' : 'shorter'}`]),
  ];
}

/**
 * The best joint plan among some candidates: what fits, else what comes closest. What rests on a quota that nobody
 * knows is considered last, so that a shortfall can be given in figures wherever there is one.
 *
 * @param options candidates after {@link Decision.options}, or any others that the restriction leaves; to restrict by
 *   mode what dominance left is exact, as a dominated type is never better for any group of specialists, and so for
 *   any group that the restriction leaves. A restriction by type needs candidates of its own.
 * @param admits whether a partial selection may still become a plan of the kind asked about
 * @param subject whom it is about, and who need not be named
 * @returns undefined when the candidates host not every specialist
 */
export function assess(
  decision: Decision,
  options: Options,
  { admits, subject }: { readonly admits?: SearchProblem['admits']; readonly subject?: Specialist } = {},
): Assessment | undefined {
  const { limits, running } = decision;
  const rest = { specialists: SPECIALISTS, ...(admits ? { admits } : {}) };
  const known = restricted(options, ({ uses }) =>
    uses.every(({ key }) => room(limits.read, key) !== undefined),
  );
  const fit = search({ ...rest, candidates: known, evaluate: fitting(limits, 'refuse', running) });
  const found =
    fit ??
    search({ ...rest, candidates: known, evaluate: unlocking(limits, running) }) ??
    search({ ...rest, candidates: options, evaluate: unlocking(limits, running) });
  if (found === undefined) return undefined;
  const selection = found.chosen;
  const fits = fit !== undefined;
  const chosen = keysOf(selection) === keysOf(decision.selected);
  const shortfalls = shortfallsOf(selection, limits, running);
  const monthlyUsd = environmentUsd(selection, decision);
  const reasons = fits
    ? drawbacks(selection, shortfalls, decision)
    : obstacles(selection, shortfalls, decision, subject);
  return {
    selection,
    fits,
    chosen,
    monthlyUsd,
    ...(decision.selected.length === 0
      ? {}
      : { differenceUsd: cents(monthlyUsd - environmentUsd(decision.selected, decision)) }),
    p95Ms: slowest(selection),
    shortfalls,
    reasons: chosen && fits ? [] : reasons,
  };
}
