import { type Names, readable, readableText } from '../intrinsics';
import { isRecord, type Json, type JsonRecord, recordOf, textOf } from '../../util/json';
import type { Template } from './permission-model';

/** A resource of a template, its functions written as text and its content hashes taken out. */
export interface ReadResource {
  /** `Stack.LogicalId`; references to it read `${Stack.LogicalId}` and `${Stack.LogicalId.Attribute}`. */
  readonly name: string;
  readonly type: string;
  readonly properties: JsonRecord;
}

/** Resources of all stacks; imports from another of the stacks read like references inside one. */
export function readResources(templates: Readonly<Record<string, Template>>): readonly ReadResource[] {
  const stacks = Object.entries(templates).map(([name, template]) => ({
    name,
    template,
    labels: labelsOf(template),
  }));
  // What an export stands for is looked up when it is asked for: it may be an import itself.
  const exported = new Map<string, () => string>();
  const namesOf = ({ name: stack, labels }: Stack): Names => ({
    reference: (id, attribute) => `\${${[stack, labels.get(id) ?? id, attribute].filter(Boolean).join('.')}}`,
    imported: (name) => exported.get(name)?.() ?? `\${import ${name}}`,
  });
  for (const stack of stacks) {
    const names = namesOf(stack);
    for (const { name, value } of exportsOf(stack.template)) {
      exported.set(readableText(name, names), () => readableText(value, names));
    }
  }
  return stacks.flatMap((stack) => resourcesOf(stack, namesOf(stack)));
}

interface Stack {
  readonly name: string;
  readonly template: Template;
  /** Short names of the template's logical ids. */
  readonly labels: ReadonlyMap<string, string>;
}

function resourcesOf(stack: Stack, names: Names): readonly ReadResource[] {
  return Object.entries(recordOf(stack.template.Resources)).map(([id, definition]) => {
    const { Type, Properties } = recordOf(definition);
    return {
      name: `${stack.name}.${stack.labels.get(id) ?? id}`,
      type: textOf(Type) ?? '',
      properties: recordOf(withoutHashes(readable(Properties, names))),
    };
  });
}

/**
 * The hash that the CDK puts behind a logical id. Content hashes may stand around it: before it where a construct
 * is replaced together with a model, behind it where the CDK makes a new version of a function.
 */
const ID_HASH = /([0-9a-f]{8})?[0-9A-F]{8}([0-9a-f]{32})?$/;

/** Hashes of assets and model archives: they change with the content and say nothing about permissions. */
const CONTENT_HASH = /(?<![0-9a-zA-Z])[0-9a-f]{16,}(?![0-9a-zA-Z])/g;

function labelsOf(template: Template): ReadonlyMap<string, string> {
  const ids = Object.keys(recordOf(template.Resources));
  const uses = new Map<string, number>();
  for (const id of ids) uses.set(shortened(id), (uses.get(shortened(id)) ?? 0) + 1);
  return new Map(ids.map((id) => [id, uses.get(shortened(id)) === 1 ? shortened(id) : id]));
}

function shortened(logicalId: string): string {
  return logicalId.replace(ID_HASH, '') || logicalId;
}

function exportsOf(template: Template): readonly { readonly name: Json; readonly value: Json }[] {
  return Object.values(recordOf(template.Outputs)).flatMap((output) => {
    const { Value, Export } = recordOf(output);
    return isRecord(Export) ? { name: Export['Name'], value: Value } : [];
  });
}

function withoutHashes(value: Json): Json {
  if (typeof value === 'string') return value.replace(CONTENT_HASH, '<asset>');
  if (Array.isArray(value)) return value.map((item: Json) => withoutHashes(item));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutHashes(item)]));
}
