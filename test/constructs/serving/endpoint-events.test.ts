import { readFileSync } from 'node:fs';
import { EndpointStatus } from '@aws-sdk/client-sagemaker';
import { ANNOUNCED_STATES } from '../../../lib/constructs/serving/endpoint-events';
import { projectPath } from '../../../lib/util/project-path';
import { servingOnce } from '../../support/app/serving-app';
import { flat, resourceOf, resourcesOf, statementsIn, targetOf } from '../../support/app/template';
import { TOPOLOGIES } from '../../support/app/topologies';

const RULE = 'AWS::Events::Rule';
const EVENTS = { Service: 'events.amazonaws.com' };

const topology = TOPOLOGIES['every mode at once'];
const { operations } = servingOnce(topology);

describe('events of endpoints', () => {
  it('reach the alarm topic when a deployment fails or goes back, for each endpoint of the plan and no other', () => {
    const rules = resourcesOf(operations, RULE);
    const topic = resourceOf(operations, 'AWS::SNS::Topic').id;

    expect(rules.map(({ properties }) => properties['EventPattern'])).toEqual(
      topology.endpoints.map(({ name }) => ({
        source: ['aws.sagemaker'],
        'detail-type': ['SageMaker Endpoint State Change', 'SageMaker Endpoint Deployment State Change'],
        detail: { EndpointName: [name], EndpointStatus: ANNOUNCED_STATES },
      })),
    );
    for (const { properties } of rules) {
      const targets = properties['Targets'] as { Arn: unknown }[];
      expect(properties['State']).toBe('ENABLED');
      expect(targets.map(({ Arn }) => targetOf(Arn))).toEqual([topic]);
    }
  });

  it('are announced in all states of the API but those of an ordinary life', () => {
    const ordinary = ['CREATING', 'IN_SERVICE', 'SYSTEM_UPDATING', 'UPDATING'];

    expect([...ANNOUNCED_STATES, ...ordinary].sort()).toEqual(Object.keys(EndpointStatus).sort());
  });

  it('say which endpoint is in which state, and name a section of the runbook that tells what to do in each', () => {
    const runbook = readFileSync(projectPath('docs/runbook.md'), 'utf8');
    const [, section = ''] = runbook.split('## endpoint-events\n');
    const table = section.slice(0, section.indexOf('\n## '));

    for (const { properties } of resourcesOf(operations, RULE)) {
      const [{ InputTransformer: input } = { InputTransformer: undefined }] = properties['Targets'] as {
        InputTransformer?: { InputPathsMap: Record<string, string>; InputTemplate: string };
      }[];
      expect(Object.values(input?.InputPathsMap ?? {})).toEqual(
        expect.arrayContaining(['$.detail.EndpointName', '$.detail.EndpointStatus']),
      );
      expect(input?.InputTemplate).toMatch(
        /^"Endpoint <\S+> is <\S+> \(.*\)\. Dashboard: mini-xdr-dev\. Runbook: docs\/runbook\.md#endpoint-events"$/,
      );
    }
    for (const state of ANNOUNCED_STATES) expect(table).toContain(`\`${state}\``);
  });

  it('may be published by EventBridge, under no condition that it does not send', () => {
    const key = statementsIn(resourceOf(operations, 'AWS::KMS::Key').properties['KeyPolicy']);
    const topic = statementsIn(resourceOf(operations, 'AWS::SNS::TopicPolicy').properties['PolicyDocument']);
    const ofEvents = (statements: typeof key) =>
      statements.filter(({ principals }) => JSON.stringify(principals) === JSON.stringify(EVENTS));

    expect(ofEvents(topic)).toEqual([
      {
        effect: 'Allow',
        actions: ['sns:Publish'],
        resources: [flat({ Ref: resourceOf(operations, 'AWS::SNS::Topic').id })],
        principals: EVENTS,
      },
    ]);
    expect(ofEvents(key)).toEqual([
      {
        effect: 'Allow',
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        resources: ['*'],
        principals: EVENTS,
        conditions: {
          ArnLike: {
            'kms:EncryptionContext:aws:sns:topicArn': 'arn:aws:sns:us-east-1:${AWS::AccountId}:*',
          },
        },
      },
    ]);
  });

  it('raise an alarm at the first one that EventBridge cannot deliver', () => {
    const undelivered = resourcesOf(operations, 'AWS::CloudWatch::Alarm').filter(
      ({ properties }) => properties['Namespace'] === 'AWS/Events',
    );

    expect(undelivered.map(({ properties }) => flat(properties['Dimensions']))).toEqual(
      resourcesOf(operations, RULE).map(({ id }) => [{ Name: 'RuleName', Value: `\${${id}}` }]),
    );
    for (const { properties } of undelivered) {
      expect(properties).toMatchObject({
        MetricName: 'FailedInvocations',
        EvaluationPeriods: 1,
        Threshold: 0,
      });
    }
  });

  it('need no rule and no permission where nothing is hosted on SageMaker', () => {
    const { operations: embedded } = servingOnce(TOPOLOGIES['no endpoint, everything embedded']);

    expect(resourcesOf(embedded, RULE)).toEqual([]);
    expect(JSON.stringify(embedded)).not.toContain(EVENTS.Service);
  });
});
