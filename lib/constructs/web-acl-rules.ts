import type * as wafv2 from 'aws-cdk-lib/aws-wafv2';
import type { Environment } from '../config/schema';
import { MANAGED_RULES } from '../plan/web-acl-rules';

type Rule = wafv2.CfnWebACL.RuleProperty;
/** A rule before it has its place. */
type Unplaced = Omit<Rule, 'priority' | 'visibilityConfig'>;

/** What the managed group's rule leaves on a request whose body is too long (AWS WAF guide, core rule set). */
const OVERSIZED = 'awswaf:managed:aws:core-rule-set:SizeRestrictions_Body';

/** Beginning of the paths whose bodies may be long. */
const LONG_BODIES = '/ingest';

/** So many requests of one address within five minutes, of whatever kind. */
function rateLimit({ platform }: Environment): Unplaced {
  return {
    name: 'RateLimit',
    action: { block: {} },
    statement: {
      rateBasedStatement: {
        limit: platform.loadBalancer.rateLimitPer5Minutes,
        evaluationWindowSec: 300,
        aggregateKeyType: 'IP',
      },
    },
  };
}

function managedRules(): Unplaced[] {
  return MANAGED_RULES.map(({ group, counted = [] }) => ({
    name: group,
    overrideAction: { none: {} },
    statement: {
      managedRuleGroupStatement: {
        vendorName: 'AWS',
        name: group,
        ruleActionOverrides: counted.map((name) => ({ name, actionToUse: { count: {} } })),
      },
    },
  }));
}

/**
 * Sensors send flows in batches of more than 8 KB, which the common group would block: there it counts, and this rule
 * blocks what it marked on every other path.
 */
function bodySize(): Unplaced {
  return {
    name: 'BodySize',
    action: { block: {} },
    statement: {
      andStatement: {
        statements: [
          { labelMatchStatement: { scope: 'LABEL', key: OVERSIZED } },
          {
            notStatement: {
              statement: {
                byteMatchStatement: {
                  fieldToMatch: { uriPath: {} },
                  positionalConstraint: 'STARTS_WITH',
                  searchString: LONG_BODIES,
                  textTransformations: [{ priority: 0, type: 'NONE' }],
                },
              },
            },
          },
        ],
      },
    },
  };
}

/**
 * Rules of the web ACL in the order in which they are asked: the limit first, as what it blocks need not be looked at;
 * the size of bodies last, as it rests on what a group found.
 *
 * @param metricName metric of the web ACL, which the rules' metrics begin with
 */
export function webAclRules(environment: Environment, metricName: string): Rule[] {
  return [rateLimit(environment), ...managedRules(), bodySize()].map((rule, priority) => ({
    ...rule,
    priority,
    visibilityConfig: {
      metricName: `${metricName}-${rule.name}`,
      cloudWatchMetricsEnabled: true,
      sampledRequestsEnabled: true,
    },
  }));
}
