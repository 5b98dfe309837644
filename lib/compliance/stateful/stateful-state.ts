import { type JsonRecord, recordOf, textOf } from '../../util/json';
import type { Template } from '../permissions/permission-model';
import type { Fate, ReviewedResource, StatefulState } from './stateful-model';
import type { TypeRule } from './replacement-rule';
import { RULES } from './replacement-rules';
import { referencesIn, type ReadValue, valueReaders } from './template-values';

/**
 * Reads everything stateful out of an environment's templates, with what decides whether an update keeps it.
 *
 * @param templates templates by the name that the stack shall go by
 * @param earlier a state to compare with: what was stateful there is read again, also where its type changed or
 *   nothing asks for it to be kept any more. @default - none
 * @returns in alphabetical order, whatever the order of the templates
 */
export function statefulState(
  templates: Readonly<Record<string, Template>>,
  earlier: StatefulState = {},
): StatefulState {
  const readers = valueReaders(templates);
  const all = new Map<string, ReviewedResource>();
  for (const [stack, template] of Object.entries(templates)) {
    const read = readers[stack];
    if (read === undefined) continue;
    for (const [id, definition] of Object.entries(recordOf(template.Resources))) {
      all.set(`${stack}.${id}`, resourceOf(recordOf(definition), `${stack}/${id}`, read));
    }
  }
  const chosen = new Map<string, ReviewedResource>();
  for (const [id, resource] of all) {
    if (resource.stateful || earlier[id]?.stateful === true) choose(id, all, chosen);
  }
  return Object.fromEntries([...chosen].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A resource, and everything whose replacement would replace it. */
function choose(
  id: string,
  all: ReadonlyMap<string, ReviewedResource>,
  chosen: Map<string, ReviewedResource>,
): void {
  const resource = all.get(id);
  if (resource === undefined || chosen.has(id)) return;
  chosen.set(id, resource);
  for (const property of replacing(resource)) {
    for (const target of referencesIn(resource.properties[property] ?? '')) choose(target, all, chosen);
  }
}

/** Recorded properties whose change replaces the resource. */
export function replacing({ type, properties }: ReviewedResource): readonly string[] {
  return RULES[type]?.replaces ?? Object.keys(properties);
}

function resourceOf(definition: JsonRecord, place: string, read: ReadValue): ReviewedResource {
  const { Properties, Metadata, DeletionPolicy, UpdateReplacePolicy } = definition;
  const type = textOf(definition['Type']) ?? '';
  const rule = RULES[type];
  const snapshots = rule?.snapshotByDefault === true && read(Properties, 'DBClusterIdentifier') === undefined;
  const onRemoval = fateOf(textOf(DeletionPolicy)) ?? (snapshots ? 'Snapshot' : 'Delete');
  const onReplacement = fateOf(textOf(UpdateReplacePolicy)) ?? 'Delete';
  const kept = onRemoval !== 'Delete' || onReplacement !== 'Delete';
  const wanted = rule === undefined ? Object.keys(recordOf(Properties)) : watched(rule);
  const values = wanted
    .map((path) => [path, read(Properties, path)] as const)
    .filter((pair): pair is readonly [string, string] => pair[1] !== undefined);
  return {
    type,
    path: pathOf(recordOf(Metadata)) ?? place,
    // What somebody asked to be kept holds something, whether a rule knows the type or not.
    stateful: rule === undefined ? kept : rule.stake !== undefined,
    onRemoval,
    onReplacement,
    properties: Object.fromEntries(values),
  };
}

function watched({ replaces, stake }: TypeRule): readonly string[] {
  return [...replaces, ...(stake?.keys ?? []), ...Object.keys(stake?.guards ?? {})];
}

function fateOf(policy: string | undefined): Fate | undefined {
  const fates: readonly Fate[] = ['Delete', 'Snapshot', 'Retain', 'RetainExceptOnCreate'];
  return fates.find((fate) => fate === policy);
}

/** `mini-xdr-dev/Data/Database/Key/Resource` reads `Data/Database/Key`: the environment and the CDK's own leaf go. */
function pathOf(metadata: JsonRecord): string | undefined {
  return textOf(metadata['aws:cdk:path'])
    ?.replace(/^[^/]+\//, '')
    .replace(/\/(Resource|Default)$/, '');
}
