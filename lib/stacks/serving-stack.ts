import { CfnOutput } from 'aws-cdk-lib';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { CaptureStore } from '../constructs/serving/capture-store';
import { DriftFunction } from '../constructs/serving/drift-function';
import { EncryptionKey } from '../constructs/common/encryption-key';
import type { RollbackAlarmsSwitch } from '../constructs/serving/endpoint-deployment';
import { InferenceFunction } from '../constructs/serving/inference-function';
import { ModelEndpoint } from '../constructs/serving/model-endpoint';
import type { ModelStore } from '../constructs/model-store/model-store';
import { environmentPrefix } from '../config/resource-names';
import type { EndpointPlan, Topology } from '../plan/hosting/endpoint-plan';
import { EnvironmentStack, type EnvironmentStackProps } from './environment-stack';

export interface ServingStackProps extends EnvironmentStackProps {
  readonly topology: Topology;
  readonly store: ModelStore;
  /** Log bucket of the environment. */
  readonly accessLogs: s3.IBucket;
  /** Whether alarms roll updates of endpoints back. @default 'on' */
  readonly rollbackAlarms?: RollbackAlarmsSwitch;
}

/** Construct id of an endpoint: its topology, so that another topology is another endpoint. */
function idOf({ name }: EndpointPlan, prefix: string): string {
  return `Endpoint-${name.startsWith(prefix) ? name.slice(prefix.length) : name}`;
}

/** Every endpoint of the plan, the function in front of them, and what watches the flows that it is asked about. */
export class ServingStack extends EnvironmentStack {
  readonly endpoints: readonly ModelEndpoint[];
  readonly inference: InferenceFunction;
  /** Only where requests are captured. */
  readonly drift?: DriftFunction;

  constructor(scope: Construct, id: string, props: ServingStackProps) {
    super(scope, id, props);
    const { environment, topology, store, accessLogs, rollbackAlarms } = props;
    const { capture: wanted } = environment.inference;
    const encryptionKey = new EncryptionKey(this, 'Key', {
      environment,
      description: 'Endpoint volumes and the logs of serving',
    });
    this.endpoints = topology.endpoints.map(
      (plan) =>
        new ModelEndpoint(this, idOf(plan, `${environmentPrefix(environment.name)}-`), {
          environment,
          plan,
          store,
          encryptionKey,
          rollbackAlarms,
        }),
    );
    if (topology.updateOrder === 'one-at-a-time') {
      this.endpoints.slice(1).forEach((endpoint, index) => {
        const previous = this.endpoints[index];
        if (previous !== undefined) endpoint.updateAfter(previous);
      });
    }
    const capture =
      wanted &&
      new CaptureStore(this, 'Captures', { environment, capture: wanted, encryptionKey, accessLogs });
    this.inference = new InferenceFunction(this, 'Inference', {
      environment,
      encryptionKey,
      endpoints: this.endpoints,
      embedded: topology.embedded,
      store,
      capture,
    });
    if (capture !== undefined) {
      this.drift = new DriftFunction(this, 'Drift', { environment, encryptionKey, store, captures: capture });
    }
    for (const endpoint of this.endpoints) endpoint.updateBefore(this.inference.function);
    new CfnOutput(this, 'InferenceFunctionName', {
      value: this.inference.function.functionName,
      description:
        'The inference Lambda; aws lambda get-function-url-config tells its URL, which callers sign for',
    });
  }
}
