import { z } from 'zod';
import { UserError } from '../util/user-error';
import { explainIssues, spellPath, unwrapped } from '../util/schema-issues';
import { nearest } from '../util/nearest-name';
import { type Environment, environmentSchema } from './environment';

/** A quota that `quotas.<code>` may name. */
export interface NamedQuota {
  readonly service: string;
  readonly code: string;
}

/** One value of an environment's configuration that was replaced; undefined where there was none, or is none now. */
export interface Setting {
  /** As a person writes it, such as `traffic.ddos.peakRps`; of a quota `quotas.service/code`. */
  readonly path: string;
  readonly from: unknown;
  readonly to: unknown;
}

type Path = readonly string[];

/** A change that is understood: where it goes in the configuration, and which value the schema is to judge. */
interface Edit {
  readonly path: Path;
  readonly shown: string;
  readonly value: unknown;
}

const isGroup = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Keys of a group in the schema; undefined for what is no group of fixed keys. */
function keysOf(schema: unknown): string[] | undefined {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : undefined;
}

function unknownKey(path: Path, at: number, keys: readonly string[]): string {
  const key = path[at] ?? '';
  const meant = nearest(key, keys);
  const hint = meant === undefined ? '' : `; did you mean ${spellPath([...path.slice(0, at), meant])}?`;
  return `${spellPath(path.slice(0, at + 1))}: unknown key${hint} (known here: ${keys.join(', ')})`;
}

/** The schema of a path. @throws UserError for a path that leaves what the schema knows, with what is known there */
function schemaOf(path: Path): z.core.$ZodType {
  let schema: z.core.$ZodType = environmentSchema;
  for (const [at, key] of path.entries()) {
    const group = unwrapped(schema);
    if (group instanceof z.ZodRecord) {
      schema = group.valueType;
      continue;
    }
    if (!(group instanceof z.ZodObject)) {
      throw new UserError(`${spellPath(path)}: ${spellPath(path.slice(0, at))} is a value and has no keys`);
    }
    const found: unknown = Object.hasOwn(group.shape, key) ? group.shape[key] : undefined;
    if (!(found instanceof z.ZodType)) throw new UserError(unknownKey(path, at, Object.keys(group.shape)));
    schema = found;
  }
  return schema;
}

const asNumber = (text: string): unknown =>
  /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : text;

/** Reads a text as what the schema wants there; what it cannot be stays a text, which the schema then refuses. */
function valueOf(schema: unknown, text: string): unknown {
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodNumber) return asNumber(text);
  if (inner instanceof z.ZodBoolean) return text === 'true' ? true : text === 'false' ? false : text;
  if (inner instanceof z.ZodArray) {
    return text === '' ? [] : text.split(',').map((part) => valueOf(inner.element, part.trim()));
  }
  if (inner instanceof z.ZodUnion || inner instanceof z.ZodLiteral) return asNumber(text);
  return text;
}

/** Where `quotas.<code>` stands in the configuration. */
function quotaPath(named: string, quotas: readonly NamedQuota[]): { path: Path; shown: string } {
  const spelled = quotas.map(({ service, code }) => `${service}/${code}`);
  const matching = spelled.filter((key) => key === named || key.slice(key.indexOf('/') + 1) === named);
  const [key] = matching;
  if (key === undefined) {
    const meant = nearest(named, named.includes('/') ? spelled : quotas.map(({ code }) => code));
    throw new UserError(
      `quotas.${named}: no such quota${meant === undefined ? '' : `; did you mean quotas.${meant}?`} (codes stand in the pre-flight report and in lib/quotas/quota-catalogue.json)`,
    );
  }
  if (matching.length > 1) {
    throw new UserError(
      `quotas.${named}: several services have that code; write one of ${matching.map((one) => `quotas.${one}`).join(', ')}`,
    );
  }
  return { path: ['limits', key, 'value'], shown: `quotas.${key}` };
}

