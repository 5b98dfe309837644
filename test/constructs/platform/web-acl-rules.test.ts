import { prod } from '../../../lib/config/environments/prod';
import { environmentSchema } from '../../../lib/config/environment';
import { webAclRules } from '../../../lib/constructs/platform/web-acl-rules';
import { environmentWith } from '../../support/stacks/infrastructure';

type Json = Readonly<Record<string, unknown>>;

const RULES = webAclRules(environmentWith(), 'test').map((rule) => ({
  name: rule.name,
  statement: rule.statement as Json,
}));

const CORE = 'AWSManagedRulesCommonRuleSet';
const BAD_INPUTS = 'AWSManagedRulesKnownBadInputsRuleSet';
const SQL = 'AWSManagedRulesSQLiRuleSet';

/** Capacity units of AWS's groups. Source: AWS WAF guide, "AWS Managed Rules rule groups list". */
const GROUP_UNITS: Readonly<Record<string, number>> = {
  AWSManagedRulesAmazonIpReputationList: 25,
  [BAD_INPUTS]: 200,
  [CORE]: 700,
  [SQL]: 200,
};

/** Base capacity units of statements. Source: AWS WAF guide, "Rule statement basics", each statement's own page. */
const STATEMENT_UNITS: Readonly<Record<string, number>> = {
  rateBasedStatement: 2,
  labelMatchStatement: 1,
  regexMatchStatement: 3,
  andStatement: 0,
  orStatement: 0,
  notStatement: 0,
};
const TRANSFORMATION_UNITS = 10;

/** Up to so many units, the price of a web ACL covers requests; beyond, they cost more (AWS WAF pricing). */
const INCLUDED_UNITS = 1500;

/** Capacity units of a statement with all that is nested in it; fails for a statement whose units are not known. */
function unitsOf(statement: Json): number {
  const [first] = Object.entries(statement) as [string, Json][];
  if (first === undefined) throw new Error('a statement without a kind');
  const [kind, content] = first;
  if (kind === 'managedRuleGroupStatement') return GROUP_UNITS[String(content['name'])] ?? Number.NaN;
  const nested = [content['statement'], ...((content['statements'] as Json[] | undefined) ?? [])];
  const transformations = (content['textTransformations'] as unknown[] | undefined) ?? [];
  return nested
    .filter((each) => each !== undefined)
    .reduce<number>(
      (sum, each) => sum + unitsOf(each as Json),
      (STATEMENT_UNITS[kind] ?? Number.NaN) + TRANSFORMATION_UNITS * transformations.length,
    );
}

const groupOf = (name: string): Json =>
  RULES.find((rule) => rule.name === name)?.statement['managedRuleGroupStatement'] as Json;

/** Names of the rules that a group only counts; undefined where the key is absent. */
const counted = (group: string): string[] | undefined =>
  (groupOf(group)['ruleActionOverrides'] as { name: string; actionToUse: object }[] | undefined)?.map(
    ({ name, actionToUse }) =>
      JSON.stringify(actionToUse) === '{"count":{}}' ? name : `not counted: ${name}`,
  );

/** Labels that the last rule blocks, and the paths that it leaves alone. */
function lastRule(): {
  readonly labels: string[];
  readonly spared: RegExp;
  readonly transformations: string[];
} {
  const last = RULES.at(-1)?.statement['andStatement'] as { statements: [Json, Json] } | undefined;
  if (last === undefined) throw new Error('the last rule joins no statements');
  const [labelled, elsewhere] = last.statements;
  const { statements: labels } = labelled['orStatement'] as {
    statements: { labelMatchStatement: { key: string } }[];
  };
  const { statement } = elsewhere['notStatement'] as {
    statement: { regexMatchStatement: { regexString: string; textTransformations: { type: string }[] } };
  };
  const { regexString, textTransformations } = statement.regexMatchStatement;
  return {
    labels: labels.map(({ labelMatchStatement }) => labelMatchStatement.key),
    spared: new RegExp(regexString),
    transformations: textTransformations.map(({ type }) => type),
  };
}

