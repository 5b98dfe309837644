import { Duration } from 'aws-cdk-lib';
import type * as sagemaker from 'aws-cdk-lib/aws-sagemaker';
import type { InstanceEndpointPlan } from '../plan/types';

/** How long the new fleet is watched before the old one goes. */
const BAKING = Duration.minutes(5);

/** How long an update may take before it is rolled back. */
const LONGEST_UPDATE = Duration.minutes(60);

/**
 * How an instance endpoint is updated: as the plan counted its quota, with the alarms that take an update back.
 *
 * @param alarmNames 1 to 10 alarms
 */
export function deploymentConfig(
  plan: InstanceEndpointPlan,
  alarmNames: readonly string[],
): sagemaker.CfnEndpoint.DeploymentConfigProperty {
  const autoRollbackConfiguration = { alarms: alarmNames.map((alarmName) => ({ alarmName })) };
  if (plan.rollingBatch !== undefined) {
    const { unit, size } = plan.rollingBatch;
    const batch = { type: unit === 'percent' ? 'CAPACITY_PERCENT' : 'INSTANCE_COUNT', value: size };
    return {
      autoRollbackConfiguration,
      rollingUpdatePolicy: {
        maximumBatchSize: batch,
        // By default a rollback brings the whole old fleet up at once, for which no quota was counted.
        rollbackMaximumBatchSize: batch,
        waitIntervalInSeconds: BAKING.toSeconds(),
        maximumExecutionTimeoutInSeconds: LONGEST_UPDATE.toSeconds(),
      },
    };
  }
  return {
    autoRollbackConfiguration,
    blueGreenUpdatePolicy: {
      trafficRoutingConfiguration: { type: 'ALL_AT_ONCE' },
      terminationWaitInSeconds: BAKING.toSeconds(),
      maximumExecutionTimeoutInSeconds: LONGEST_UPDATE.toSeconds(),
    },
  };
}
