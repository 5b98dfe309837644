import type { Condition } from '../../../../lib/compliance/iam/statement';
import { CannotJudge } from './errors';
import { OPERATORS, type Operator } from './operators';
import { patternOf } from './pattern';
import type { Context, ContextValue } from './request';
import { filledIn } from './variables';

/**
 * Whether all conditions of a statement hold. AWS documents the rules under "IAM JSON policy elements: Condition",
 * "Condition operators" and "Single-valued vs. multivalued context keys": operators and keys are joined by AND,
 * the values of one key by OR, and by NOR where the operator is negated.
 *
 * @throws {CannotJudge} for an operator or a value that IAM's documentation does not define
 */
export function conditionsHold(conditions: readonly Condition[], context: Context): boolean {
  // Every condition is judged, also behind one that fails, so that no order hides what cannot be judged.
  return conditions.map((condition) => holds(condition, context)).every(Boolean);
}

function holds(condition: Condition, context: Context): boolean {
  const { operator: name, key, values } = condition;
  if (values.length === 0) throw new CannotJudge(`${name} ${key} compares with no value`);
  const actual = presentValue(context.get(key.toLowerCase()));
  if (name === 'Null') return values.some((value) => nullExpected(value) === (actual === undefined));
  const [, set, base = '', ifExists] =
    /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/.exec(name) ?? [];
  const operator = OPERATORS.get(base);
  if (operator === undefined) {
    throw new CannotJudge(
      `${name} is no condition operator; known are Null and ${[...OPERATORS.keys()].join(', ')}`,
    );
  }
  if (actual === undefined) {
    if (ifExists !== undefined || set === 'ForAllValues') return true;
    return set === undefined && operator.negated;
  }
  const test = (one: string) => satisfies(one, condition, operator, context);
  if (set === undefined) return test(singleOf(actual, condition));
  const all = Array.isArray(actual) ? (actual as readonly string[]) : [String(actual)];
  // A value that is empty is no value to ForAllValues.
  return set === 'ForAllValues' ? all.every((one) => one === '' || test(one)) : all.some(test);
}

function presentValue(value: ContextValue | undefined): ContextValue | undefined {
  return Array.isArray(value) && value.length === 0 ? undefined : value;
}

function nullExpected(value: string): boolean {
  if (value !== 'true' && value !== 'false') {
    throw new CannotJudge(`Null compares with true (the key is absent) or false, not with ${value}`);
  }
  return value === 'true';
}

function singleOf(actual: ContextValue, { operator, key }: Condition): string {
  if (!Array.isArray(actual)) return String(actual);
  throw new CannotJudge(
    `${operator} ${key} compares a key that has several values: it needs ForAllValues or ForAnyValue`,
  );
}

/** Whether a value of the request matches one of the policy's, or none of them where the operator is negated. */
function satisfies(actual: string, condition: Condition, operator: Operator, context: Context): boolean {
  const matching = condition.values.map((value) => {
    const expected = expectedOf(value, condition, operator, context);
    return expected !== undefined && operator.matches(actual, expected);
  });
  return matching.includes(true) !== operator.negated;
}

function expectedOf(value: string, { operator: name, key }: Condition, operator: Operator, context: Context) {
  if (operator.variables) {
    const filled = filledIn(value, context);
    // A variable without a value equals nothing; what is unlike nothing, AWS does not say.
    if (filled !== undefined || !operator.negated) return filled;
    throw new CannotJudge(`${name} ${key} compares with ${value}, which the request has no value for`);
  }
  if (!value.includes('${')) return patternOf(value);
  throw new CannotJudge(
    `${name} ${key} compares with ${value}, but only String and Arn operators take variables`,
  );
}
