import { Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { CAPTURE_PREFIX } from '../../../lambda/inference/capture/capture-format';
import { acknowledge } from '../../compliance/acknowledge';
import type { Environment } from '../../config/environment';
import type { EncryptionKey } from '../common/encryption-key';
import { wildcardResource } from '../common/finding-ids';
import { SecureBucket } from '../common/secure-bucket';

export interface CaptureStoreProps {
  readonly environment: Environment;
  /** What is kept, and for how long. */
  readonly capture: NonNullable<Environment['inference']['capture']>;
  readonly encryptionKey: EncryptionKey;
  /** Log bucket of the environment: who read the captures stands there. */
  readonly accessLogs: s3.IBucket;
}

/**
 * Where the inference function keeps samples of what it was asked and what it answered. Flows name hosts by their
 * behaviour, so nobody but the writer and the reader that are granted here may touch them, and they go by themselves.
 */
export class CaptureStore extends Construct {
  readonly bucket: s3.IBucket;
  /** Share of requests that are kept: above 0, at most 1. */
  readonly sampleRate: number;
  private readonly encryptionKey: EncryptionKey;

  constructor(scope: Construct, id: string, props: CaptureStoreProps) {
    super(scope, id);
    const { environment, capture, encryptionKey, accessLogs } = props;
    this.sampleRate = capture.sampleRate;
    this.encryptionKey = encryptionKey;
    this.bucket = new SecureBucket(this, 'Bucket', {
      environment,
      encryptionKey,
      accessLogs,
      // Versions are there against overwriting, which nothing here does; an expired capture shall not live on as one.
      noncurrentVersionDays: 1,
      lifecycleRules: [
        { expiration: Duration.days(capture.retentionDays) },
        { expiredObjectDeleteMarker: true },
      ],
    });
  }

  /** Lets a role add captures, and neither read nor remove any. */
  grantCapture(role: iam.Role): void {
    const objects = this.bucket.arnForObjects(`${CAPTURE_PREFIX}/*`);
    role.addToPolicy(
      new iam.PolicyStatement({ sid: 'WriteCaptures', actions: ['s3:PutObject'], resources: [objects] }),
    );
    // A single PutObject needs a data key and, unlike a multipart upload, no decryption.
    this.allowKey(role, 'EncryptCaptures', 'kms:GenerateDataKey');
    this.accept(role, objects, 'Captures are named by day and request as they come; one prefix is written.');
  }

  /** Lets a role list and read captures, and nothing else in the bucket. */
  grantRead(role: iam.Role): void {
    const objects = this.bucket.arnForObjects(`${CAPTURE_PREFIX}/*`);
    role.addToPolicy(
      new iam.PolicyStatement({
        sid: 'ListCaptures',
        actions: ['s3:ListBucket'],
        resources: [this.bucket.bucketArn],
        conditions: { StringLike: { 's3:prefix': `${CAPTURE_PREFIX}/*` } },
      }),
    );
    role.addToPolicy(
      new iam.PolicyStatement({ sid: 'ReadCaptures', actions: ['s3:GetObject'], resources: [objects] }),
    );
    this.allowKey(role, 'DecryptCaptures', 'kms:Decrypt');
    this.accept(role, objects, 'Captures are named by day and request as they come; one prefix is read.');
  }

  /**
   * Through S3 and for this bucket alone, whatever else the key protects: with a bucket key, S3 gives the bucket's ARN
   * as encryption context (AWS: Reducing the cost of SSE-KMS with Amazon S3 Bucket Keys).
   */
  private allowKey(role: iam.Role, sid: string, action: string): void {
    role.addToPolicy(
      new iam.PolicyStatement({
        sid,
        actions: [action],
        resources: [this.encryptionKey.keyArn],
        conditions: {
          StringEquals: {
            'kms:ViaService': `s3.${Stack.of(this).region}.amazonaws.com`,
            'kms:EncryptionContext:aws:s3:arn': this.bucket.bucketArn,
          },
        },
      }),
    );
  }

  private accept(role: iam.Role, objects: string, reason: string): void {
    acknowledge(role, { id: wildcardResource(objects), reason });
  }
}
