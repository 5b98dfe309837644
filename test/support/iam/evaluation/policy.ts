import { isRecord, type Json, type JsonRecord, listOf } from '../../../../lib/util/json';
import { type Statement, statementsOf } from '../../../../lib/compliance/iam/statement';
import { CannotJudge } from './errors';

/** A policy with a name to call it by in an answer. */
export interface Policy {
  readonly name: string;
  readonly statements: readonly Statement[];
}

/** Where a document stands: at an identity, at a resource, or at a role as its trust policy. */
export type PolicyKind = 'identity' | 'resource' | 'trust';

const ELEMENTS: ReadonlySet<string> = new Set([
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
]);

/**
 * Reads a policy document strictly, as AWS defines it under "Grammar of the IAM JSON policy language".
 *
 * @throws {CannotJudge} for what is against the grammar, and for a document of 2008-10-17 with policy variables,
 *   which that version takes literally
 */
export function readPolicy(name: string, document: Json, kind: PolicyKind = 'identity'): Policy {
  const parsed = typeof document === 'string' ? parse(name, document) : document;
  if (!isRecord(parsed)) throw new CannotJudge(`${name} is no policy document`);
  const version = parsed['Version'];
  if (version !== '2012-10-17' && JSON.stringify(parsed).includes('${')) {
    throw new CannotJudge(
      `${name} has variables in a policy of version ${JSON.stringify(version)}: only 2012-10-17 has them`,
    );
  }
  if (![undefined, '2012-10-17', '2008-10-17'].includes(version as string | undefined)) {
    throw new CannotJudge(
      `${name} is of version ${JSON.stringify(version)}; IAM knows 2012-10-17 and 2008-10-17`,
    );
  }
  const entries = listOf(parsed['Statement']);
  if (entries.length === 0) throw new CannotJudge(`${name} has no statement`);
  for (const entry of entries) checkStatement(name, entry, kind);
  return { name, statements: statementsOf(parsed) };
}

function parse(name: string, text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new CannotJudge(`${name} is no JSON`);
  }
}

function checkStatement(name: string, entry: Json, kind: PolicyKind): void {
  const refuse = (why: string): never => {
    throw new CannotJudge(`a statement of ${name} ${why}: ${JSON.stringify(entry)}`);
  };
  if (!isRecord(entry)) return refuse('is no object');
  const unknown = Object.keys(entry).find((element) => !ELEMENTS.has(element));
  if (unknown !== undefined) refuse(`has ${unknown}, which is no element of a policy`);
  if (entry['Effect'] !== 'Allow' && entry['Effect'] !== 'Deny') refuse('is neither Allow nor Deny');
  if (given(entry, 'Action', 'NotAction') !== 1) refuse('needs one of Action and NotAction');
  const resources = given(entry, 'Resource', 'NotResource');
  if (kind === 'trust' ? resources !== 0 : resources !== 1) {
    refuse(kind === 'trust' ? 'of a trust policy names a resource' : 'needs one of Resource and NotResource');
  }
  const principals = given(entry, 'Principal', 'NotPrincipal');
  if (kind === 'identity' ? principals !== 0 : principals !== 1) {
    refuse(kind === 'identity' ? 'names a principal' : 'needs one of Principal and NotPrincipal');
  }
  checkConditions(entry['Condition'], refuse);
}

/** How many of the elements are there and hold something. */
function given(entry: JsonRecord, ...elements: string[]): number {
  return elements.filter((element) => {
    const value = entry[element];
    if (typeof value === 'string') return value !== '';
    return isRecord(value) ? Object.keys(value).length > 0 : listOf(value).length > 0;
  }).length;
}

function checkConditions(conditions: Json, refuse: (why: string) => never): void {
  if (conditions === undefined) return;
  if (!isRecord(conditions)) return refuse('has a Condition that is no object');
  if (!Object.values(conditions).every(isRecord)) refuse('has a condition operator without keys');
}
