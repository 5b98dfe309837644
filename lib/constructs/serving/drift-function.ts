import { Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { BUNDLED_HANDLER } from '../../../lambda/function-bundle';
import { bundleDrift } from '../../../lambda/drift/bundle-drift';
import type { DriftConfiguration } from '../../../lambda/drift/drift-configuration';
import { DRIFT_METRICS, DRIFT_NAMESPACE } from '../../../lambda/drift/drift-metrics';
import { SPECIALISTS, type Specialist } from '../../../models/catalogue';
import type { Environment } from '../../config/environment';
import { DRIFT_MEMORY_MB } from '../../plan/cost/observability-cost';
import { projectPath } from '../../util/project-path';
import { cachedBundle } from '../common/bundle-cache';
import type { CaptureStore } from './capture-store';
import type { EncryptionKey } from '../common/encryption-key';
import { ServiceLogGroup } from '../common/log-group';
import type { ModelStore } from '../model-store/model-store';

export interface DriftFunctionProps {
  readonly environment: Environment;
  readonly encryptionKey: EncryptionKey;
  readonly captures: CaptureStore;
  /** The models that are deployed, whose training data the captures are compared with. */
  readonly store: ModelStore;
}

function bundle(store: ModelStore): string {
  const contents = SPECIALISTS.map((name) => store.contentHash(name).slice(0, 8));
  return cachedBundle(['drift', ...contents].join('-'), ['lambda', 'models'], (folder) =>
    bundleDrift(folder, { modelsFolder: store.modelsFolder, root: projectPath() }),
  );
}

/**
 * Looks at the captures of the day before, every day at 01:00 UTC, and publishes how far the flows of each specialist
 * have moved away from its training data. Its role may read the captures and write its own log, and nothing else.
 *
 * A run that fails is tried twice more within six hours, as Lambda does with asynchronous events. After that an alarm
 * tells people, and the day can be run again by hand; no queue keeps the event, as it holds nothing but its time.
 */
export class DriftFunction extends Construct {
  private readonly function: lambda.Function;
  private readonly environment: Environment;

  constructor(scope: Construct, id: string, props: DriftFunctionProps) {
    super(scope, id);
    const { environment, encryptionKey, captures, store } = props;
    this.environment = environment;
    const logGroup = new ServiceLogGroup(this, 'Logs', { environment, encryptionKey });
    const role = new iam.Role(this, 'Role', {
      description: 'The drift Lambda: reads captures and writes its own log, nothing else',
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    });
    logGroup.grantWrite(role);
    captures.grantRead(role);
    const configuration: DriftConfiguration = {
      environment: environment.name,
      bucket: captures.bucket.bucketName,
    };
    this.function = new lambda.Function(this, 'Function', {
      description: `Measures how far the flows of ${environment.name} have moved away from the training data`,
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      handler: BUNDLED_HANDLER,
      code: lambda.Code.fromAsset(bundle(store)),
      memorySize: DRIFT_MEMORY_MB,
      timeout: Duration.minutes(15),
      retryAttempts: 2,
      maxEventAge: Duration.hours(6),
      role,
      logGroup,
      loggingFormat: lambda.LoggingFormat.JSON,
      environment: { DRIFT: Stack.of(this).toJsonString(configuration) },
    });
    new events.Rule(this, 'Daily', {
      description: `Measures the drift of ${environment.name} over the day before`,
      schedule: events.Schedule.cron({ hour: '1', minute: '0' }),
      targets: [new targets.LambdaFunction(this.function)],
    });
  }

  /** Population stability index of the feature of a specialist that moved most, once a day. */
  metricLargestPsi(specialist: Specialist, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: DRIFT_NAMESPACE,
      metricName: DRIFT_METRICS.largestPsi,
      dimensionsMap: { Environment: this.environment.name, Specialist: specialist },
      statistic: cloudwatch.Stats.MAXIMUM,
      period: Duration.days(1),
      ...options,
    });
  }

  /** Runs that failed, tries included. */
  metricErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.function.metricErrors(options);
  }
}
