import type { TemplateJson } from './template';

type Templates = Readonly<Record<string, TemplateJson>>;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A reference or a function of CloudFormation: what it points to is a value, and no part of a template's shape. */
function isIntrinsic(value: Record<string, unknown>): boolean {
  const [key = '', ...others] = Object.keys(value);
  return others.length === 0 && (key === 'Ref' || key.startsWith('Fn::'));
}

/** Paths of what a property sets, such as `.Tags[].Key`; items of a list share one path. */
function pathsOf(value: unknown, path: string): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => pathsOf(item, `${path}[]`));
  if (!isRecord(value) || isIntrinsic(value)) return [path];
  return Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, `${path}.${key}`));
}

/** What templates set, whatever the values are: a line for each stack, resource type and property path. */
export function shapeOf(templates: Templates): Set<string> {
  return new Set(
    Object.entries(templates).flatMap(([stack, { Resources }]) =>
      Object.values(Resources).flatMap(({ Type, Properties = {} }) =>
        pathsOf(Properties, '').map((path) => `${stack} ${Type} ${path}`),
      ),
    ),
  );
}

/** How many resources of each type every stack has, by `stack type`. */
export function countsOf(templates: Templates): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [stack, { Resources }] of Object.entries(templates)) {
    for (const { Type } of Object.values(Resources)) {
      const key = `${stack} ${Type}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  return counts;
}
