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
  if (plan.updateStrategy === 'rolling') {
    return {
      autoRollbackConfiguration,
      rollingUpdatePolicy: {
        maximumBatchSize: { type: 'CAPACITY_PERCENT', value: plan.rollingBatchPercent ?? 50 },
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
