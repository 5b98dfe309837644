import { CannotJudge } from './errors';
import { ANY, ONE, type Pattern, patternOf } from './pattern';
import type { Context } from './request';

/** A variable in a policy: a context key, and the default that may stand behind it in quotes. */
const VARIABLE = /^([A-Za-z0-9-]+:[^,{}$*?]+?)(?:\s*,\s*'([^']*)')?$/;

/**
 * Reads a text of a policy with its variables filled in from the request, as AWS documents under "IAM policy
 * elements: Variables and tags". `${*}`, `${?}` and `${$}` stand for the characters themselves.
 *
 * @returns undefined where the request has no value for a variable, and the policy no default
 * @throws {CannotJudge} for a variable that is none, that has several values, or whose value has wildcards in it,
 *   of which the documentation does not say how they are taken
 */
export function filledIn(text: string, context: Context): Pattern | undefined {
  if (!text.includes('${')) return patternOf(text);
  const parts: Pattern[number][] = [];
  for (const part of text.match(/\$\{[^}]*\}|[*?]|\$|[^*?$]+/g) ?? []) {
    if (part === '*') parts.push(ANY);
    else if (part === '?') parts.push(ONE);
    else if (part.startsWith('${')) {
      const value = valueOf(part, text, context);
      if (value === undefined) return undefined;
      parts.push(value);
    } else parts.push(part);
  }
  return merged(parts);
}

function valueOf(variable: string, text: string, context: Context): string | undefined {
  const inner = variable.slice(2, -1);
  if (inner === '*' || inner === '?' || inner === '$') return inner;
  const [, key, fallback] = VARIABLE.exec(inner) ?? [];
  if (key === undefined) {
    throw new CannotJudge(`${variable} in ${text} is no policy variable, such as \${aws:username}`);
  }
  const given = context.get(key.toLowerCase());
  if (Array.isArray(given)) {
    throw new CannotJudge(
      `${variable} in ${text} has several values: only single-valued keys can be variables`,
    );
  }
  const value = given === undefined ? fallback : String(given);
  if (value !== undefined && /[*?]/.test(value)) {
    throw new CannotJudge(
      `${variable} in ${text} is ${value}: whether its wildcards count is not documented`,
    );
  }
  return value;
}

/** Joins literal texts that stand side by side, so that colons and ends of segments are seen. */
function merged(parts: Pattern): Pattern {
  const result: Pattern[number][] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (typeof part === 'string' && typeof last === 'string') result[result.length - 1] = last + part;
    else if (part !== '') result.push(part);
  }
  return result;
}
