import { type Json, type JsonRecord, listOf, recordOf, textOf, textsOf } from '../../util/json';

/** One statement of a policy whose intrinsic functions are already written as text. */
export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  /** `service sagemaker.amazonaws.com`, `aws arn:…`, or `anyone`; empty in identity policies. */
  readonly principals: readonly string[];
  readonly notPrincipals: readonly string[];
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly resources: readonly string[];
  readonly notResources: readonly string[];
  readonly conditions: readonly Condition[];
}

/** One line of a statement's condition block: all lines must hold, one of the values is enough. */
export interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** Statements of a policy document; a document given as JSON text is read as well. */
export function statementsOf(document: Json): readonly Statement[] {
  return listOf(policyOf(document)['Statement']).map((entry) => statementOf(recordOf(entry)));
}

function policyOf(document: Json): JsonRecord {
  if (typeof document !== 'string') return recordOf(document);
  try {
    return recordOf(JSON.parse(document) as Json);
  } catch {
    return {};
  }
}

function statementOf(entry: JsonRecord): Statement {
  return {
    effect: textOf(entry['Effect']) === 'Deny' ? 'Deny' : 'Allow',
    principals: principalsOf(entry['Principal']),
    notPrincipals: principalsOf(entry['NotPrincipal']),
    actions: textsOf(entry['Action']),
    notActions: textsOf(entry['NotAction']),
    resources: textsOf(entry['Resource']),
    notResources: textsOf(entry['NotResource']),
    conditions: Object.entries(recordOf(entry['Condition'])).flatMap(([operator, keys]) =>
      Object.entries(recordOf(keys)).map(([key, values]) => ({ operator, key, values: textsOf(values) })),
    ),
  };
}

function principalsOf(principal: Json): readonly string[] {
  if (typeof principal === 'string') return [principal === '*' ? 'anyone' : principal];
  return Object.entries(recordOf(principal)).flatMap(([kind, ids]) =>
    textsOf(ids).map((id) => (kind === 'AWS' && id === '*' ? 'anyone' : `${kind.toLowerCase()} ${id}`)),
  );
}

/**
 * Whether an allowed action may be one that starts with the prefix. IAM compares without regard to case. What
 * stands behind a pattern's first wildcard is not looked at, so a pattern is rather taken in than missed.
 *
 * @param prefix such as `sagemaker:InvokeEndpoint`
 */
export function mayAllow(statement: Statement, prefix: string): boolean {
  return statement.effect === 'Allow' && statement.actions.some((action) => mayStartWith(action, prefix));
}

function mayStartWith(pattern: string, prefix: string): boolean {
  const [action, start] = [pattern.toLowerCase(), prefix.toLowerCase()];
  const wildcard = action.search(/[*?]/);
  if (wildcard < 0) return action.startsWith(start);
  const known = action.slice(0, wildcard);
  return known.startsWith(start) || start.startsWith(known);
}

/** Whether the resource stands for more than one: it carries a wildcard. */
export function isWildcard(resource: string): boolean {
  // `${…}` is a reference of the template or an IAM policy variable; neither holds a wildcard.
  return /[*?]/.test(resource.replace(/\$\{[^}]*\}/g, ''));
}
