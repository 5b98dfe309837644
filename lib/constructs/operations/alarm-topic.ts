import { Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { Environment } from '../../config/environment';
import { EncryptionKey } from '../common/encryption-key';

export interface AlarmTopicProps {
  readonly environment: Environment;
}

/** The encrypted topic that tells people. This account's alarms and budget may publish to it. */
export class AlarmTopic extends Construct {
  readonly topic: sns.Topic;
  private readonly key: EncryptionKey;

  constructor(scope: Construct, id: string, { environment }: AlarmTopicProps) {
    super(scope, id);
    const key = new EncryptionKey(this, 'Key', { environment, description: 'Alarms on their way to people' });
    key.allowCloudWatchAlarms();
    key.allowBudgets();
    this.key = key;
    this.topic = new sns.Topic(this, 'Topic', {
      displayName: `Mini-XDR ${environment.name}`,
      masterKey: key,
      enforceSSL: true,
    });
    for (const service of ['cloudwatch.amazonaws.com', 'budgets.amazonaws.com']) {
      this.topic.addToResourcePolicy(
        new iam.PolicyStatement({
          principals: [new iam.ServicePrincipal(service)],
          actions: ['sns:Publish'],
          resources: [this.topic.topicArn],
          conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
        }),
      );
    }
    const { alarmEmail } = environment.operations;
    if (alarmEmail !== undefined) {
      this.topic.addSubscription(new subscriptions.EmailSubscription(alarmEmail));
    }
  }

  /**
   * Sends a message for each event of a rule.
   *
   * @param message with fields of the event
   */
  announce(rule: events.Rule, message: string): void {
    this.allowEvents();
    // Not CDK's own target, which would widen the policy of the topic by itself.
    rule.addTarget({
      bind: () => ({ arn: this.topic.topicArn, input: events.RuleTargetInput.fromText(message) }),
    });
  }

  /**
   * Lets EventBridge rules publish. Without a condition, as EventBridge takes none in the policy of a topic (Amazon
   * EventBridge user guide, "Using resource-based policies", SNS permissions). A rule of another account reaches a topic
   * only through a role of its own, which this statement does not admit.
   */
  private allowEvents(): void {
    this.key.allowEventBridge();
    this.topic.addToResourcePolicy(
      new iam.PolicyStatement({
        principals: [new iam.ServicePrincipal('events.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
      }),
    );
  }
}
