import { Construct } from 'constructs';
import type { RollbackAlarmsSwitch } from './constructs/serving/endpoint-deployment';
import type { LoadBalancer } from './constructs/platform/load-balancer';
import { backendConfiguration } from './plan/backend-configuration';
import type { DeploymentPlan } from './plan/deployment-plan';
import { environmentPrefix } from './config/resource-names';
import { DataStack } from './stacks/data-stack';
import { ModelStoreStack } from './stacks/model-store-stack';
import { NetworkStack } from './stacks/network-stack';
import { OperationsStack } from './stacks/operations-stack';
import { PlatformStack } from './stacks/platform-stack';
import { ServingStack } from './stacks/serving-stack';
import { WorkbenchStack } from './stacks/workbench-stack';

export interface EnvironmentStageProps {
  readonly plan: DeploymentPlan;
  /** Folder that holds one folder for each specialist. */
  readonly modelsFolder: string;
  /** Whether alarms roll updates of endpoints back. @default 'on' */
  readonly rollbackAlarms?: RollbackAlarmsSwitch;
}

/**
 * Every stack of one environment. A construct and no `cdk.Stage`, because `cdk deploy --all` looks at the main
 * assembly only and would find nothing in a nested one.
 */
export class EnvironmentStage extends Construct {
  readonly store: ModelStoreStack;

  constructor(scope: Construct, { plan, modelsFolder, rollbackAlarms }: EnvironmentStageProps) {
    super(scope, environmentPrefix(plan.environment.name));
    const env = plan.target;
    const environment = { ...plan.environment, ...env };
    const { vpc } = new NetworkStack(this, 'Network', { environment }).network;
    this.store = new ModelStoreStack(this, 'ModelStore', { environment, modelsFolder });
    const { store, accessLogs } = this.store;
    const { endpoints, inference, drift } = new ServingStack(this, 'Serving', {
      environment,
      store,
      accessLogs,
      topology: plan.topology,
      rollbackAlarms,
    });
    const database = environment.database.enabled
      ? new DataStack(this, 'Data', { environment, vpc }).database
      : undefined;
    let loadBalancer: LoadBalancer | undefined;
    if (environment.platform.enabled) {
      const endpointConfiguration = backendConfiguration(plan, (specialist) => store.targetModel(specialist));
      ({ loadBalancer } = new PlatformStack(this, 'Platform', {
        environment,
        vpc,
        accessLogs,
        database,
        endpoints,
        inference,
        endpointConfiguration,
      }));
    }
    if (WorkbenchStack.isWanted(environment)) {
      const { bucket: modelBucket, encryptionKey: modelKey } = store;
      new WorkbenchStack(this, 'Workbench', { environment, vpc, modelBucket, modelKey });
    }
    new OperationsStack(this, 'Operations', {
      environment,
      endpoints,
      inference,
      drift,
      database,
      loadBalancer,
    });
  }
}
