import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { acknowledge } from '../../compliance/acknowledge';
import { wildcardResource } from '../common/finding-ids';
import type { TrainingCode } from './training-code';

/** Below it in the model bucket lie the CSV files that models learn from. */
export const DATASET_PREFIX = 'datasets/';

/** Below it in the model bucket goes what was trained, until somebody releases it. */
export const CANDIDATE_PREFIX = 'candidates/';

/** Where models are kept. */
export interface ModelStorage {
  /** Bucket that holds data sets, candidates and released models. */
  readonly modelBucket: s3.IBucket;
  /** Key of the bucket. */
  readonly modelKey: kms.IKey;
}

export interface TrainingAccessProps extends ModelStorage {
  /** The code to train with. */
  readonly code: TrainingCode;
}

/**
 * What training takes and nothing else: to read its code and, in the model bucket, {@link DATASET_PREFIX}, and to
 * write {@link CANDIDATE_PREFIX}. What is served lies under other keys, so nobody who trains can change it.
 */
export class TrainingAccess extends iam.ManagedPolicy {
  constructor(scope: Construct, id: string, { modelBucket, modelKey, code }: TrainingAccessProps) {
    const datasets = modelBucket.arnForObjects(`${DATASET_PREFIX}*`);
    const candidates = modelBucket.arnForObjects(`${CANDIDATE_PREFIX}*`);
    super(scope, id, {
      description: 'Reads data sets and writes candidates in the model bucket',
      statements: [
        new iam.PolicyStatement({
          actions: ['s3:ListBucket'],
          resources: [modelBucket.bucketArn],
          conditions: { StringLike: { 's3:prefix': [`${DATASET_PREFIX}*`, `${CANDIDATE_PREFIX}*`] } },
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
        code.readStatement(),
      ],
    });
    acknowledge(this, {
      id: [wildcardResource(datasets), wildcardResource(candidates)],
      reason: 'Data sets and candidates are named as they come; one prefix is read, the other written.',
    });
  }
}
