import { type CausesOf, replacementCauses } from './replacement-causes';
import type { Cause, Fate, Loss, ReviewedResource, StatefulChanges, StatefulState } from './stateful-model';
import { RULES, UNKNOWN_STAKE } from './replacement-rules';
import type { Guard, Stake, TypeRule } from './replacement-rule';

/**
 * Says what an update from one state to the other does to stateful resources.
 *
 * @param before the reviewed state
 * @param after the state of what is about to be deployed
 */
export function compareStateful(before: StatefulState, after: StatefulState): StatefulChanges {
  const causesOf = replacementCauses(before, after);
  const losses = Object.entries(before)
    .filter(([, { stateful }]) => stateful)
    .flatMap(([id, old]) => lossesOf(id, old, after, before, causesOf));
  const explained = new Set(losses.map(({ id }) => id));
  const unreviewed = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((id) => !explained.has(id) && !same(before[id], after[id]))
    .sort();
  return { losses, unreviewed };
}

type Found = Omit<Loss, 'path' | 'type' | 'id'>;

function lossesOf(
  id: string,
  old: ReviewedResource,
  after: StatefulState,
  before: StatefulState,
  causesOf: CausesOf,
): readonly Loss[] {
  const about = { path: old.path, type: old.type, id };
  const stake = stakeOf(old.type);
  const fresh = after[id];
  if (fresh?.type !== old.type) {
    return [{ ...about, ...deletion(id, old, stake, successorOf(id, old, before, after), fresh) }];
  }
  const causes = causesOf(id);
  if (causes.length > 0) return [{ ...about, ...replacement(fresh, stake, causes) }];
  return [...rekeying(old, fresh, stake), ...weakening(old, fresh, stake)].map((loss) => ({
    ...about,
    ...loss,
  }));
}

function deletion(
  id: string,
  old: ReviewedResource,
  stake: Stake,
  successor: string | undefined,
  fresh: ReviewedResource | undefined,
): Found {
  const logicalId = id.slice(id.indexOf('.') + 1);
  const causes: readonly Cause[] = fresh
    ? [{ property: 'type', from: old.type, to: fresh.type }]
    : [{ property: 'logical id', from: id, to: successor ?? 'gone' }];
  const keep =
    successor === undefined
      ? 'put it back'
      : `put its construct back where it was, or pin the id with overrideLogicalId('${logicalId}')`;
  return {
    kind: 'deleted',
    causes,
    lost: fateText(stake.holds, old.onRemoval, 'DeletionPolicy'),
    advice: `To keep it, ${keep}. Otherwise, to lose nothing: ${stake.instead}.`,
  };
}

/** The one new resource of the type: what looks like the old one under another id. */
function successorOf(
  id: string,
  { type }: ReviewedResource,
  before: StatefulState,
  after: StatefulState,
): string | undefined {
  const stack = id.split('.')[0];
  const fresh = Object.keys(after).filter((other) => after[other]?.type === type && !(other in before));
  return fresh.find((other) => other.split('.')[0] === stack) ?? (fresh.length === 1 ? fresh[0] : undefined);
}

function replacement(fresh: ReviewedResource, stake: Stake, causes: readonly Cause[]): Found {
  const nameProperty = ruleOf(fresh.type)?.name;
  const name = nameProperty === undefined ? undefined : fresh.properties[nameProperty];
  const taken = name !== undefined && causes.every(({ property }) => property !== nameProperty);
  const fails = ` As its name ${name} stays the same, CloudFormation refuses, and the deploy fails halfway.`;
  return {
    kind: 'replaced',
    causes,
    lost: fateText(stake.holds, fresh.onReplacement, 'UpdateReplacePolicy') + (taken ? fails : ''),
    advice: `Set ${named(causes)} back. If it must change, ${stake.instead}.`,
  };
}

function rekeying(old: ReviewedResource, fresh: ReviewedResource, stake: Stake): readonly Found[] {
  const causes = (stake.keys ?? []).flatMap((property) => changed(property, old, fresh));
  if (causes.length === 0) return [];
  return [
    {
      kind: 'rekeyed',
      causes,
      lost: `what it holds already stays under the old key: ${stake.holds} cannot be read once that key is gone.`,
      advice: `Set ${named(causes)} back, or keep the old key and its grants, and move the content over first.`,
    },
  ];
}

function weakening(old: ReviewedResource, fresh: ReviewedResource, stake: Stake): readonly Found[] {
  const fates = (
    [
      ['DeletionPolicy', old.onRemoval, fresh.onRemoval],
      ['UpdateReplacePolicy', old.onReplacement, fresh.onReplacement],
    ] as const
  )
    .filter(([, from, to]) => STRENGTH[to] < STRENGTH[from])
    .map(([property, from, to]): Cause => ({ property, from, to }));
  const guards = Object.entries(stake.guards ?? {})
    .filter(([property, guard]) => holds(old, property, guard) && !holds(fresh, property, guard))
    .flatMap(([property]) => changed(property, old, fresh));
  const causes = [...fates, ...guards];
  if (causes.length === 0) return [];
  return [
    {
      kind: 'weakened',
      causes,
      lost: `nothing yet; a later change or removal may take ${stake.holds} along.`,
      advice: `Set ${named(causes)} back, unless this environment is meant to lose its data.`,
    },
  ];
}

const STRENGTH: Readonly<Record<Fate, number>> = {
  Delete: 0,
  Snapshot: 1,
  Retain: 2,
  RetainExceptOnCreate: 2,
};

function holds({ properties }: ReviewedResource, property: string, { safe, unset }: Guard): boolean {
  return (properties[property] ?? unset) === safe;
}

function fateText(content: string, fate: Fate, policy: string): string {
  switch (fate) {
    case 'Delete':
      return `${content} (${policy} is Delete).`;
    case 'Snapshot':
      return `${content}, except for a last snapshot that nothing uses (${policy} is Snapshot).`;
    default:
      return `${content}, as far as the environment goes: the old one stays in the account, outside of every stack (${policy} is ${fate}).`;
  }
}

function changed(property: string, old: ReviewedResource, fresh: ReviewedResource): readonly Cause[] {
  const [from, to] = [old.properties[property], fresh.properties[property]];
  return from === to ? [] : [{ property, from, to }];
}

function named(causes: readonly Cause[]): string {
  return causes.map(({ property }) => property).join(', ');
}

function ruleOf(type: string): TypeRule | undefined {
  return RULES[type];
}

function stakeOf(type: string): Stake {
  return ruleOf(type)?.stake ?? UNKNOWN_STAKE;
}

function same(one: ReviewedResource | undefined, other: ReviewedResource | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  // What holds nothing may come to any end.
  const ends = ({ onRemoval, onReplacement }: ReviewedResource) => `${onRemoval} ${onReplacement}`;
  const names = new Set([...Object.keys(one.properties), ...Object.keys(other.properties)]);
  return (
    one.type === other.type &&
    (!one.stateful || ends(one) === ends(other)) &&
    [...names].every((name) => one.properties[name] === other.properties[name])
  );
}
