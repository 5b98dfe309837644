import type { Statement } from '../iam/statement';
import type { IdentityPermissions, Permissions, ResourcePermissions } from './permission-model';

/**
 * Writes permissions as stable text: sorted throughout, one block a statement, one line a value. The same
 * permissions give the same text, in whatever order the templates hold them.
 */
export function renderPermissions(permissions: Permissions): string {
  const sections = [
    ...permissions.identities.map(identity).sort(byText),
    ...permissions.resources.map(resource).sort(byText),
  ];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function identity(entry: IdentityPermissions): readonly string[] {
  return [
    `${entry.kind} ${entry.name}`,
    ...block('trusted', entry.trust),
    ...(entry.boundary === undefined ? [] : [`  boundary: ${entry.boundary}`]),
    ...list('managed policies', entry.managedPolicies, '  '),
    ...block('may', entry.statements),
  ];
}

function resource(entry: ResourcePermissions): readonly string[] {
  return [`resource ${entry.name}`, ...block('admits', entry.statements)];
}

function block(title: string, statements: readonly Statement[]): readonly string[] {
  const texts = new Set(statements.map((statement) => lines(statement).join('\n')));
  return texts.size === 0 ? [] : [`  ${title}:`, ...[...texts].sort(byText)];
}

function lines(statement: Statement): readonly string[] {
  const conditions = statement.conditions.map(
    ({ operator, key, values }) => `${operator} ${key} = ${[...values].sort(byText).join(' | ')}`,
  );
  return [
    `    - ${statement.effect.toLowerCase()}:`,
    ...list('principals', statement.principals),
    ...list('all principals but', statement.notPrincipals),
    ...list('actions', statement.actions),
    ...list('all actions but', statement.notActions),
    ...list('resources', statement.resources),
    ...list('all resources but', statement.notResources),
    ...list('if', conditions),
  ];
}

function list(title: string, values: readonly string[], indent = '        '): readonly string[] {
  const sorted = [...new Set(values)].sort(byText);
  if (sorted.length === 0) return [];
  if (sorted.length === 1) return [`${indent}${title}: ${sorted[0]}`];
  return [`${indent}${title}:`, ...sorted.map((value) => `${indent}  - ${value}`)];
}

/** By code unit, so that no machine's locale changes the order. */
function byText(left: string | readonly string[], right: string | readonly string[]): number {
  const [a, b] = [String(left), String(right)];
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
