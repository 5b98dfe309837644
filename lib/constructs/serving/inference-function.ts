import { Duration, Stack } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { BUNDLED_HANDLER } from '../../../lambda/function-bundle';
import { bundleInference } from '../../../lambda/inference/bundle-inference';
import type { InferenceConfiguration, Routes } from '../../../lambda/inference/inference-configuration';
import { SPECIALISTS, type Specialist } from '../../../models/catalogue';
import { sha256 } from '../../../models/contract/contract-file';
import { readSpecialistFolder } from '../../../models/contract/specialist-folder';
import { challengersOf } from '../../config/challengers';
import { acknowledge } from '../../compliance/acknowledge';
import type { Environment } from '../../config/environment';
import { INFERENCE_MEMORY_MB } from '../../plan/cost/call-cost';
import type { EndpointPlan } from '../../plan/hosting/endpoint-plan';
import { projectPath } from '../../util/project-path';
import { cachedBundle } from '../common/bundle-cache';
import type { CaptureStore } from './capture-store';
import type { EncryptionKey } from '../common/encryption-key';
import type { InvocableFunction } from '../common/invocable';
import { ServiceLogGroup } from '../common/log-group';
import { MAX_PAYLOAD_BYTES, type ModelEndpoint } from './model-endpoint';
import type { ModelStore } from '../model-store/model-store';

export interface InferenceFunctionProps {
  readonly environment: Environment;
  readonly encryptionKey: EncryptionKey;
  readonly endpoints: readonly ModelEndpoint[];
  /** Specialists that the function serves itself, from the store's artifacts. */
  readonly embedded: readonly Specialist[];
  readonly store: ModelStore;
  /** Where samples of rows and answers are kept. @default - none are */
  readonly capture?: CaptureStore | undefined;
}

/**
 * How long an endpoint may take before the function answers itself, in ms: a serverless one its cold start within
 * InvokeEndpoint's minute, a multi-model one the loading of a model, and others a model that is always there.
 */
const PATIENCE_MS: Readonly<Record<EndpointPlan['mode'], number>> = {
  serverless: 60_000,
  shared: 30_000,
  dedicated: 5000,
};

/** Specialists that the function can answer for: those that it serves, and, as a fallback, all of them. */
function heldBy({ environment, embedded }: InferenceFunctionProps): readonly Specialist[] {
  return environment.inference.fallback ? SPECIALISTS : embedded;
}

function bundle(props: InferenceFunctionProps): string {
  const { environment, store } = props;
  const held = heldBy(props);
  const challengers = challengersOf(environment);
  const folders = Object.fromEntries(challengers.map(({ specialist, folder }) => [specialist, folder]));
  const contents = [
    ...SPECIALISTS.map((name) => `${name} ${store.contentHash(name)}`),
    ...held,
    ...challengers.map(({ specialist, folder }) => {
      const { files } = readSpecialistFolder(folder);
      return `${specialist} ${Object.values(files).map(sha256).join(' ')}`;
    }),
  ];
  const label = `inference-${sha256(Buffer.from(contents.join('\n'))).slice(0, 16)}`;
  return cachedBundle(label, ['lambda', 'models'], (folder) =>
    bundleInference(folder, {
      specialists: SPECIALISTS,
      embedded: held,
      challengers: folders,
      modelsFolder: store.modelsFolder,
      root: projectPath(),
    }),
  );
}

/** Where each specialist is served, as the function reads it. */
function routesOf({ endpoints, embedded }: InferenceFunctionProps): Routes {
  const routes: { -readonly [Name in keyof Routes]: Routes[Name] } = {};
  for (const endpoint of endpoints) {
    const { mode, name, specialists } = endpoint.plan;
    for (const specialist of specialists) {
      const targetModel = endpoint.targetModel(specialist);
      routes[specialist] = {
        endpointName: name,
        ...(targetModel === undefined ? {} : { targetModel }),
        maxPayloadBytes: MAX_PAYLOAD_BYTES[mode],
        patienceMs: PATIENCE_MS[mode],
      };
    }
  }
  for (const specialist of embedded) routes[specialist] = { embedded: true };
  return routes;
}

function configurationOf(props: InferenceFunctionProps): InferenceConfiguration {
  const { environment, capture } = props;
  const trials = SPECIALISTS.flatMap((name) => {
    const trial = environment.inference.challengers[name];
    return trial === undefined ? [] : [[name, { share: trial.share, shadow: trial.shadow }] as const];
  });
  return {
    environment: environment.name,
    routes: routesOf(props),
    fallback: environment.inference.fallback,
    challengers: Object.fromEntries(trials),
    ...(capture && { capture: { bucket: capture.bucket.bucketName, sampleRate: capture.sampleRate } }),
  };
}

/**
 * The one door in front of all models. Its role may invoke exactly the plan's endpoints, write its own log and traces,
 * keep samples where the environment asks for them, and nothing else; its Function URL admits only callers with IAM
 * permission.
 */
export class InferenceFunction extends Construct implements InvocableFunction {
  readonly function: lambda.Function;

  constructor(scope: Construct, id: string, props: InferenceFunctionProps) {
    super(scope, id);
    const { environment, encryptionKey } = props;
    const logGroup = new ServiceLogGroup(this, 'Logs', { environment, encryptionKey });
    const role = new iam.Role(this, 'Role', {
      description: 'The inference Lambda: its endpoints, its own log and traces, nothing else',
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    });
    logGroup.grantWrite(role);
    for (const endpoint of props.endpoints) endpoint.grantInvoke(role);
    props.capture?.grantCapture(role);
    this.function = new lambda.Function(this, 'Function', {
      description: `Routes flows to the specialists of ${environment.name}`,
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      handler: BUNDLED_HANDLER,
      code: lambda.Code.fromAsset(bundle(props)),
      memorySize: INFERENCE_MEMORY_MB,
      // A serverless endpoint may need its whole minute when it starts cold.
      timeout: Duration.seconds(65),
      role,
      logGroup,
      loggingFormat: lambda.LoggingFormat.JSON,
      tracing: lambda.Tracing.ACTIVE,
      environment: { INFERENCE: Stack.of(this).toJsonString(configurationOf(props)) },
    });
    acknowledge(role, {
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason:
        'X-Ray segments belong to no resource: xray:PutTraceSegments and PutTelemetryRecords take * only.',
    });
    this.function.addFunctionUrl({ authType: lambda.FunctionUrlAuthType.AWS_IAM });
  }

  get functionArn(): string {
    return this.function.functionArn;
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
