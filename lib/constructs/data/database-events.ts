import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import type { AlarmTopic } from '../operations/alarm-topic';
import type { Database } from './database';

export interface DatabaseEventsProps {
  readonly database: Database;
  readonly topic: AlarmTopic;
  readonly dashboardName: string;
}

/**
 * Kinds of events that people must know about. The others are ordinary life, such as backups and changes of
 * configuration. (Amazon RDS user guide, "Amazon RDS event categories and event messages".)
 */
export const ANNOUNCED_CATEGORIES: readonly string[] = [
  'availability',
  'deletion',
  'failover',
  'failure',
  'low storage',
  'maintenance',
];

/**
 * Tells people what RDS does to the database, which metrics show late or not at all: a restart, a fail-over, maintenance,
 * storage that runs out. It goes through EventBridge, which may publish to the topic already; a subscription of RDS would
 * be a sender more.
 */
export class DatabaseEvents extends Construct {
  constructor(scope: Construct, id: string, { database, topic, dashboardName }: DatabaseEventsProps) {
    super(scope, id);
    const { identifier } = database;
    const arn = Stack.of(this).formatArn({
      service: 'rds',
      resource: 'db',
      resourceName: identifier,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    const rule = new events.Rule(this, 'Rule', {
      description: `What RDS does to ${identifier}`,
      // By ARN: AWS's own example spells the identifier with a prefix. (RDS user guide, "Example of a DB instance event".)
      eventPattern: {
        source: ['aws.rds'],
        detailType: ['RDS DB Instance Event'],
        detail: { SourceArn: [arn], EventCategories: [...ANNOUNCED_CATEGORIES] },
      },
    });
    topic.announce(
      rule,
      `Database ${identifier}: ${events.EventField.fromPath('$.detail.Message')} ` +
        `(${events.EventField.fromPath('$.detail.EventID')}, ${events.EventField.time}). ` +
        `Dashboard: ${dashboardName}. Runbook: docs/runbook.md#database-events`,
    );
  }
}