describe('the rules of the web ACL', () => {
  it('let the bodies of events pass: no rule of AWS that reads a body blocks by itself', () => {
    expect(counted(CORE)).toEqual([
      'NoUserAgent_HEADER',
      'SizeRestrictions_BODY',
      'EC2MetaDataSSRF_BODY',
      'GenericLFI_BODY',
      'GenericRFI_BODY',
      'CrossSiteScripting_BODY',
    ]);
    expect(counted(BAD_INPUTS)).toEqual(['JavaDeserializationRCE_BODY', 'Log4JRCE_BODY', 'ReactJSRCE_BODY']);
    expect(counted(SQL)).toEqual(['SQLi_BODY', 'SQLiExtendedPatterns_BODY']);
  });

  it('block on every other path what those rules have found, after they were asked', () => {
    const { labels } = lastRule();

    expect(labels.toSorted()).toEqual(
      [
        'core-rule-set:NoUserAgent_Header',
        'core-rule-set:SizeRestrictions_Body',
        'core-rule-set:EC2MetaDataSSRF_Body',
        'core-rule-set:GenericLFI_Body',
        'core-rule-set:GenericRFI_Body',
        'core-rule-set:CrossSiteScripting_Body',
        'known-bad-inputs:JavaDeserializationRCE_Body',
        'known-bad-inputs:Log4JRCE_Body',
        'known-bad-inputs:ReactJSRCE_Body',
        'sql-database:SQLi_Body',
        'sql-database:SQLiExtendedPatterns_Body',
      ]
        .map((label) => `awswaf:managed:aws:${label}`)
        .toSorted(),
    );
  });

  it.each(['/ingest', '/ingest/', '/ingest/flows', '/incidents', '/incidents/7'])('spare %s', (path) => {
    expect(lastRule().spared.test(path)).toBe(true);
  });

  it.each(['/', '/api/ingest', '/ingestion', '/incidents-old', '/health', '//ingest', '/Ingest'])(
    'do not spare %s',
    (path) => {
      expect(lastRule().spared.test(path)).toBe(false);
    },
  );

  it('look at the path as the backend may read it, so that no detour is spared', () => {
    expect(lastRule().transformations).toEqual(['URL_DECODE', 'NORMALIZE_PATH']);
  });

  it('leave out the overrides of a group that has none, as CloudFormation once refused an empty list', () => {
    expect(groupOf('AWSManagedRulesAmazonIpReputationList')).not.toHaveProperty('ruleActionOverrides');
  });

  it('take no more capacity than the price of a web ACL includes', () => {
    const units = RULES.reduce((sum, { statement }) => sum + unitsOf(statement), 0);

    expect(units).toBe(2 + 25 + 200 + 700 + 200 + 11 + 23);
    expect(units).toBeLessThanOrEqual(INCLUDED_UNITS);
  });
});

describe('the rate limit of the web ACL', () => {
  const limitOf = (environment: Parameters<typeof webAclRules>[0]): unknown => {
    const [first] = webAclRules(environment, 'test');
    const statement = first?.statement as Json | undefined;
    return (statement?.['rateBasedStatement'] as Json | undefined)?.['limit'];
  };

  it('lets one address make what the endpoints are sized for: 110 requests a second for five minutes, twice', () => {
    expect(limitOf(environmentSchema.parse(prod))).toBe(110 * 300 * 2);
  });

  it('lets it make 2000 requests where less is planned', () => {
    // 5 a second, twice, are 3000 in dev; a tenth of that is 300.
    const quiet = environmentWith();
    expect(limitOf(quiet)).toBe(3000);
    const { traffic } = quiet;
    const tenth = Object.fromEntries(
      Object.entries(traffic).map(([name, each]) => [name, { ...each, peakRps: each.peakRps / 10 }]),
    ) as typeof traffic;
    expect(limitOf({ ...quiet, traffic: tenth })).toBe(2000);
  });
});
