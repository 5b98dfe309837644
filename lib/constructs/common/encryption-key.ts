import { type ArnComponents, ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { Environment } from '../../config/environment';
import { removalPolicyOf } from './removal-policy';

export interface EncryptionKeyProps {
  readonly environment: Environment;
  /** What the key protects, as the key's list in the console shows it. */
  readonly description: string;
}

/**
 * A customer key with yearly rotation, under an alias that spells its place in the tree
 * (`alias/mini-xdr/dev/data/database/key`). Services get it only for this account's own resources.
 */
export class EncryptionKey extends kms.Key {
  private readonly admitted = new Set<string>();

  constructor(scope: Construct, id: string, props: EncryptionKeyProps) {
    super(scope, id, {
      description: props.description,
      enableKeyRotation: true,
      pendingWindow: Duration.days(7),
      removalPolicy: removalPolicyOf(props.environment),
    });
    this.addAlias(aliasOf(this, props.environment));
  }

  /** Lets CloudWatch Logs encrypt this account's log groups of the stack's region. */
  allowCloudWatchLogs(): void {
    const { region } = this.stack;
    this.admit(`logs.${region}.amazonaws.com`, {
      actions: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
      conditions: {
        ArnLike: {
          'kms:EncryptionContext:aws:logs:arn': this.stack.formatArn({
            service: 'logs',
            resource: 'log-group',
            resourceName: '*',
            arnFormat: ArnFormat.COLON_RESOURCE_NAME,
          }),
        },
      },
    });
  }

  /** Lets this account's CloudWatch alarms publish to an SNS topic that the key encrypts. */
  allowCloudWatchAlarms(): void {
    this.admit('cloudwatch.amazonaws.com', {
      actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      conditions: this.fromOwn({
        service: 'cloudwatch',
        resource: 'alarm',
        resourceName: '*',
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
    });
  }

  /** Lets this account's AWS Budgets publish to an SNS topic that the key encrypts. */
  allowBudgets(): void {
    this.admit('budgets.amazonaws.com', {
      actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      conditions: this.fromOwn({
        service: 'budgets',
        region: '',
        resource: '*',
        arnFormat: ArnFormat.NO_RESOURCE_NAME,
      }),
    });
  }

  /**
   * Lets EventBridge publish to this account's SNS topics that the key encrypts. The topic stands in for the sender: SNS
   * does not support `aws:SourceAccount` and `aws:SourceArn` in the key policy for what EventBridge sends (Amazon SNS
   * developer guide, "Managing Amazon SNS encryption keys and costs"), and delivery fails with them
   * (awslabs/landing-zone-accelerator-on-aws#407).
   */
  allowEventBridge(): void {
    this.admit('events.amazonaws.com', {
      actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      conditions: {
        ArnLike: {
          'kms:EncryptionContext:aws:sns:topicArn': this.stack.formatArn({
            service: 'sns',
            resource: '*',
            arnFormat: ArnFormat.NO_RESOURCE_NAME,
          }),
        },
      },
    });
  }

  private fromOwn(source: ArnComponents): Record<string, Record<string, string>> {
    return {
      StringEquals: { 'aws:SourceAccount': this.stack.account },
      ArnLike: { 'aws:SourceArn': this.stack.formatArn(source) },
    };
  }

  private admit(service: string, grant: Pick<iam.PolicyStatementProps, 'actions' | 'conditions'>): void {
    if (this.admitted.has(service)) return;
    this.admitted.add(service);
    this.addToResourcePolicy(
      new iam.PolicyStatement({
        principals: [new iam.ServicePrincipal(service)],
        resources: ['*'],
        ...grant,
      }),
    );
  }
}

/** Unique in account and region: the environment's name, then the path from the stack down. */
function aliasOf(key: kms.Key, environment: Environment): string {
  const scopes = key.node.scopes;
  const path = scopes.slice(scopes.indexOf(Stack.of(key))).map((scope) => scope.node.id);
  return ['alias/mini-xdr', environment.name, ...path].join('/').toLowerCase();
}
