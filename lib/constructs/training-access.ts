import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { acknowledge } from '../compliance/acknowledge';
import { wildcardResource } from './finding-ids';

/** Where models are kept. */
export interface ModelStorage {
  /** Bucket that holds data sets, candidates and released models. */
  readonly modelBucket: s3.IBucket;
  /** Key of the bucket. */
  readonly modelKey: kms.IKey;
}

/**
 * What training takes from the model bucket and nothing else: to read `datasets/` and write `candidates/`.
 * What is served lies under other keys, so nobody who trains can change it.
 */
export class TrainingAccess extends iam.ManagedPolicy {
  constructor(scope: Construct, id: string, { modelBucket, modelKey }: ModelStorage) {
    const datasets = modelBucket.arnForObjects('datasets/*');
    const candidates = modelBucket.arnForObjects('candidates/*');
    super(scope, id, {
      description: 'Reads data sets and writes candidates in the model bucket',
      statements: [
        new iam.PolicyStatement({
          actions: ['s3:ListBucket'],
          resources: [modelBucket.bucketArn],
          conditions: { StringLike: { 's3:prefix': ['datasets/*', 'candidates/*'] } },
        }),
        new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: [datasets] }),
        new iam.PolicyStatement({
          actions: ['s3:PutObject', 's3:AbortMultipartUpload'],
          resources: [candidates],
        }),
        new iam.PolicyStatement({
          actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
          resources: [modelKey.keyArn],
        }),
      ],
    });
    acknowledge(this, {
      id: [wildcardResource(datasets), wildcardResource(candidates)],
      reason: 'Data sets and candidates are named as they come; one prefix is read, the other written.',
    });
  }
}
