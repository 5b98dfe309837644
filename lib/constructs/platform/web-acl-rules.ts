import type * as wafv2 from 'aws-cdk-lib/aws-wafv2';
import { RATE_WINDOW_SECONDS, rateLimit } from '../../config/network/rate-limit';
import type { Environment } from '../../config/environment';
import { MANAGED_RULES, type ManagedRules } from '../../plan/managed-rules';
import { EVENT_PATHS } from './event-paths';

type Rule = wafv2.CfnWebACL.RuleProperty;
/** A rule before it has its place. */
type Unplaced = Omit<Rule, 'priority' | 'visibilityConfig'>;

/** So many requests of one address within five minutes, of any kind. */
function limitRate(environment: Environment): Unplaced {
  return {
    name: 'RateLimit',
    action: { block: {} },
    statement: {
      rateBasedStatement: {
        limit: rateLimit(environment),
        evaluationWindowSec: RATE_WINDOW_SECONDS,
        aggregateKeyType: 'IP',
      },
    },
  };
}

function managedGroup({ group, counted }: ManagedRules): Unplaced {
  const ruleActionOverrides = Object.keys(counted).map((name) => ({ name, actionToUse: { count: {} } }));
  return {
    name: group,
    overrideAction: { none: {} },
    statement: {
      managedRuleGroupStatement: {
        vendorName: 'AWS',
        name: group,
        ...(ruleActionOverrides.length > 0 && { ruleActionOverrides }),
      },
    },
  };
}

/**
 * Blocks what the counting rules have labelled, unless it reports events: the body of a report holds what the rules look
 * for. The path is decoded and normalized first, so `/ingest/../api` reports nothing.
 */
function blockOutsideEventPaths(): Unplaced {
  const labels = MANAGED_RULES.flatMap(({ counted }) => Object.values(counted));
  const paths = EVENT_PATHS.map((path) => path.slice(1)).join('|');
  const reportsEvents = {
    regexMatchStatement: {
      fieldToMatch: { uriPath: {} },
      regexString: `^/(${paths})(/|$)`,
      textTransformations: ['URL_DECODE', 'NORMALIZE_PATH'].map((type, priority) => ({ priority, type })),
    },
  };
  const labelled = labels.map((label) => ({
    labelMatchStatement: { scope: 'LABEL', key: `awswaf:managed:aws:${label}` },
  }));
  return {
    name: 'OutsideEventPaths',
    action: { block: {} },
    statement: {
      andStatement: {
        statements: [
          { orStatement: { statements: labelled } },
          { notStatement: { statement: reportsEvents } },
        ],
      },
    },
  };
}

/**
 * Rules of the web ACL in the order in which they are asked: the limit first, as what it blocks need not be looked at;
 * last the rule that rests on what the groups found.
 *
 * @param metricName metric of the web ACL, which the rules' metrics begin with
 */
export function webAclRules(environment: Environment, metricName: string): Rule[] {
  return [limitRate(environment), ...MANAGED_RULES.map(managedGroup), blockOutsideEventPaths()].map(
    (rule, priority) => ({
      ...rule,
      priority,
      visibilityConfig: {
        metricName: `${metricName}-${rule.name}`,
        cloudWatchMetricsEnabled: true,
        sampledRequestsEnabled: true,
      },
    }),
  );
}
