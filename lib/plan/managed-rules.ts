/** A rule group that AWS keeps. */
export interface ManagedRules {
  /** What AWS calls it. Source: AWS WAF guide, "AWS Managed Rules rule groups list". */
  readonly group: string;
  /**
   * Its rules that only count, each with the label that it leaves on a request, below `awswaf:managed:aws:`. A rule of
   * this project blocks what has such a label, outside of the paths of events. These are all rules that read the body,
   * and the one that wants a user agent.
   */
  readonly counted: Readonly<Record<string, string>>;
}

/**
 * Managed rule groups of the web ACL, in the order in which they are asked. WAF ignores the name of a rule that a group
 * does not have (WAF API, RuleActionOverride), so all names that AWS documents can stand here, whichever version of a
 * group is its default. Sources: AWS WAF guide, "Baseline rule groups", "Use-case specific rule groups" and "IP
 * reputation rule groups", 2026-11.
 */
export const MANAGED_RULES: readonly ManagedRules[] = [
  { group: 'AWSManagedRulesAmazonIpReputationList', counted: {} },
  {
    group: 'AWSManagedRulesKnownBadInputsRuleSet',
    counted: {
      JavaDeserializationRCE_BODY: 'known-bad-inputs:JavaDeserializationRCE_Body',
      Log4JRCE_BODY: 'known-bad-inputs:Log4JRCE_Body',
      ReactJSRCE_BODY: 'known-bad-inputs:ReactJSRCE_Body',
    },
  },
  {
    group: 'AWSManagedRulesCommonRuleSet',
    counted: {
      NoUserAgent_HEADER: 'core-rule-set:NoUserAgent_Header',
      SizeRestrictions_BODY: 'core-rule-set:SizeRestrictions_Body',
      EC2MetaDataSSRF_BODY: 'core-rule-set:EC2MetaDataSSRF_Body',
      GenericLFI_BODY: 'core-rule-set:GenericLFI_Body',
      GenericRFI_BODY: 'core-rule-set:GenericRFI_Body',
      CrossSiteScripting_BODY: 'core-rule-set:CrossSiteScripting_Body',
    },
  },
  {
    group: 'AWSManagedRulesSQLiRuleSet',
    counted: {
      SQLi_BODY: 'sql-database:SQLi_Body',
      SQLiExtendedPatterns_BODY: 'sql-database:SQLiExtendedPatterns_Body',
    },
  },
];

/** The web ACL's own rules: the rate limit before the groups, and after them what blocks requests that they labelled. */
export const OWN_RULES = ['RateLimit', 'OutsideEventPaths'] as const;

/** How many rules are billed: a managed group of AWS counts as one (AWS WAF pricing). */
export const WEB_ACL_RULES = MANAGED_RULES.length + OWN_RULES.length;
