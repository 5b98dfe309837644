import type { Report } from './schema';
import { counted, size, units, usd } from './words';

type Choice = NonNullable<Report['choices']>[number];
type Alternative = Report['alternatives'][number];
type NextBetter = NonNullable<Report['nextBetter']>;

/** Choices with the same home for the same reasons, so that nothing is said four times. */
export interface ChoiceGroup {
  readonly specialists: readonly string[];
  readonly why: string;
  readonly choices: readonly Choice[];
}

/** By what the plan was chosen, in one sentence; undefined for a report that does not say. */
export function objectiveLine({ objective }: Report): string | undefined {
  if (objective === undefined) return undefined;
  return `Of all that keeps quotas, promises and budget the best is chosen, by the first that differs of: ${objective.join('; ')}`;
}

/** Choices in groups, in the order of the report. */
export function choiceGroups({ choices = [] }: Report): ChoiceGroup[] {
  const groups = new Map<string, Choice[]>();
  for (const choice of choices) groups.set(choice.why, [...(groups.get(choice.why) ?? []), choice]);
  return [...groups].map(([why, members]) => ({
    why,
    specialists: members.map(({ specialist }) => specialist),
    choices: members,
  }));
}

/** What is said of a group, each only once: for whom, where it does not hold for all of them. */
export function saidOf<T>(
  { choices }: ChoiceGroup,
  of: (choice: Choice) => readonly T[],
): { readonly item: T; readonly of: string }[] {
  const said = new Map<string, { item: T; names: string[] }>();
  for (const choice of choices) {
    for (const item of of(choice)) {
      const key = JSON.stringify(item);
      said.set(key, { item, names: [...(said.get(key)?.names ?? []), choice.specialist] });
    }
  }
  return [...said.values()].map(({ item, names }) => ({
    item,
    of: names.length === choices.length ? '' : names.join(', '),
  }));
}

/** What the other home of a choice is: its mode, or its type. */
export function otherHomeName({ mode, instanceType }: Choice['others'][number]): string {
  return instanceType ?? mode;
}

/** One sentence on the cheaper types that are not listed one by one; none where there are none. */
export function moreTypes({ moreTypes: more = [] }: Choice): string[] {
  if (more.length === 0) return [];
  return [
    `Cheaper types beside these: ${more.map(({ reason, count }) => `${count} × ${reason}`).join(', ')}`,
  ];
}

/** A quota's name without the words that all of them have. */
function shortName(name: string): string {
  return name.replace(/^(Maximum number of|Number of) /, '').replace(/ for endpoint usage$/, '');
}

/** Why an alternative was not chosen, in the width of a column: the quota that binds most, else the whole reason. */
export function briefReason(alternative: Alternative): string {
  const { chosen, feasible, reason = '', shortfalls = [] } = alternative;
  if (chosen && feasible) return 'this is the plan';
  const short = shortfalls
    .filter(({ binds }) => binds !== 'updating')
    .sort((a, b) => (b.shortBy ?? 0) - (a.shortBy ?? 0));
  const [binding] = short;
  if (binding === undefined) return reason;
  const { name, needed, left, whileUpdating = 0 } = binding;
  const updating = whileUpdating > needed ? ` (${whileUpdating} while updating)` : '';
  const there =
    left === null || left === undefined ? 'how much is left is unknown' : `${left > 0 ? left : 'none'} left`;
  const more =
    short.length > 1 ? `; ${short.length - 1} more ${short.length > 2 ? 'quotas' : 'quota'} short` : '';
  return `${shortName(name)}: ${units(needed)} needed${updating}, ${there}${more}`;
}

/** What the next better plan needs: `ml.c6g.large for endpoint usage from 0 to 2`. */
export function nextBetterNeeds({ increases }: NextBetter): string {
  return increases
    .map(({ code, name, from, to }) => `${name} (${code}) from ${units(from)} to ${units(to)}`)
    .join(' and ');
}

/** What it would bring: only what differs from the plan at hand. */
export function nextBetterBrings(better: NextBetter): string {
  const { differenceUsd, monthlyUsd, p95Ms, differenceP95Ms, differenceHosted, hosted } = better;
  const money = `${usd(Math.abs(differenceUsd))} a month ${differenceUsd < 0 ? 'less' : 'more'}`;
  return [
    ...(differenceHosted === 0 ? [] : [`${hosted} specialists on SageMaker`]),
    ...(better.updatable && !better.updatableNow ? ['updates become possible'] : []),
    ...(better.differenceMoved < 0
      ? [`${counted(-better.differenceMoved, 'specialist')} more stay where they are`]
      : []),
    ...(better.updatable ? [] : ['updates still need more quota']),
    differenceUsd === 0 ? `the same ${usd(monthlyUsd)} a month` : `${money} (${usd(monthlyUsd)})`,
    ...(differenceP95Ms === 0
      ? []
      : [
          `p95 of ${units(p95Ms)} ms, ${units(Math.abs(differenceP95Ms))} ms ${differenceP95Ms < 0 ? 'less' : 'more'}`,
        ]),
  ].join(', ');
}

/** Its topology in brief. */
export function nextBetterTopology({ topology }: NextBetter): string {
  return [
    ...topology.endpoints.map(
      (endpoint) => `${endpoint.specialists.join(', ')} ${endpoint.mode} (${size(endpoint)})`,
    ),
    ...(topology.embedded.length === 0 ? [] : [`${topology.embedded.join(', ')} embedded`]),
  ].join('; ');
}
