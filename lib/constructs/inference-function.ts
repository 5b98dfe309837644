import { Duration } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { INFERENCE_HANDLER, bundleInference } from '../../lambda/inference/bundle';
import type { Routes } from '../../lambda/inference/routes';
import type { Specialist } from '../../models/catalogue';
import type { Environment } from '../config/schema';
import { INFERENCE_MEMORY_MB } from '../plan/call-cost';
import { projectPath } from '../project-path';
import { cachedBundle } from './bundle-cache';
import type { EncryptionKey } from './encryption-key';
import type { Invocable } from './invocable';
import { ServiceLogGroup } from './log-group';
import type { ModelEndpoint } from './model-endpoint';
import type { ModelStore } from './model-store';

export interface InferenceFunctionProps {
  readonly environment: Environment;
  readonly encryptionKey: EncryptionKey;
  readonly endpoints: readonly ModelEndpoint[];
  /** Specialists that the function serves itself, from the store's artifacts. */
  readonly embedded: readonly Specialist[];
  readonly store: ModelStore;
}

function bundle(embedded: readonly Specialist[], store: ModelStore): string {
  const contents = embedded.map((name) => `${name}-${store.contentHash(name).slice(0, 8)}`);
  return cachedBundle(['inference', ...contents].join('-'), ['lambda', 'models'], (folder) =>
    bundleInference(folder, { embedded, modelsFolder: store.modelsFolder, root: projectPath() }),
  );
}

/** Where each specialist is served, as the function reads it. */
function routesOf({ endpoints, embedded }: InferenceFunctionProps): Routes {
  const routes: { -readonly [Name in keyof Routes]: Routes[Name] } = {};
  for (const endpoint of endpoints) {
    for (const specialist of endpoint.plan.specialists) {
      const targetModel = endpoint.targetModel(specialist);
      routes[specialist] = {
        endpointName: endpoint.plan.name,
        ...(targetModel === undefined ? {} : { targetModel }),
      };
    }
  }
  for (const specialist of embedded) routes[specialist] = { embedded: true };
  return routes;
}

/**
 * The one door in front of all models. Its role may invoke exactly the plan's endpoints and write its own log, and
 * nothing else; its Function URL admits only callers with IAM permission.
 */
export class InferenceFunction extends Construct implements Invocable {
  readonly function: lambda.Function;

  constructor(scope: Construct, id: string, props: InferenceFunctionProps) {
    super(scope, id);
    const { environment, encryptionKey } = props;
    const logGroup = new ServiceLogGroup(this, 'Logs', { environment, encryptionKey });
    const role = new iam.Role(this, 'Role', {
      description: 'The inference Lambda: its endpoints and its own log, nothing else',
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    });
    logGroup.grantWrite(role);
    for (const endpoint of props.endpoints) endpoint.grantInvoke(role);
    this.function = new lambda.Function(this, 'Function', {
      description: `Routes flows to the specialists of ${environment.name}`,
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      handler: INFERENCE_HANDLER,
      code: lambda.Code.fromAsset(bundle(props.embedded, props.store)),
      memorySize: INFERENCE_MEMORY_MB,
      // A serverless endpoint may need its whole minute when it starts cold.
      timeout: Duration.seconds(65),
      role,
      logGroup,
      loggingFormat: lambda.LoggingFormat.JSON,
      environment: { ROUTES: JSON.stringify(routesOf(props)) },
    });
    this.function.addFunctionUrl({ authType: lambda.FunctionUrlAuthType.AWS_IAM });
  }

  /**
   * Lets a principal call the function, directly and through its URL. Unlike the function's own grants it leaves out
   * versions and aliases, which there are none of.
   */
  grantInvoke(grantee: iam.IGrantable): void {
    const resourceArns = [this.function.functionArn];
    iam.Grant.addToPrincipal({ grantee, actions: ['lambda:InvokeFunction'], resourceArns });
    iam.Grant.addToPrincipal({
      grantee,
      actions: ['lambda:InvokeFunctionUrl'],
      resourceArns,
      conditions: { StringEquals: { 'lambda:FunctionUrlAuthType': lambda.FunctionUrlAuthType.AWS_IAM } },
    });
  }

  /** Calls that ended in an error of the function itself. */
  metricErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.function.metricErrors(options);
  }

  /** Calls that AWS refused because the account's concurrency was used up. */
  metricThrottles(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.function.metricThrottles(options);
  }

  /** Time of a call, in ms. */
  metricDuration(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.function.metricDuration(options);
  }
}
