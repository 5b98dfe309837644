import {
  Annotations,
  ArnFormat,
  CfnDeletionPolicy,
  type CfnResource,
  Duration,
  RemovalPolicy,
  Stack,
} from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sagemaker from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import type { Environment } from '../../config/environment';
import type { EndpointPlan } from '../../plan/hosting/endpoint-plan';
import type { EncryptionKey } from '../common/encryption-key';
import { deploymentConfig, noRollbackReason, type RollbackAlarmsSwitch } from './endpoint-deployment';
import { EndpointScaling } from './endpoint-scaling';
import { acceptNoVolumeKey, productionVariant, takesVolumeKey } from './endpoint-variant';
import { PRODUCTION_VARIANT } from '../../config/resource-names';
import { ExecutionRole } from './execution-role';
import type { Invocable } from '../common/invocable';
import { ServiceLogGroup } from '../common/log-group';
import { ModelImage } from './model-image';
import type { ModelStore } from '../model-store/model-store';
import { NO_ROLLBACK_REASON } from '../../compliance/sagemaker/rules/guarded-updates';
import { RollbackAlarms, rollbackAlarmNames } from './rollback-alarms';

const MIB = 1024 * 1024;

/**
 * Largest request that SageMaker passes on, in bytes, by hosting mode: 4 MB to a serverless endpoint (AWS,
 * "Serverless Inference", feature limits, 2026-11), and 6 MB as InvokeEndpoint has it elsewhere.
 */
export const MAX_PAYLOAD_BYTES: Readonly<Record<EndpointPlan['mode'], number>> = {
  serverless: 4 * MIB,
  dedicated: 6 * MIB,
  shared: 6 * MIB,
};

export interface ModelEndpointProps {
  readonly environment: Environment;
  readonly plan: EndpointPlan;
  readonly store: ModelStore;
  /** Key of the instances' volumes and of the log group. */
  readonly encryptionKey: EncryptionKey;
  /** Whether alarms roll an update back. @default 'on' */
  readonly rollbackAlarms?: RollbackAlarmsSwitch;
}

/**
 * Keeps the resource when an update of the stack replaces it, and deletes it with the stack. SageMaker can take an
 * update back and report success, so the clean-up of the stack would delete what the endpoint runs on: "You must not
 * delete an EndpointConfig in use by an endpoint that is live". (SageMaker API, DeleteEndpointConfig; the same loss
 * with Terraform: hashicorp/terraform-provider-aws#48997.)
 */
function keepWhenReplaced({ cfnOptions }: CfnResource): void {
  cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
  cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE;
}

/**
 * One entry of the plan as it runs: model, endpoint configuration, endpoint, scaling and rollback alarms.
 * Model and configuration are immutable in AWS, so they have no names of their own and are replaced; the endpoint
 * keeps its name and is updated in place.
 */
export class ModelEndpoint extends Construct implements Invocable {
  readonly plan: EndpointPlan;
  private readonly endpoint: sagemaker.CfnEndpoint;
  private readonly store: ModelStore;

  constructor(scope: Construct, id: string, props: ModelEndpointProps) {
    super(scope, id);
    const { plan, encryptionKey, store, rollbackAlarms = 'on' } = props;
    this.plan = plan;
    this.store = store;
    const config = new sagemaker.CfnEndpointConfig(this, 'Config', {
      productionVariants: [productionVariant(plan, this.createModel(props).attrModelName)],
      // On a serverless endpoint the key protects SageMaker's copy of the image.
      ...(takesVolumeKey(plan) ? { kmsKeyId: encryptionKey.keyArn } : {}),
      // On by default since 2026-06-17, and of no use here: it scrapes /metrics, which the model server does not have.
      metricsConfig: { enableDetailedObservability: false },
    });
    keepWhenReplaced(config);
    if (!takesVolumeKey(plan)) acceptNoVolumeKey(config);
    const unguarded = noRollbackReason(plan, rollbackAlarms);
    this.endpoint = new sagemaker.CfnEndpoint(this, 'Endpoint', {
      endpointName: plan.name,
      endpointConfigName: config.attrEndpointConfigName,
      // Keeps the count that autoscaling has reached. A fixed fleet must take the count of a new plan instead.
      ...(plan.scaling.kind === 'instances' ? { retainAllVariantProperties: true } : {}),
      ...(plan.mode === 'serverless'
        ? {}
        : { deploymentConfig: deploymentConfig(plan, this.rollbackAlarms(props, config, unguarded)) }),
    });
    if (unguarded !== undefined) this.endpoint.addMetadata(NO_ROLLBACK_REASON, unguarded);
    const scaling = new EndpointScaling(this, 'Scaling', { plan });
    scaling.node.addDependency(this.endpoint);
  }

  /** Updates this endpoint only once the other is done, so that never two second fleets stand at a time. */
  updateAfter(other: ModelEndpoint): void {
    this.endpoint.addResourceDependency(other.endpoint);
  }

