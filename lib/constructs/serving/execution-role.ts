import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Specialist } from '../../../models/catalogue';
import { acknowledge } from '../../compliance/acknowledge';
import { wildcardResource } from '../common/finding-ids';
import type { ModelImage } from './model-image';
import { ARTIFACT_PREFIX, type ModelStore } from '../model-store/model-store';
import { ownServicePrincipal } from '../common/service-principal';

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
 * The role that SageMaker runs one endpoint's container under: the artifacts of its own specialists, the image, its
 * own log group, its own rollback alarms, and the two permissions that AWS offers no resource for.
 *
 * The endpoint keeps one role for life. A fleet still scales out under it when SageMaker has gone back to the model
 * before, so nothing in it may name the current artifact alone.
 */
export class ExecutionRole extends iam.Role {
  constructor(scope: Construct, id: string, props: ExecutionRoleProps) {
    const { specialists, store } = props;
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
    this.allowImage(props);
    this.allowObservation(props);
    store.encryptionKey.grantDecrypt(this);
    acknowledge(this, {
      id: wildcardResource('*'),
      reason:
        'AWS defines no resource for ecr:GetAuthorizationToken and cloudwatch:PutMetricData; the latter is held to the /aws/sagemaker namespaces by a condition.',
    });
  }

  private allowArtifacts({ specialists, store, multiModel }: ExecutionRoleProps): void {
    const resources = specialists.map((name) => store.artifactsArn(name));
    this.addToPolicy(new iam.PolicyStatement({ sid: 'ReadArtifacts', actions: ['s3:GetObject'], resources }));
    acknowledge(this, {
      id: resources.map(wildcardResource),
      reason:
        'After an update and after a rolled-back one, instances of the version before still start. The role reads every version of its own specialists, which only the upload may write, and no other specialist.',
    });
    if (!multiModel) return;
    this.addToPolicy(
      new iam.PolicyStatement({
        sid: 'ListArtifacts',
        actions: ['s3:ListBucket'],
        resources: [store.bucket.bucketArn],
        // AWS does not say whether SageMaker asks for the prefix with its slash or without it.
        conditions: { StringLike: { 's3:prefix': [ARTIFACT_PREFIX, `${ARTIFACT_PREFIX}/*`] } },
      }),
    );
  }

  private allowImage({ image }: ExecutionRoleProps): void {
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
  }

  /** Metrics, logs, and the alarms that SageMaker looks at during an update. */
  private allowObservation({ logGroup, rollbackAlarmNames }: ExecutionRoleProps): void {
    this.addToPolicy(
      new iam.PolicyStatement({
        sid: 'WriteMetrics',
        actions: ['cloudwatch:PutMetricData'],
        resources: ['*'],
        conditions: { StringLike: { 'cloudwatch:namespace': '/aws/sagemaker/*' } },
      }),
    );
    // The group exists, but AWS lists CreateLogGroup for this role (SageMaker AI guide, "CreateModel API: Execution
    // Role Permissions"), and a service that creates the group first may give up its logs when that is denied, as
    // EC2 Image Builder does (aws/ec2-image-builder-roadmap#109). CloudFormation removes this permission before the
    // group, so that late logs cannot bring the group back.
    logGroup.grant(
      this,
      'logs:CreateLogGroup',
      'logs:CreateLogStream',
      'logs:DescribeLogStreams',
      'logs:PutLogEvents',
    );
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
}
