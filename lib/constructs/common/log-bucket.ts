import { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { acknowledge } from '../../compliance/acknowledge';
import type { Environment } from '../../config/environment';
import { BUCKET_LOGS, LOAD_BALANCER_LOGS } from './log-prefixes';
import { findingsOf } from './finding-ids';
import { SecureBucket } from './secure-bucket';

export interface LogBucketProps {
  readonly environment: Environment;
}

/**
 * Destination of an environment's access logs, which it keeps for `operations.logRetentionDays`. Only S3 and, once
 * admitted, load balancers write to it, on behalf of this account's resources alone.
 */
export class LogBucket extends SecureBucket {
  constructor(scope: Construct, id: string, { environment }: LogBucketProps) {
    super(scope, id, {
      environment,
      noncurrentVersionDays: 1,
      lifecycleRules: [{ expiration: Duration.days(environment.operations.logRetentionDays) }],
    });
    acknowledge(this, {
      id: findingsOf('S3DefaultEncryptionKMS'),
      reason:
        'S3 and Elastic Load Balancing deliver access logs only to buckets under SSE-S3; with a KMS key they deliver none.',
    });
    this.allowBuckets();
  }

  /**
   * For whichever bucket of the account: naming the buckets here would tie this stack to those that log to it. By
   * policy, because the ACL that CDK falls back to is refused by buckets that own all their objects.
   */
  private allowBuckets(): void {
    this.addToResourcePolicy(
      new iam.PolicyStatement({
        principals: [new iam.ServicePrincipal('logging.s3.amazonaws.com')],
        actions: ['s3:PutObject'],
        resources: [this.arnForObjects(`${BUCKET_LOGS}/*`)],
        conditions: { StringEquals: { 'aws:SourceAccount': this.stack.account } },
      }),
    );
  }

  /** Lets this account's load balancers of the stack's region write below {@link LOAD_BALANCER_LOGS}. */
  allowLoadBalancers(): void {
    const { account } = this.stack;
    this.addToResourcePolicy(
      new iam.PolicyStatement({
        principals: [new iam.ServicePrincipal('logdelivery.elasticloadbalancing.amazonaws.com')],
        actions: ['s3:PutObject'],
        // ELB appends AWSLogs and the account to the prefix itself.
        resources: [this.arnForObjects(`${LOAD_BALANCER_LOGS}/AWSLogs/${account}/*`)],
        conditions: {
          ArnLike: {
            'aws:SourceArn': this.stack.formatArn({
              service: 'elasticloadbalancing',
              resource: 'loadbalancer',
              resourceName: '*',
            }),
          },
        },
      }),
    );
  }
}