  /**
   * Updates whatever calls the endpoint only once the endpoint is done. On nothing but the endpoint itself: a new
   * artifact brings a new model, which must not touch the caller.
   */
  updateBefore(caller: lambda.Function): void {
    (caller.node.defaultChild as lambda.CfnFunction).addResourceDependency(this.endpoint);
  }

  /** Key below the artifact prefix that a caller names, where one endpoint serves several specialists. */
  targetModel(specialist: EndpointPlan['specialists'][number]): string | undefined {
    return this.plan.mode === 'shared' ? this.store.targetModel(specialist) : undefined;
  }

  /**
   * Lets a principal invoke this endpoint and no other; on a multi-model endpoint, with models of the specialists
   * that the plan put there: of any version, as a caller moves to a new one only after its permissions did.
   */
  grantInvoke(grantee: iam.IGrantable): iam.Grant {
    const targets = this.plan.mode === 'shared' ? this.plan.specialists.map((name) => `${name}/*`) : [];
    return iam.Grant.addToPrincipal({
      grantee,
      actions: ['sagemaker:InvokeEndpoint'],
      resourceArns: [
        Stack.of(this).formatArn({
          service: 'sagemaker',
          resource: 'endpoint',
          resourceName: this.plan.name,
          arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
        }),
      ],
      ...(targets.length > 0 ? { conditions: { StringLike: { 'sagemaker:TargetModel': targets } } } : {}),
    });
  }

  /** Requests to the endpoint. */
  metricInvocations(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('Invocations', { statistic: cloudwatch.Stats.SUM, ...options });
  }

  /** Requests that the model server answered with a 5xx. */
  metricServerErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('Invocation5XXErrors', { statistic: cloudwatch.Stats.SUM, ...options });
  }

  /** Requests that the model server refused with a 4xx. */
  metricClientErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('Invocation4XXErrors', { statistic: cloudwatch.Stats.SUM, ...options });
  }

  /** Time that the container took to answer, in **micro**seconds, as SageMaker publishes it. */
  metricModelLatency(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('ModelLatency', { statistic: cloudwatch.Stats.percentile(95), ...options });
  }

  private metric(metricName: string, options: cloudwatch.MetricOptions): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: 'AWS/SageMaker',
      metricName,
      dimensionsMap: { EndpointName: this.plan.name, VariantName: PRODUCTION_VARIANT },
      period: Duration.minutes(1),
      ...options,
    });
  }

  /** Alarms that roll an update back. They exist in any case, so that to deploy without them changes nothing else. */
  private rollbackAlarms(
    { environment }: ModelEndpointProps,
    config: sagemaker.CfnEndpointConfig,
    unguarded: string | undefined,
  ): readonly string[] {
    const configName = config.attrEndpointConfigName;
    const { names } = new RollbackAlarms(this, 'Rollback', { endpoint: this, environment, configName });
    if (unguarded === undefined) return names;
    Annotations.of(this).addWarningV2('mini-xdr:rollback-alarms-off', unguarded);
    return [];
  }

  private createModel({ plan, store, environment, encryptionKey }: ModelEndpointProps): sagemaker.CfnModel {
    const image = ModelImage.of(this, plan.mode === 'serverless' ? 'x86_64' : plan.architecture);
    const logGroup = new ServiceLogGroup(this, 'Logs', {
      environment,
      encryptionKey,
      logGroupName: `/aws/sagemaker/Endpoints/${plan.name}`,
      // A kept group would hold the fixed name, and a plan that comes back to this endpoint could not be deployed.
      // The log has a line for each request and nothing of its payload.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const shared = plan.mode === 'shared';
    const [first] = plan.specialists;
    if (first === undefined) throw new Error(`endpoint ${plan.name} serves no specialist`);
    const role = new ExecutionRole(this, 'Role', {
      specialists: plan.specialists,
      store,
      image,
      logGroup,
      // Serverless endpoints have no guarded updates.
      rollbackAlarmNames: plan.mode === 'serverless' ? [] : Object.values(rollbackAlarmNames(plan.name)),
      multiModel: shared,
    });
    const model = new sagemaker.CfnModel(this, 'Model', {
      executionRoleArn: role.roleArn,
      // Serverless endpoints refuse network isolation, and for multi-model endpoints AWS documents neither.
      enableNetworkIsolation: plan.mode === 'dedicated',
      primaryContainer: {
        image: image.imageUri,
        mode: shared ? 'MultiModel' : 'SingleModel',
        environment: {
          MAX_PAYLOAD_BYTES: String(MAX_PAYLOAD_BYTES[plan.mode]),
          ...(shared ? { SAGEMAKER_MULTI_MODEL: 'true' } : {}),
        },
        modelDataUrl: shared ? store.artifactsUrl() : store.artifactUrl(first),
      },
    });
    // Brings the role's policy along, and with it every permission before the endpoint.
    model.node.addDependency(role);
    keepWhenReplaced(model);
    return model;
  }
}
