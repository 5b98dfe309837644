import type { Template } from 'aws-cdk-lib/assertions';

/** A resource as it stands in a template. */
export interface ResourceJson {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: readonly string[];
  readonly Metadata?: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** A template's content. */
export interface TemplateJson {
  readonly Resources: Readonly<Record<string, ResourceJson>>;
}

/** A resource with its logical id; properties that it does not set read as undefined. */
export interface Resource {
  readonly id: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly dependsOn: readonly string[];
  readonly metadata: Readonly<Record<string, unknown>>;
}

export function templateJson(template: Template): TemplateJson {
  return template.toJSON() as TemplateJson;
}

/** Every resource of a type, in the order of the template. */
export function resourcesOf(template: TemplateJson, type: string): Resource[] {
  return Object.entries(template.Resources)
    .filter(([, { Type }]) => Type === type)
    .map(([id, { Properties = {}, DependsOn = [], Metadata = {} }]) => ({
      id,
      properties: Properties,
      dependsOn: DependsOn,
      metadata: Metadata,
    }));
}

/** The only resource of a type. */
export function resourceOf(template: TemplateJson, type: string): Resource {
  const [only, ...others] = resourcesOf(template, type);
  if (only === undefined || others.length > 0) throw new Error(`not exactly one ${type}`);
  return only;
}

/** Logical id that a `Ref` or `Fn::GetAtt` points to; undefined for anything else. */
export function targetOf(reference: unknown): string | undefined {
  const { Ref: ref, 'Fn::GetAtt': attribute } = (reference ?? {}) as {
    Ref?: string;
    'Fn::GetAtt'?: readonly [string, string];
  };
  return ref ?? attribute?.[0];
}

/** The resource that a `Ref` or `Fn::GetAtt` points to. */
export function resourceBehind(template: TemplateJson, reference: unknown): Resource {
  const id = targetOf(reference) ?? '';
  const found = template.Resources[id];
  if (found === undefined) throw new Error(`${JSON.stringify(reference)} points to nothing in the template`);
  const { Properties = {}, DependsOn = [], Metadata = {} } = found;
  return { id, properties: Properties, dependsOn: DependsOn, metadata: Metadata };
}

/**
 * A value with its references written out: `${Id.Attribute}`, imports by the name of the export, and joins and
 * substitutions as one text.
 */
export function flat(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => flat(item));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value as Record<string, unknown>);
  const [[key, inner] = ['', undefined]] = entries;
  if (entries.length === 1) {
    if (key === 'Ref') return `\${${String(inner)}}`;
    if (key === 'Fn::GetAtt') return `\${${(inner as string[]).join('.')}}`;
    if (key === 'Fn::ImportValue') return `\${${String(inner)}}`;
    if (key === 'Fn::Sub') return inner;
    if (key === 'Fn::Join') {
      const [separator, parts] = inner as [string, unknown[]];
      return parts.map((part) => flat(part)).join(separator);
    }
  }
  return Object.fromEntries(entries.map(([name, item]) => [name, flat(item)]));
}

/** A statement of a policy, with its references written out and single values as lists. */
export interface FlatStatement {
  readonly effect: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly principals?: unknown;
  readonly conditions?: unknown;
}

const listOf = (value: unknown): string[] =>
  value === undefined ? [] : (Array.isArray(value) ? value : [value]).map(String);

/** Statements of a policy document. */
export function statementsIn(document: unknown): FlatStatement[] {
  const { Statement = [] } = flat(document) as { Statement?: Record<string, unknown>[] };
  return Statement.map((statement) => ({
    effect: String(statement['Effect']),
    actions: listOf(statement['Action']),
    resources: listOf(statement['Resource']),
    ...(statement['Principal'] === undefined ? {} : { principals: statement['Principal'] }),
    ...(statement['Condition'] === undefined ? {} : { conditions: statement['Condition'] }),
  }));
}

/** Everything that a role may do: statements of every policy that names it, inline ones included. */
export function permissionsOf(template: TemplateJson, roleId: string): FlatStatement[] {
  const role = template.Resources[roleId]?.Properties ?? {};
  const inline = (role['Policies'] as { PolicyDocument: unknown }[] | undefined) ?? [];
  const attached = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'].flatMap((type) =>
    resourcesOf(template, type)
      .filter(({ properties }) =>
        ((properties['Roles'] as unknown[] | undefined) ?? []).some((ref) => targetOf(ref) === roleId),
      )
      .map(({ properties }) => properties['PolicyDocument']),
  );
  return [...inline.map(({ PolicyDocument }) => PolicyDocument), ...attached].flatMap(statementsIn);
}