function editOf(setting: string, quotas: readonly NamedQuota[]): Edit {
  const equals = setting.indexOf('=');
  if (equals <= 0) throw new UserError(`${setting}: write path=value, such as traffic.ddos.peakRps=50`);
  const [written, text] = [setting.slice(0, equals).trim(), setting.slice(equals + 1).trim()];
  const { path, shown } = written.startsWith('quotas.')
    ? quotaPath(written.slice('quotas.'.length), quotas)
    : { path: written.split('.'), shown: written };
  if (path[0] === 'name') {
    throw new UserError(
      'name: the environment is chosen with --env and keeps its name, which its endpoints carry',
    );
  }
  const schema = schemaOf(path);
  const optional = schema instanceof z.ZodOptional || schema instanceof z.ZodDefault;
  if (text === '' && optional) return { path, shown, value: undefined };
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodObject || inner instanceof z.ZodRecord) {
    const keys = keysOf(inner);
    throw new UserError(
      `${shown}: a group${keys === undefined ? '' : ` of ${keys.join(', ')}`}; set one of its values, such as ${shown}.${keys?.[0] ?? 'key'}=…`,
    );
  }
  return { path, shown, value: valueOf(schema, text) };
}

const within = (inner: Path, outer: Path): boolean => outer.every((key, index) => inner[index] === key);

/** Paths that are set twice, or of which one holds the other: which of them counts would depend on their order. */
function conflicts(edits: readonly Edit[]): string[] {
  return edits.flatMap((later, index) =>
    edits.slice(0, index).flatMap((earlier) => {
      if (!within(later.path, earlier.path) && !within(earlier.path, later.path)) return [];
      return later.path.length === earlier.path.length
        ? [`${later.shown}: set twice; set it once`]
        : [`${later.shown} and ${earlier.shown}: one is part of the other; set only one of them`];
    }),
  );
}

function read(root: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, key) => (isGroup(value) && Object.hasOwn(value, key) ? value[key] : undefined),
    root,
  );
}

/** A copy with one value replaced, or taken away where it is undefined. */
function written(root: unknown, [key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value;
  const group = isGroup(root) ? root : {};
  const inner = written(Object.hasOwn(group, key) ? group[key] : undefined, rest, value);
  const others = Object.entries(group).filter(([name]) => name !== key);
  return Object.fromEntries(inner === undefined ? others : [...others, [key, inner]]);
}

function collect(
  settings: readonly string[],
  quotas: readonly NamedQuota[],
): { edits: Edit[]; errors: string[] } {
  const edits: Edit[] = [];
  const errors: string[] = [];
  for (const setting of settings) {
    try {
      edits.push(editOf(setting, quotas));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      errors.push(error.message);
    }
  }
  return { edits, errors: [...errors, ...conflicts(edits)] };
}

/**
 * An environment with some of its values replaced. A value is read as what the schema wants at its path: a number,
 * `true` or `false`, a word, or a list with commas; an empty one takes an optional value away. `quotas.<code>` and
 * `quotas.<service>/<code>` set a quota's limit, as `limits` in the configuration does. The order does not matter.
 *
 * @param settings each as `path=value`
 * @param quotas those that exist
 * @throws UserError with every error at once: unknown paths, values that are not allowed, paths set twice
 */
export function withSettings(
  environment: Environment,
  settings: readonly string[],
  quotas: readonly NamedQuota[],
): { readonly environment: Environment; readonly settings: readonly Setting[] } {
  const { edits, errors } = collect(settings, quotas);
  const input = edits.reduce<unknown>((root, { path, value }) => written(root, path, value), environment);
  const parsed = environmentSchema.safeParse(input, { reportInput: true });
  const lines = parsed.success ? errors : [...errors, ...explainIssues(environmentSchema, parsed.error)];
  if (!parsed.success || lines.length > 0) {
    const count = `${lines.length} error${lines.length === 1 ? '' : 's'}`;
    throw new UserError(`--set cannot be used (${count}):\n${lines.map((line) => `  - ${line}`).join('\n')}`);
  }
  return {
    environment: parsed.data,
    settings: edits.map(({ path, shown }) => ({
      path: shown,
      from: read(environment, path),
      to: read(parsed.data, path),
    })),
  };
}
