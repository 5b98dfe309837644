import type { Stage } from 'aws-cdk-lib';
import {
  type Acknowledgement,
  acknowledgementsIn,
  inheritedAcknowledgements,
  reaches,
} from './acknowledgements';
import { type Decision, DECISIONS, reasonOf, ruleIdsOf } from './decisions';
import { fullRuleId, type PackName } from './pack-names';
import { type ComplianceOptions, createPacks } from './packs';

/** One rule that one resource breaks. */
export interface Finding {
  readonly pack: PackName;
  /** Id as the pack spells it and as `acknowledge` takes it, such as `AwsSolutions-IAM5[Resource::*]`. */
  readonly rule: string;
  /** Path of the resource's construct. */
  readonly path: string;
  /** What is wrong; this project's own rules also say how to fix it. */
  readonly description: string;
}

/** Everything that the packs say about a scope, and what became of it. */
export interface Assessment {
  /** Findings that nothing accepts. */
  readonly outstanding: readonly Finding[];
  /** Findings that an acknowledgement on a resource accepts. */
  readonly acknowledged: readonly (Finding & { readonly acknowledgement: Acknowledgement })[];
  /** Findings that a project-wide decision accepts. */
  readonly decided: readonly (Finding & { readonly decision: Decision })[];
  /** Acknowledgements of the scope that accept nothing: the finding is gone, or the id is wrong. */
  readonly stale: readonly Acknowledgement[];
  /** Acknowledgements that the scope's resources carry, stale ones included; decisions do not count. */
  readonly acknowledgements: readonly Acknowledgement[];
}

/**
 * Runs every pack over a complete app or stage. It is synthesised first unless it already was, because references
 * across stacks get their final form, and with it some ids, only then.
 *
 * @throws Error when the app does not synthesise; so it does, too, when `applyCompliance` was called on it before
 *   and findings are outstanding
 */
export function assess(scope: Stage, options: ComplianceOptions = {}): Assessment {
  scope.synth();
  const acknowledgements = acknowledgementsIn(scope).filter((entry) => !isDecision(entry));
  const inherited = inheritedAcknowledgements(scope);
  const used = new Set<Acknowledgement>();
  const result = {
    outstanding: [] as Finding[],
    acknowledged: [] as Assessment['acknowledged'][number][],
    decided: [] as Assessment['decided'][number][],
  };
  for (const finding of rawFindings(scope, options)) {
    const accepting = [...acknowledgements, ...inherited].filter((entry) => accepts(entry, finding));
    accepting.forEach((entry) => used.add(entry));
    const decision = DECISIONS.find((candidate) => ruleIdsOf(candidate).includes(finding.rule));
    const acknowledgement = accepting.find((entry) => !isDecision(entry));
    if (acknowledgement) result.acknowledged.push({ ...finding, acknowledgement });
    else if (decision) result.decided.push({ ...finding, decision });
    else result.outstanding.push(finding);
  }
  return { ...result, acknowledgements, stale: acknowledgements.filter((entry) => !used.has(entry)) };
}

/** Findings of all packs that nothing accepts; see {@link assess}. */
export function findings(scope: Stage, options: ComplianceOptions = {}): readonly Finding[] {
  return assess(scope, options).outstanding;
}

/** Acknowledgements under the scope that accept nothing; see {@link assess}. */
export function staleAcknowledgements(
  scope: Stage,
  options: ComplianceOptions = {},
): readonly Acknowledgement[] {
  return assess(scope, options).stale;
}

/** Decisions that accept no finding in any of the assessments, and could be taken back. */
export function unusedDecisions(assessments: readonly Assessment[]): readonly Decision[] {
  const used = new Set(assessments.flatMap(({ decided }) => decided.map(({ decision }) => decision)));
  return DECISIONS.filter((decision) => !used.has(decision));
}

/** Packs look for acknowledgements without their prefix only, so run alone they report accepted findings as well. */
function rawFindings(scope: Stage, options: ComplianceOptions): readonly Finding[] {
  return createPacks(options).flatMap((pack) =>
    pack.validateScope(scope).violations.flatMap(({ ruleName, description, violatingResources }) =>
      violatingResources.map(({ constructPath = '' }) => ({
        pack: pack.name as PackName,
        rule: ruleName,
        path: constructPath,
        description,
      })),
    ),
  );
}

function accepts(acknowledgement: Acknowledgement, finding: Finding): boolean {
  return acknowledgement.id === fullRuleId(finding.rule) && reaches(acknowledgement, finding.path);
}

function isDecision({ id, reason }: Acknowledgement): boolean {
  return DECISIONS.some(
    (decision) =>
      reasonOf(decision) === reason && ruleIdsOf(decision).some((ruleId) => fullRuleId(ruleId) === id),
  );
}
