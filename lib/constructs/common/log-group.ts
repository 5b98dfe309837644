import type { RemovalPolicy } from 'aws-cdk-lib';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Environment } from '../../config/environment';
import type { EncryptionKey } from './encryption-key';
import { removalPolicyOf } from './removal-policy';

const RETENTION: Readonly<Record<Environment['operations']['logRetentionDays'], logs.RetentionDays>> = {
  30: logs.RetentionDays.ONE_MONTH,
  90: logs.RetentionDays.THREE_MONTHS,
  180: logs.RetentionDays.SIX_MONTHS,
  365: logs.RetentionDays.ONE_YEAR,
  731: logs.RetentionDays.TWO_YEARS,
};

export interface ServiceLogGroupProps {
  readonly environment: Environment;
  /** Key of the log events; CloudWatch Logs is admitted to it here. */
  readonly encryptionKey: EncryptionKey;
  /**
   * Only for a service that dictates the name (RDS, EKS, SageMaker). `cdk deploy --import-existing-resources` takes
   * over such a group that outlived its stack, if its removal policy keeps it.
   *
   * @default - CloudFormation makes a name
   */
  readonly logGroupName?: string;
  /** What becomes of the group when it leaves the stack. @default - what `protection.onRemoval` says */
  readonly removalPolicy?: RemovalPolicy;
}

/** A log group under a customer key, kept for `operations.logRetentionDays`. */
export class ServiceLogGroup extends logs.LogGroup {
  constructor(scope: Construct, id: string, props: ServiceLogGroupProps) {
    const { environment, encryptionKey, logGroupName, removalPolicy } = props;
    encryptionKey.allowCloudWatchLogs();
    super(scope, id, {
      encryptionKey,
      logGroupName,
      retention: RETENTION[environment.operations.logRetentionDays],
      removalPolicy: removalPolicy ?? removalPolicyOf(environment),
    });
  }
}
