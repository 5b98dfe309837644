import {
  type IPolicyValidationContext,
  type IPolicyValidationPlugin,
  type PolicyValidationPluginReport,
  type Stage,
  Validations,
} from 'aws-cdk-lib';
import type { NagPack } from 'cdk-nag';
import { acknowledge, settleAcknowledgements } from './acknowledge';
import { DECISIONS, reasonOf, ruleIdsOf } from './decisions';
import { type ComplianceOptions, createPacks } from './packs';

export { type AcceptedFinding, acknowledge } from './acknowledge';
export type { Acknowledgement } from './acknowledgements';
export { type Decision, DECISIONS } from './decisions';
export {
  assess,
  type Assessment,
  type Finding,
  findings,
  staleAcknowledgements,
  unusedDecisions,
} from './nag-findings';
export type { PackName } from './pack-names';
export type { ComplianceOptions } from './packs';
export { NO_ROLLBACK_REASON } from './sagemaker/rules/guarded-updates';

/**
 * Holds an app or a stage to all packs: synthesis of the app fails while a finding is outstanding, and the report
 * (`validation-report.json` in the output folder) lists the accepted ones with their reasons. The project's
 * decisions are recorded here, at the scope.
 */
export function applyCompliance(scope: Stage, options: ComplianceOptions = {}): void {
  for (const decision of DECISIONS) {
    acknowledge(scope, { id: ruleIdsOf(decision), reason: reasonOf(decision) });
  }
  Validations.of(scope).addPlugins(...createPacks(options).map((pack) => new ScopedPack(pack, scope)));
}

/** A pack that looks at its own scope alone: the CDK hands the whole app to the plugins of each stage. */
class ScopedPack implements IPolicyValidationPlugin {
  readonly name: string;

  constructor(
    private readonly pack: NagPack,
    private readonly scope: Stage,
  ) {
    this.name = pack.name;
  }

  validate(_context: IPolicyValidationContext): PolicyValidationPluginReport {
    settleAcknowledgements(this.scope);
    return this.pack.validateScope(this.scope);
  }
}
