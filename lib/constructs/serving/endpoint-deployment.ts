import type * as sagemaker from 'aws-cdk-lib/aws-sagemaker';
import type { EndpointPlan, InstanceEndpointPlan } from '../../plan/hosting/endpoint-plan';
import { BAKING_SECONDS, updateTimeoutSeconds } from '../../plan/hosting/update-time';

/** Whether alarms roll updates back. `off` is for one deploy in an incident whose fix the alarms would take back. */
export const ROLLBACK_ALARMS = ['on', 'off'] as const;
export type RollbackAlarmsSwitch = (typeof ROLLBACK_ALARMS)[number];

/** Why no alarm rolls an update of the endpoint back; undefined where alarms do. */
export function noRollbackReason(
  { mode }: Pick<EndpointPlan, 'mode'>,
  alarms: RollbackAlarmsSwitch,
): string | undefined {
  if (mode === 'serverless') {
    return 'Deployment guardrails do not apply to serverless endpoints; a failed update leaves the running configuration in place.';
  }
  return alarms === 'on'
    ? undefined
    : 'Deployed with -c rollbackAlarms=off, because an alarm would have taken a fix back; the next deploy without it guards updates again.';
}

/**
 * How an instance endpoint is updated: as the plan counted its quota, with the alarms that take an update back.
 *
 * @param alarmNames up to 10 alarms; with none, an update is only rolled back where the new fleet does not come up
 */
export function deploymentConfig(
  plan: InstanceEndpointPlan,
  alarmNames: readonly string[],
): sagemaker.CfnEndpoint.DeploymentConfigProperty {
  const rollback =
    alarmNames.length === 0
      ? {}
      : { autoRollbackConfiguration: { alarms: alarmNames.map((alarmName) => ({ alarmName })) } };
  const maximumExecutionTimeoutInSeconds = updateTimeoutSeconds(plan);
  if (plan.rollingBatch !== undefined) {
    const { unit, size } = plan.rollingBatch;
    const batch = { type: unit === 'percent' ? 'CAPACITY_PERCENT' : 'INSTANCE_COUNT', value: size };
    return {
      ...rollback,
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
    ...rollback,
    blueGreenUpdatePolicy: {
      // CloudFormation's schema calls the interval optional; the API requires it (TrafficRoutingConfig).
      trafficRoutingConfiguration: { type: 'ALL_AT_ONCE', waitIntervalInSeconds: 0 },
      terminationWaitInSeconds: BAKING_SECONDS,
      maximumExecutionTimeoutInSeconds,
    },
  };
}
