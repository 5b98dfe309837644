import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { Environment } from '../../config/environment';
import { BUCKET_LOGS } from './log-prefixes';
import { removalPolicyOf } from './removal-policy';

export interface SecureBucketProps {
  readonly environment: Environment;
  /**
   * Key of every object.
   *
   * @default - S3's own AES-256 keys, the only ones that S3 and load balancers can deliver logs under
   */
  readonly encryptionKey?: kms.IKey;
  /**
   * A {@link LogBucket} that receives this bucket's server access logs, under its path in lower case.
   * S3 delivers only within one account and region.
   *
   * @default - none: the bucket is itself a log destination
   */
  readonly accessLogs?: s3.IBucket;
  /** Rules besides the clean-up of unfinished uploads and of old versions. @default - none */
  readonly lifecycleRules?: readonly s3.LifecycleRule[];
  /** Days after which a version that was replaced or deleted goes for good. @default 90 */
  readonly noncurrentVersionDays?: number;
}

/**
 * A private, versioned, encrypted bucket that refuses plain HTTP and TLS below 1.2.
 * It empties itself on removal only where the environment destroys its data.
 */
export class SecureBucket extends s3.Bucket {
  constructor(scope: Construct, id: string, props: SecureBucketProps) {
    const { environment, encryptionKey, accessLogs } = props;
    const removalPolicy = removalPolicyOf(environment);
    super(scope, id, {
      encryption: encryptionKey ? s3.BucketEncryption.KMS : s3.BucketEncryption.S3_MANAGED,
      encryptionKey,
      bucketKeyEnabled: encryptionKey ? true : undefined,
      versioned: true,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      lifecycleRules: [
        {
          abortIncompleteMultipartUploadAfter: Duration.days(7),
          noncurrentVersionExpiration: Duration.days(props.noncurrentVersionDays ?? 90),
        },
        ...(props.lifecycleRules ?? []),
      ],
      removalPolicy,
      autoDeleteObjects: removalPolicy === RemovalPolicy.DESTROY,
    });
    if (accessLogs) {
      (this.node.defaultChild as s3.CfnBucket).loggingConfiguration = {
        destinationBucketName: accessLogs.bucketName,
        logFilePrefix: `${BUCKET_LOGS}/${this.node.path.toLowerCase()}/`,
      };
    }
  }
}
