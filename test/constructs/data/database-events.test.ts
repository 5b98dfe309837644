import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { readFileSync } from 'node:fs';
import { AlarmTopic } from '../../../lib/constructs/operations/alarm-topic';
import type { Database } from '../../../lib/constructs/data/database';
import { ANNOUNCED_CATEGORIES, DatabaseEvents } from '../../../lib/constructs/data/database-events';
import { projectPath } from '../../../lib/util/project-path';
import { shippedTemplates } from '../../support/app/environment-app';
import { resourcesOf } from '../../support/app/template';
import { environmentWith, onlyOne, propertiesOf } from '../../support/stacks/infrastructure';

const RULE = 'AWS::Events::Rule';

describe('events of the database', () => {
  const stack = new Stack(new App(), 'Operations', { env: { region: 'us-east-1' } });
  new DatabaseEvents(stack, 'Events', {
    database: { identifier: 'mini-xdr-dev' } as Database,
    topic: new AlarmTopic(stack, 'Alarms', { environment: environmentWith() }),
    dashboardName: 'mini-xdr-dev',
  });
  const template = Template.fromStack(stack);
  const rule = onlyOne(template, RULE);

  it('reach the alarm topic, of this database alone', () => {
    const [topic] = Object.keys(propertiesOf(template, 'AWS::SNS::Topic'));

    expect(rule['EventPattern']).toMatchObject({
      source: ['aws.rds'],
      'detail-type': ['RDS DB Instance Event'],
      detail: { EventCategories: ANNOUNCED_CATEGORIES },
    });
    expect(JSON.stringify(rule['EventPattern'])).toContain(':db:mini-xdr-dev');
    expect(rule['Targets']).toMatchObject([{ Arn: { Ref: topic } }]);
    expect(JSON.stringify(onlyOne(template, 'AWS::SNS::TopicPolicy'))).toContain('"events.amazonaws.com"');
    expect(JSON.stringify(onlyOne(template, 'AWS::KMS::Key'))).toContain('"events.amazonaws.com"');
  });

  it('say what happened, and name a section of the runbook that tells what to do in each category', () => {
    const [, section = ''] = readFileSync(projectPath('docs/runbook.md'), 'utf8').split(
      '## database-events\n',
    );
    const table = section.slice(0, section.indexOf('\n## '));

    expect(JSON.stringify(rule['Targets'])).toMatch(
      /Database mini-xdr-dev: <\S+> \(<\S+>, <\S+>\)\. Dashboard: mini-xdr-dev\. Runbook: docs\/runbook\.md#database-events/,
    );
    for (const category of ANNOUNCED_CATEGORIES) expect(table).toContain(`\`${category}\``);
  });

  it('are listened to wherever there is a database', () => {
    const { Operations: operations = { Resources: {} } } = shippedTemplates('dev');
    const ofDatabase = resourcesOf(operations, RULE).filter(({ properties }) =>
      JSON.stringify(properties).includes('aws.rds'),
    );
    expect(ofDatabase).toHaveLength(1);
  });
});
