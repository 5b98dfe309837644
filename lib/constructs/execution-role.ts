import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Specialist } from '../../models/catalogue';
import { acknowledge } from '../compliance/acknowledge';
import { wildcardResource } from './finding-ids';
import type { ModelImage } from './model-image';
import { ARTIFACT_PREFIX, type ModelStore } from './model-store';
import { ownServicePrincipal } from './service-principal';

export interface ExecutionRoleProps {
  readonly specialists: readonly Specialist[];
  readonly store: ModelStore;
  readonly image: ModelImage;
  readonly logGroup: logs.ILogGroup;
  /** Alarms that roll an update of the endpoint back; they may be created later. */
  readonly rollbackAlarmNames: readonly string[];
  /** Whether SageMaker loads the models from a prefix, which it has to list. */
  readonly multiModel: boolean;
}

/**
 * The role that SageMaker runs one endpoint's container under: its own artifacts, its own image, its own log group,
 * its own rollback alarms, and the two permissions that AWS offers no resource for.
 */
export class ExecutionRole extends iam.Role {
  constructor(scope: Construct, id: string, props: ExecutionRoleProps) {
    const { specialists, store, image, logGroup } = props;
    super(scope, id, {
      description: `SageMaker serves ${specialists.join(', ')}`,
      // AWS documents this form of the source: the endpoint does not exist yet when the role is first assumed.
      assumedBy: ownServicePrincipal(scope, 'sagemaker.amazonaws.com', {
        service: 'sagemaker',
        resource: '*',
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
    });
    this.allowArtifacts(props);
    this.addToPolicy(
      new iam.PolicyStatement({
        sid: 'PullImage',
        actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
        resources: [image.repository.repositoryArn],
      }),
    );
    this.addToPolicy(
      new iam.PolicyStatement({
        sid: 'LogInToRegistry',
        actions: ['ecr:GetAuthorizationToken'],
        resources: ['*'],
      }),
    );
    this.addToPolicy(
      new iam.PolicyStatement({
        sid: 'WriteMetrics',
        actions: ['cloudwatch:PutMetricData'],
        resources: ['*'],
        conditions: { StringLike: { 'cloudwatch:namespace': '/aws/sagemaker/*' } },
      }),
    );
    logGroup.grant(this, 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents');
    this.allowRollbackAlarms(props);
    store.encryptionKey.grantDecrypt(this);
    acknowledge(this, {
      id: wildcardResource('*'),
      reason:
        'AWS defines no resource for ecr:GetAuthorizationToken and cloudwatch:PutMetricData; the latter is held to the /aws/sagemaker namespaces by a condition.',
    });
  }

  private allowRollbackAlarms({ rollbackAlarmNames }: ExecutionRoleProps): void {
    if (rollbackAlarmNames.length === 0) return;
    // SageMaker reads the state of the alarms under this role. (SageMaker AI guide, "Auto-Rollback Configuration and
    // Monitoring".) Metric alarms can be named; only composite ones take `*`. (CloudWatch API, DescribeAlarms.)
    this.addToPolicy(
      new iam.PolicyStatement({
        sid: 'ReadRollbackAlarms',
        actions: ['cloudwatch:DescribeAlarms'],
        resources: rollbackAlarmNames.map((resourceName) =>
          Stack.of(this).formatArn({
            service: 'cloudwatch',
            resource: 'alarm',
            resourceName,
            arnFormat: ArnFormat.COLON_RESOURCE_NAME,
          }),
        ),
      }),
    );
  }

  private allowArtifacts(props: ExecutionRoleProps): void {
    const { specialists, store, multiModel } = props;
    if (multiModel) return this.allowArtifactsOfEveryVersion(props);
    this.addToPolicy(
      new iam.PolicyStatement({
        sid: 'ReadArtifacts',
        actions: ['s3:GetObject'],
        resources: specialists.map((name) => store.artifactArn(name)),
      }),
    );
  }

  /** A multi-model endpoint changes from one artifact to the next without an update, so it must be able to read both. */
  private allowArtifactsOfEveryVersion({ specialists, store }: ExecutionRoleProps): void {
    const resources = specialists.map((name) => store.artifactArn(name, '*'));
    this.addToPolicy(new iam.PolicyStatement({ sid: 'ReadArtifacts', actions: ['s3:GetObject'], resources }));
    this.addToPolicy(
      new iam.PolicyStatement({
        sid: 'ListArtifacts',
        actions: ['s3:ListBucket'],
        resources: [store.bucket.bucketArn],
        conditions: { StringLike: { 's3:prefix': `${ARTIFACT_PREFIX}/*` } },
      }),
    );
    acknowledge(this, {
      id: resources.map(wildcardResource),
      reason:
        'While callers move from one artifact to the next, the endpoint serves both; it reads every version of its own specialists and nothing else.',
    });
  }
}
