import { ownStatements, PERMISSION_TYPES } from '../../iam/identity';
import { isWildcard, mayAllow, type Statement } from '../../iam/statement';
import type { Breach, Rule } from '../sagemaker-rule';

/** Takes in InvokeEndpoint, InvokeEndpointAsync and InvokeEndpointWithResponseStream. */
const INVOKE = 'sagemaker:InvokeEndpoint';

/** Endpoints are invoked by name only. */
export const narrowInvoke: Rule = {
  id: 'NarrowInvoke',
  types: PERMISSION_TYPES,
  why: "A caller that may invoke any endpoint reads any team's model and spends any team's capacity.",
  check: ({ type, properties }) =>
    unique(
      ownStatements(type, properties).flatMap((statement) => negations(statement).concat(wide(statement))),
    ),
};

function wide(statement: Statement): readonly Breach[] {
  if (!mayAllow(statement, INVOKE)) return [];
  return statement.resources.filter(isWildcard).map((resource) => ({
    key: `Resource::${resource}`,
    problem: `${INVOKE} is allowed on ${resource}, which stands for more than one endpoint.`,
    fix: "Use the endpoint's grantInvoke, or name each endpoint's ARN without a wildcard.",
  }));
}

function negations(statement: Statement): readonly Breach[] {
  if (statement.effect === 'Deny') return [];
  const used = [
    ...(statement.notActions.length > 0 ? ['NotAction'] : []),
    ...(statement.notResources.length > 0 ? ['NotResource'] : []),
  ];
  return used.map((element) => ({
    key: element,
    problem: `A statement allows by ${element}, so it takes in whatever AWS adds, ${INVOKE} included.`,
    fix: `Replace ${element} with the list of what is allowed; keep ${element} for Deny statements.`,
  }));
}

function unique(breaches: readonly Breach[]): readonly Breach[] {
  return [...new Map(breaches.map((breach) => [breach.key, breach])).values()];
}
