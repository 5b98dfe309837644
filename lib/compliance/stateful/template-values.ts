import { type Names, readable, readableText } from '../intrinsics';
import { isRecord, type Json, recordOf } from '../../util/json';
import type { Template } from '../permissions/permission-model';

/** Text of a property, or of a part of it by its dotted path; undefined where it is not set. */
export type ReadValue = (properties: Json, path: string) => string | undefined;

/** Account numbers, which differ with the credentials of whoever synthesizes. */
const ACCOUNT = /(?<!\d)\d{12}(?!\d)|\$\{AWS::AccountId\}/g;

/** Hashes of assets and model archives, which change with the content. */
const CONTENT_HASH = /(?<![0-9a-zA-Z])[0-9a-f]{16,}(?![0-9a-zA-Z])/g;

/** Readers of each stack's values; imports from another of the stacks read like references inside one. */
export function valueReaders(templates: Readonly<Record<string, Template>>): Record<string, ReadValue> {
  // What an export stands for is looked up when it is asked for: it may be an import itself.
  const exported = new Map<string, () => string>();
  const namesOf = (stack: string): Names => ({
    reference: (id, attribute) => `\${${[stack, id, attribute].filter(Boolean).join('.')}}`,
    imported: (name) => exported.get(name)?.() ?? `\${import ${name}}`,
  });
  for (const [stack, { Outputs }] of Object.entries(templates)) {
    const names = namesOf(stack);
    for (const output of Object.values(recordOf(Outputs))) {
      const { Value, Export } = recordOf(output);
      if (!isRecord(Export)) continue;
      exported.set(readableText(Export['Name'], names), () => readableText(Value, names));
    }
  }
  return Object.fromEntries(Object.keys(templates).map((stack) => [stack, readerOf(namesOf(stack))]));
}

/** `Stack.LogicalId` of everything that a text of {@link valueReaders} refers to. */
export function referencesIn(text: string): readonly string[] {
  return [...text.matchAll(/\$\{([\w-]+\.\w+)/g)].map(([, id = '']) => id);
}

function readerOf(names: Names): ReadValue {
  return (properties, path) => {
    const value = path.split('.').reduce<Json>((part, key) => childOf(part, key), properties);
    const written = inOrder(readable(value, names));
    if (written === undefined) return undefined;
    const text = typeof written === 'string' ? written : JSON.stringify(written);
    return text.replace(ACCOUNT, '<account>').replace(CONTENT_HASH, '<asset>');
  };
}

function childOf(value: Json, key: string): Json {
  if (Array.isArray(value)) return (value as readonly Json[])[Number(key)];
  return recordOf(value)[key];
}

/** Keys in alphabetical order, so that equal values have equal texts. */
function inOrder(value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => inOrder(item));
  if (!isRecord(value)) return value;
  const sorted: [string, Json][] = Object.entries(value)
    .map(([key, item]): [string, Json] => [key, inOrder(item)])
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted);
}
