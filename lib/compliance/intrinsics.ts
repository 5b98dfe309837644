import { isRecord, type Json, listOf } from '../util/json';

/** What the functions of a template point at, as the caller wants it to read. */
export interface Names {
  /** Text for `Ref` (attribute undefined) and `Fn::GetAtt`. */
  readonly reference: (logicalId: string, attribute: string | undefined) => string;
  /** Text for `Fn::ImportValue`. */
  readonly imported: (exportName: string) => string;
  /** Functions of the caller's own, by name. */
  readonly functions?: Readonly<Record<string, (argument: Json) => string>>;
}

/**
 * Writes CloudFormation's intrinsic functions as text, so that `{"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":s3:::x"]]}`
 * reads `arn:${AWS::Partition}:s3:::x`. Lists and objects keep their shape, `AWS::NoValue` disappears, and a
 * function that cannot be written out reads like a call: `select(0, azs())`.
 */
export function readable(value: Json, names: Names): Json {
  if (Array.isArray(value)) {
    return value.map((item: Json) => readable(item, names)).filter((item) => item !== undefined);
  }
  if (!isRecord(value)) return value;
  const keys = Object.keys(value);
  const [key] = keys;
  if (keys.length === 1 && key !== undefined && isFunction(key)) return call(key, value[key], names);
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, item]) => [name, readable(item, names)] as const)
      .filter(([, item]) => item !== undefined),
  );
}

/** {@link readable}, written as one text whatever comes out. */
export function readableText(value: Json, names: Names): string {
  const written = readable(value, names);
  if (written === undefined) return '';
  return typeof written === 'string' ? written : JSON.stringify(written);
}

function isFunction(key: string): boolean {
  return key === 'Ref' || key.startsWith('Fn::');
}

function call(name: string, argument: Json, names: Names): Json {
  const own = names.functions?.[name];
  if (own !== undefined) return own(argument);
  switch (name) {
    case 'Ref':
      return reference(argument, names);
    case 'Fn::GetAtt':
      return attribute(argument, names);
    case 'Fn::Join':
      return join(argument, names);
    case 'Fn::Sub':
      return substitute(argument, names);
    case 'Fn::ImportValue':
      return names.imported(readableText(argument, names));
    case 'Fn::Select':
      return select(argument, names);
    default:
      return written(name, argument, names);
  }
}

function reference(argument: Json, names: Names): Json {
  const logicalId = readableText(argument, names);
  if (logicalId === 'AWS::NoValue') return undefined;
  return logicalId.startsWith('AWS::') ? `\${${logicalId}}` : names.reference(logicalId, undefined);
}

function attribute(argument: Json, names: Names): string {
  // YAML templates write the pair as one text, and an attribute may hold dots of its own.
  const [logicalId = '', ...path] =
    typeof argument === 'string'
      ? argument.split('.')
      : listOf(argument).map((part) => readableText(part, names));
  return names.reference(logicalId, path.join('.'));
}

function join(argument: Json, names: Names): string {
  const [delimiter, items] = listOf(argument);
  const between = readableText(delimiter, names);
  const parts = Array.isArray(items) ? readable(items, names) : undefined;
  if (Array.isArray(parts)) return parts.map((part: Json) => readableText(part, names)).join(between);
  return `join(${JSON.stringify(between)}, ${readableText(items, names)})`;
}

function substitute(argument: Json, names: Names): string {
  const [template, variables] = Array.isArray(argument) ? argument : [argument, undefined];
  const given = isRecord(variables) ? variables : {};
  return readableText(template, names).replace(
    /\$\{(!?)([^}]+)\}/g,
    (_whole, literal: string, name: string) => {
      if (literal !== '') return `\${${name}}`;
      if (name in given) return readableText(given[name], names);
      if (name.startsWith('AWS::')) return `\${${name}}`;
      const [logicalId = '', ...path] = name.split('.');
      return names.reference(logicalId, path.length > 0 ? path.join('.') : undefined);
    },
  );
}

function select(argument: Json, names: Names): Json {
  const [index, items] = listOf(argument);
  const chosen = Array.isArray(items) ? (items as readonly Json[])[Number(index)] : undefined;
  return chosen === undefined ? written('Fn::Select', argument, names) : readable(chosen, names);
}

function written(name: string, argument: Json, names: Names): string {
  const short = name.replace(/^Fn::/, '');
  const label = short.charAt(0).toLowerCase() + short.slice(1);
  return `${label}(${listOf(argument)
    .map((item) => readableText(item, names))
    .join(', ')})`;
}
