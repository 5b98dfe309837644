import {
  AwsSolutionsChecks,
  HIPAASecurityChecks,
  type NagPack,
  NIST80053R5Checks,
  PCIDSS321Checks,
} from 'cdk-nag';
import { MiniXdrSageMakerChecks, type SageMakerCheckOptions } from './sagemaker/sagemaker-checks';

/** What the packs must know beyond the constructs. */
export type ComplianceOptions = SageMakerCheckOptions;

/** Fresh instances of all packs; a pack remembers its last run, so each run gets its own. */
export function createPacks(options: ComplianceOptions): readonly NagPack[] {
  return [
    new AwsSolutionsChecks(),
    new NIST80053R5Checks(),
    new HIPAASecurityChecks(),
    new PCIDSS321Checks(),
    new MiniXdrSageMakerChecks(options),
  ];
}
