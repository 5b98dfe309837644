import { z } from 'zod';

/** The schema itself, beneath what makes it optional or nullable, or gives it a value when it is absent. */
export function unwrapped(schema: unknown): unknown {
  let current = schema;
  while (
    current instanceof z.ZodOptional ||
    current instanceof z.ZodDefault ||
    current instanceof z.ZodPrefault ||
    current instanceof z.ZodNullable
  ) {
    current = current.unwrap();
  }
  return current;
}

/** Walks a schema along a path of keys; undefined where the path leaves what the schema knows. */
function schemaAt(schema: z.ZodType, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((outer, key) => {
    const current = unwrapped(outer);
    if (current instanceof z.ZodObject) return current.shape[String(key)];
    if (current instanceof z.ZodRecord) return current.valueType;
    return current instanceof z.ZodArray ? current.element : undefined;
  }, schema);
}

/** A path as a person writes it: `traffic.ddos.peakRps`, `network.zones[0]`, `limits["ec2/L-1216C47A"]`. */
export function spellPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    const key = String(part);
    if (!/^\w+$/.test(key)) return `${text}[${JSON.stringify(key)}]`;
    return text === '' ? key : `${text}.${key}`;
  }, '');
}

const TYPES: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
};

/** A type in words; a group of settings with the names of its keys. */
function spellType(expected: string, schema: unknown): string {
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodObject) return `a group of ${Object.keys(inner.shape).join(', ')}`;
  if (inner instanceof z.ZodRecord) return 'a group of settings';
  return TYPES[expected] ?? expected;
}

/** A bound in words, in units of what it bounds. */
function spellBound(origin: string, bound: string, amount: number | bigint): string {
  if (origin === 'string') return `a text of ${bound} ${amount} character${amount === 1 ? '' : 's'}`;
  if (origin === 'array') return `${bound} ${amount} ${amount === 1 ? 'entry' : 'entries'}`;
  return `a number of ${bound} ${amount}`;
}

/** What the alternatives of a union take: their values in one list, then whatever else. */
function spellUnion(issue: z.core.$ZodIssueInvalidUnion, schema: unknown): string {
  const inner = issue.errors.flat();
  const values = inner.flatMap((error) => (error.code === 'invalid_value' ? error.values : []));
  const others = inner.flatMap((error) => (error.code === 'invalid_value' ? [] : [allowed(error, schema)]));
  const parts = [...(values.length > 0 ? [`one of ${values.map(String).join(', ')}`] : []), ...others];
  return parts.length > 0 ? [...new Set(parts)].join(', or ') : issue.message;
}

/** What the schema would have taken, in words. */
function allowed(issue: z.core.$ZodIssue, schema: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      return `${spellType(issue.expected, schema)}${schema instanceof z.ZodNullable ? ' or null' : ''}`;
    case 'invalid_value':
      return issue.values.length === 1 ? String(issue.values[0]) : `one of ${issue.values.join(', ')}`;
    case 'too_small':
      return spellBound(issue.origin, issue.inclusive === false ? 'more than' : 'at least', issue.minimum);
    case 'too_big':
      return spellBound(issue.origin, issue.inclusive === false ? 'less than' : 'at most', issue.maximum);
    case 'invalid_union':
      return spellUnion(issue, schema);
    case 'invalid_key':
      return `a key that is ${issue.issues.map(({ message }) => message).join(', ')}`;
    default:
      return issue.message;
  }
}

/** The value as it was written; JSON has no spelling for NaN and the infinities. */
function given(input: unknown): string {
  if (input === undefined) return 'nothing';
  return typeof input === 'number' ? String(input) : JSON.stringify(input);
}

/** One line an issue, each naming the key, the value and what is allowed there. */
function explain(schema: z.ZodType, issue: z.core.$ZodIssue): string[] {
  const at = spellPath(issue.path);
  const found = schemaAt(schema, issue.path);
  if (issue.code !== 'unrecognized_keys') {
    return [
      `${at === '' ? '(the whole)' : at}: given ${given(issue.input)}; allowed is ${allowed(issue, found)}`,
    ];
  }
  const parent = unwrapped(found);
  const known = parent instanceof z.ZodObject ? Object.keys(parent.shape).join(', ') : '';
  return issue.keys.map((key) => `${spellPath([...issue.path, key])}: unknown key; known here: ${known}`);
}

/**
 * Every error of a failed parse at once, a line each, in the user's words.
 *
 * @param schema what the value was parsed with, to name the keys that exist
 * @param error what zod returned for a parse with `reportInput: true`
 */
export function explainIssues(schema: z.ZodType, error: z.ZodError): string[] {
  return error.issues.flatMap((issue) => explain(schema, issue));
}
