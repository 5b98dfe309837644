import type { Statement } from '../../../lib/compliance/iam/statement';
import type { ModelResult } from '../app/policies';

/**
 * Something that a role may do, in the words of the table and not of any policy: one `*` in a text stands for
 * anything, and nothing else has a meaning.
 */
export interface Grant {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Context keys that have to be there, each with one of the texts. @default - none */
  readonly where?: Readonly<Record<string, readonly string[]>>;
}

/** Something that a role may not do, and why somebody might think that it could. */
export interface Denied {
  readonly what: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly context?: ModelResult['context'];
}

/** Who may assume a role. */
export interface Trust {
  /** Name of a service, or ARN of an identity provider. */
  readonly service: string;
  /** Whether it is an identity provider, whose keys are what its tokens say. @default false */
  readonly federated?: true;
  /** @default - `sts:AssumeRole` alone */
  readonly actions?: readonly string[];
  /** Keys that have to be there, each with this value: any other, or none, keeps the service out. @default - none */
  readonly where?: Readonly<Record<string, string>>;
}

/** People of the account, in place of a service: those whom it lets assume the role, users with MFA alone. */
export const PEOPLE = 'people of the account';

/** Everything that the table says about a role. */
export interface RoleRows {
  /** All that the role may do: what stands in no row, it may not. */
  readonly grants: readonly Grant[];
  readonly denied: readonly Denied[];
  /** ARNs of the policies attached that AWS manages. @default - none */
  readonly managed?: readonly string[];
  readonly trust: Trust | typeof PEOPLE;
}

function fits(pattern: string, text: string): boolean {
  const [before = '', after] = pattern.split('*');
  if (after === undefined) return text === pattern;
  return text.length >= before.length + after.length && text.startsWith(before) && text.endsWith(after);
}

/** Whether one of the grants is about what is asked. */
export function covered(grants: readonly Grant[], { action, resource, context = {} }: ModelResult): boolean {
  return grants.some(
    ({ actions, resources, where = {} }) =>
      actions.includes(action) &&
      resources.some((pattern) => fits(pattern, resource)) &&
      Object.entries(where).every(([key, texts]) => {
        const given = context[key];
        return given !== undefined && texts.some((text) => fits(text, String(given)));
      }),
  );
}

/** Each thing that a grant allows: every action on every resource, under every circumstance that it takes. */
export function askedBy({ actions, resources, where = {} }: Grant): ModelResult[] {
  return actions.flatMap((action) =>
    resources.flatMap((resource) =>
      contextsOf(where).map((context) => ({ action, resource: sampleOf(resource), context })),
    ),
  );
}

export function contextsOf(where: NonNullable<Grant['where']>): Record<string, string>[] {
  return Object.entries(where).reduce<Record<string, string>[]>(
    (contexts, [key, texts]) =>
      contexts.flatMap((context) => texts.map((text) => ({ ...context, [key]: sampleOf(text) }))),
    [{}],
  );
}

/** A text that a pattern covers; `*` alone is what actions without resources are asked with. */
function sampleOf(pattern: string): string {
  return pattern === '*' ? pattern : pattern.replace('*', 'any/thing-1');
}

/**
 * Each thing that a statement names, with every wildcard filled in, under its own circumstances and under none: what
 * a role may do of it has to be in a row.
 */
export function askedOf({ actions, resources, conditions }: Statement): ModelResult[] {
  const named = Object.fromEntries(conditions.map(({ key, values }) => [key, values.map(filled)]));
  const contexts = [{}, ...contextsOf(named)];
  return actions.flatMap((action) =>
    resources.flatMap((resource) =>
      contexts.map((context) => ({ action, resource: filled(resource), context })),
    ),
  );
}

function filled(pattern: string): string {
  return pattern === '*' ? pattern : pattern.replaceAll('*', 'any/thing-1').replaceAll('?', 'q');
}
