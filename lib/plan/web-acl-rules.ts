/** A rule group that AWS keeps. */
interface ManagedRules {
  /** What AWS calls it. Source: AWS WAF guide, "AWS Managed Rules rule groups list". */
  readonly group: string;
  /** Rules of it that only count, because a rule of this project decides instead. */
  readonly counted?: readonly string[];
}

/** The rule of the common group that refuses bodies beyond the 8 KB that WAF looks at by default. */
const BODY_SIZE_RULE = 'SizeRestrictions_BODY';

/** Managed rule groups of the web ACL, in the order in which they are asked. */
export const MANAGED_RULES: readonly ManagedRules[] = [
  { group: 'AWSManagedRulesAmazonIpReputationList' },
  { group: 'AWSManagedRulesKnownBadInputsRuleSet' },
  { group: 'AWSManagedRulesCommonRuleSet', counted: [BODY_SIZE_RULE] },
  { group: 'AWSManagedRulesSQLiRuleSet' },
];

/** Rules of the web ACL's own: the rate limit in front, and the size of bodies behind the groups. */
export const OWN_RULES = ['RateLimit', 'BodySize'] as const;

/** How many rules are billed: a managed group of AWS counts as one (AWS WAF pricing). */
export const WEB_ACL_RULES = MANAGED_RULES.length + OWN_RULES.length;
