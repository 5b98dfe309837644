import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import type { EndpointStatus } from '@aws-sdk/client-sagemaker';
import type { AlarmTopic } from '../operations/alarm-topic';
import type { ModelEndpoint } from './model-endpoint';

export interface EndpointEventsProps {
  readonly endpoint: ModelEndpoint;
  readonly topic: AlarmTopic;
  readonly dashboardName: string;
}

/**
 * States that people must know about: a failed endpoint or deployment, one that goes back or cannot, and an endpoint
 * that goes away. Events spell the states of the API in capitals, such as `IN_SERVICE` (Amazon SageMaker AI developer
 * guide, "Events that Amazon SageMaker AI sends to Amazon EventBridge").
 */
export const ANNOUNCED_STATES: readonly (keyof typeof EndpointStatus)[] = [
  'FAILED',
  'ROLLING_BACK',
  'UPDATE_ROLLBACK_FAILED',
  'OUT_OF_SERVICE',
  'DELETING',
];

/**
 * Tells people what CloudWatch metrics do not show: that SageMaker gives up an endpoint, takes a deployment back, or
 * deletes an endpoint. SageMaker may send several events for one change, so people may get several messages. There is no
 * dead-letter queue: what a lost event would have said, the endpoint itself still says, and an alarm tells of the loss.
 */
export class EndpointEvents extends Construct {
  private readonly rule: events.Rule;

  constructor(scope: Construct, id: string, { endpoint, topic, dashboardName }: EndpointEventsProps) {
    super(scope, id);
    const detail = (field: string) => events.EventField.fromPath(`$.detail.${field}`);
    this.rule = new events.Rule(this, 'Rule', {
      description: `Failed and rolled-back deployments and failing states of ${endpoint.plan.name}`,
      eventPattern: {
        source: ['aws.sagemaker'],
        detailType: ['SageMaker Endpoint State Change', 'SageMaker Endpoint Deployment State Change'],
        detail: { EndpointName: [endpoint.plan.name], EndpointStatus: [...ANNOUNCED_STATES] },
      },
    });
    topic.announce(
      this.rule,
      `Endpoint ${detail('EndpointName')} is ${detail('EndpointStatus')} (${events.EventField.detailType}, ` +
        `${events.EventField.time}, configuration ${detail('EndpointConfigName')}). ` +
        `Dashboard: ${dashboardName}. Runbook: docs/runbook.md#endpoint-events`,
    );
  }

  /** Events that EventBridge could not hand to the topic after its retries. */
  metricUndelivered(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: 'AWS/Events',
      metricName: 'FailedInvocations',
      dimensionsMap: { RuleName: this.rule.ruleName },
      statistic: cloudwatch.Stats.SUM,
      period: Duration.minutes(5),
      ...options,
    });
  }
}
