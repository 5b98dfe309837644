import type * as sagemaker from 'aws-cdk-lib/aws-sagemaker';
import type { InstanceEndpointPlan } from '../plan/types';
import { BAKING_SECONDS, updateTimeoutSeconds } from '../plan/update-time';

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
  const maximumExecutionTimeoutInSeconds = updateTimeoutSeconds(plan);
  if (plan.rollingBatch !== undefined) {
    const { unit, size } = plan.rollingBatch;
    const batch = { type: unit === 'percent' ? 'CAPACITY_PERCENT' : 'INSTANCE_COUNT', value: size };
    return {
      autoRollbackConfiguration,
      rollingUpdatePolicy: {
        maximumBatchSize: batch,
        // By default a rollback brings the whole old fleet up at once, for which no quota was counted.
        rollbackMaximumBatchSize: batch,
        waitIntervalInSeconds: BAKING_SECONDS,
        maximumExecutionTimeoutInSeconds,
      },
    };
  }
  return {
    autoRollbackConfiguration,
    blueGreenUpdatePolicy: {
      // CloudFormation's schema calls the interval optional; the API requires it (TrafficRoutingConfig).
      trafficRoutingConfiguration: { type: 'ALL_AT_ONCE', waitIntervalInSeconds: 0 },
      terminationWaitInSeconds: BAKING_SECONDS,
      maximumExecutionTimeoutInSeconds,
    },
  };
}
