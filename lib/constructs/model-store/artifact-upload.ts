import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { BucketDeployment, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';
import { acknowledge } from '../../compliance/acknowledge';
import type { Environment } from '../../config/environment';
import type { EncryptionKey } from '../common/encryption-key';
import { ServiceLogGroup } from '../common/log-group';

/** Id of the function that every bucket deployment of a stack shares. */
const HANDLER = /^Custom::CDKBucketDeployment/;

export interface ArtifactUploadProps {
  readonly environment: Environment;
  readonly bucket: s3.IBucket;
  readonly encryptionKey: EncryptionKey;
  /** Folder whose content goes into the bucket. */
  readonly folder: string;
  /** Prefix in the bucket, without a slash at either end. */
  readonly prefix: string;
  /**
   * Every key below the prefix that the folder holds: the upload may write these and nothing else. Other content needs
   * another key.
   */
  readonly keys: readonly string[];
}

/**
 * Copies artifacts into the model bucket at deploy time. The copying function gets a role of ours instead of the
 * construct's own, which may read every asset and write and delete everywhere in the bucket. Nothing is ever removed.
 */
export class ArtifactUpload extends Construct {
  constructor(scope: Construct, id: string, props: ArtifactUploadProps) {
    super(scope, id);
    const { bucket, encryptionKey, prefix } = props;
    // The keys carry the hash of what they hold: megabytes need not be read again to name the whole.
    const archive = new Asset(this, 'Archive', { path: props.folder, assetHash: props.keys.join() });
    const logGroup = new ServiceLogGroup(this, 'Logs', { environment: props.environment, encryptionKey });
    const role = this.roleFor(props, archive, encryptionKey);
    const logging = logGroup.grantWrite(role);

    const deployment = new BucketDeployment(this, 'Deployment', {
      sources: [Source.bucket(archive.bucket, archive.s3ObjectKey)],
      destinationBucket: bucket,
      destinationKeyPrefix: `${prefix}/`,
      prune: false,
      role: role.withoutPolicyUpdates(),
      logGroup,
      outputObjectKeys: false,
    });
    deployment.node.addDependency(role, logging);
    // The construct shares its function over the stack, so that is where it stands in the tree.
    for (const handler of Stack.of(this).node.children.filter(({ node }) => HANDLER.test(node.id))) {
      acknowledge(handler, {
        id: 'AwsSolutions-L1',
        reason:
          'The runtime is chosen by the CDK construct, whose handler is tested with it; it moves with aws-cdk-lib.',
      });
    }
  }

  private roleFor(props: ArtifactUploadProps, archive: Asset, key: kms.IKey): iam.Role {
    const { bucket, prefix, keys } = props;
    const role = new iam.Role(this, 'Role', {
      description: 'Copies model artifacts from the deployment assets into the model bucket',
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    });
    role.addToPolicy(
      new iam.PolicyStatement({
        sid: 'ReadArchive',
        actions: ['s3:GetObject'],
        resources: [archive.bucket.arnForObjects(archive.s3ObjectKey)],
      }),
    );
    role.addToPolicy(
      new iam.PolicyStatement({
        sid: 'WriteArtifacts',
        actions: ['s3:PutObject'],
        resources: keys.map((name) => bucket.arnForObjects(`${prefix}/${name}`)),
      }),
    );
    role.addToPolicy(
      new iam.PolicyStatement({
        sid: 'CompareArtifacts',
        actions: ['s3:ListBucket'],
        resources: [bucket.bucketArn],
        conditions: { StringLike: { 's3:prefix': `${prefix}/*` } },
      }),
    );
    role.addToPolicy(
      new iam.PolicyStatement({
        sid: 'EncryptArtifacts',
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: [key.keyArn],
      }),
    );
    return role;
  }
}
