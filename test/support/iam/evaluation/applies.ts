import type { Statement } from '../../../../lib/compliance/iam/statement';
import { conditionsHold } from './conditions';
import { CannotJudge } from './errors';
import { ANY, matches, type Pattern, patternOf, segmentsOf } from './pattern';
import type { Context, Request } from './request';
import { filledIn } from './variables';

/** Whether a statement is about the request's action, its resource and its circumstances; who asks is left aside. */
export function applies(statement: Statement, { action, resource }: Request, context: Context): boolean {
  return (
    actionFits(statement, action) &&
    resourceFits(statement, resource, context) &&
    conditionsHold(statement.conditions, context)
  );
}

/** "IAM JSON policy elements: Action" and "NotAction": wildcards anywhere, case does not count. */
function actionFits({ actions, notActions }: Statement, action: string): boolean {
  if (actions.length > 0 === notActions.length > 0) {
    throw new CannotJudge('a statement needs actions, or all actions but some, and not both');
  }
  const named = (actions.length > 0 ? actions : notActions).map((text) => actionMatches(text, action));
  return named.includes(true) === actions.length > 0;
}

function actionMatches(text: string, action: string): boolean {
  if (text !== '*' && !/^[a-z0-9*?-]+:[a-z0-9*?]+$/i.test(text)) {
    throw new CannotJudge(`${text} is no action: IAM takes *, or service:Name with wildcards`);
  }
  return matches(patternOf(text), action, { ignoreCase: true });
}

/** "IAM JSON policy elements: Resource" and "NotResource". A trust policy names none: it is about its own role. */
function resourceFits({ resources, notResources }: Statement, resource: string, context: Context): boolean {
  if (resources.length > 0 && notResources.length > 0) {
    throw new CannotJudge('a statement needs resources, or all resources but some, and not both');
  }
  if (resources.length === 0 && notResources.length === 0) return true;
  const named = [...resources, ...notResources].map((text) => {
    const pattern = filledIn(text, context);
    if (pattern !== undefined) return resourceMatches(text, pattern, resource);
    if (resources.length > 0) return false;
    throw new CannotJudge(`NotResource ${text} has a variable that the request has no value for`);
  });
  return named.includes(true) === resources.length > 0;
}

function resourceMatches(text: string, pattern: Pattern, resource: string): boolean {
  if (pattern.length === 1 && pattern[0] === ANY) return true;
  const segments = segmentsOf(pattern, 6);
  const [scheme, , service] = segments;
  if (
    segments.length < 6 ||
    scheme?.length !== 1 ||
    scheme[0] !== 'arn' ||
    service?.some((part) => typeof part !== 'string') === true
  ) {
    throw new CannotJudge(
      `${text} is no resource: IAM takes *, or an ARN of six parts that names its service`,
    );
  }
  return matches(pattern, resource, { segments: true });
}
