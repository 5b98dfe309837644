import { readFileSync } from 'node:fs';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { LoadBalancer } from '../../lib/constructs/platform/load-balancer';
import { platformAlarms } from '../../lib/constructs/platform/platform-alarms';
import { projectPath } from '../../lib/util/project-path';
import { EnvironmentStack } from '../../lib/stacks/environment-stack';
import { ModelStoreStack } from '../../lib/stacks/model-store-stack';
import { NetworkStack } from '../../lib/stacks/network-stack';
import { OperationsStack } from '../../lib/stacks/operations-stack';
import { ServingStack } from '../../lib/stacks/serving-stack';
import { SPECIALISTS } from '../../models/catalogue';
import { planOf, shippedPlan, shippedTemplates } from '../support/app/environment-app';
import { projectApp, servingOf, servingOnce } from '../support/app/serving-app';
import {
  type Resource,
  type TemplateJson,
  flat,
  resourceOf,
  resourcesOf,
  statementsIn,
  targetOf,
} from '../support/app/template';
import { TOPOLOGIES, dedicated, shared, topologyOf } from '../support/app/topologies';
import { environmentWith } from '../support/stacks/infrastructure';

const ALARM = 'AWS::CloudWatch::Alarm';
const ACCOUNT = '${AWS::AccountId}';
const EVENTS = 'events.amazonaws.com';

const { Operations: full = { Resources: {} } } = shippedTemplates('dev');

const certificateArn = 'arn:aws:acm:us-east-1:111122223333:certificate/0f1e2d3c';
const image = { image: `sha256:${'a'.repeat(64)}`, architectures: ['amd64' as const] };

/** The environment as shipped, with a certificate and the images of services. */
function withPlatform(certificate: boolean, ...services: ('backend' | 'frontend')[]) {
  const images = Object.fromEntries(services.map((service) => [service, image]));
  return environmentWith({
    platform: {
      certificateArn: certificate ? certificateArn : undefined,
      workloads: { architecture: 'amd64', images, maxReplicas: { backend: 4, frontend: 4 } },
    },
  });
}

/** The Operations stack beside a platform of which everything is watched. */
function withEverythingWatched(): TemplateJson {
  const environment = withPlatform(true, 'backend', 'frontend');
  const app = projectApp();
  const { vpc } = new NetworkStack(app, 'Network', { environment }).network;
  const modelsFolder = projectPath('models');
  const { store, accessLogs } = new ModelStoreStack(app, 'ModelStore', { environment, modelsFolder });
  const topology = TOPOLOGIES['no endpoint, everything embedded'];
  const serving = new ServingStack(app, 'Serving', { environment, store, accessLogs, topology });
  const platform = new EnvironmentStack(app, 'Platform', { environment });
  const workloads = new ec2.SecurityGroup(platform, 'Pods', { vpc });
  const loadBalancer = new LoadBalancer(platform, 'Door', {
    environment,
    vpc,
    accessLogs,
    workloads,
    clusterName: 'mini-xdr-dev',
  });
  const { endpoints, inference } = serving;
  const operations = new OperationsStack(app, 'Operations', {
    environment,
    endpoints,
    inference,
    loadBalancer,
  });
  return Template.fromStack(operations).toJSON() as TemplateJson;
}

const watched = withEverythingWatched();

function alarms(template: TemplateJson): Resource[] {
  return resourcesOf(template, ALARM);
}

function metricsOf(template: TemplateJson): string[] {
  return alarms(template).map(
    ({ properties }) => `${String(properties['Namespace'])} ${String(properties['MetricName'])}`,
  );
}

describe('the alarms of an environment', () => {
  it('each tell people, when it starts and when it is over', () => {
    const topic = { Ref: resourceOf(full, 'AWS::SNS::Topic').id };

    expect(alarms(full).length).toBeGreaterThan(0);
    for (const { properties } of alarms(full)) {
      expect(properties).toMatchObject({ AlarmActions: [topic], OKActions: [topic] });
      expect(properties['ActionsEnabled']).not.toBe(false);
    }
  });

  it('each say what is wrong, where to look and what to do', () => {
    const dashboard = resourceOf(full, 'AWS::CloudWatch::Dashboard').properties['DashboardName'];

    expect(dashboard).toBe('mini-xdr-dev');
    for (const { properties } of alarms(full)) {
      expect(properties['AlarmDescription']).toMatch(
        /^.{15,}\. Dashboard: mini-xdr-dev\. Runbook: docs\/runbook\.md#[a-z]+(-[a-z]+)*$/,
      );
    }
  });

  it('each point to a section that the runbook has, those that roll updates back included', () => {
    const sections = readFileSync(projectPath('docs/runbook.md'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('## '))
      .map((line) => line.slice(3).trim().toLowerCase().replaceAll(' ', '-'));
    const { serving, operations } = servingOnce(TOPOLOGIES['every mode at once']);
    const everything = [full, serving, operations, watched].flatMap(alarms);

    for (const { properties } of everything) {
      const [, section] = /docs\/runbook\.md#(\S+)$/.exec(String(properties['AlarmDescription'])) ?? [];
      expect(sections).toContain(section);
    }
  });

  it('watch errors and latency of every endpoint, the inference function, and the database', () => {
    const { endpoints } = shippedPlan('dev').topology;
    const watched = alarms(full)
      .filter(({ properties }) => properties['Namespace'] === 'AWS/SageMaker')
      .map(({ properties }) => {
        const [{ Value: name } = { Value: '' }] = properties['Dimensions'] as { Value: string }[];
        return `${name} ${String(properties['MetricName'])}`;
      });

    expect(watched.sort()).toEqual(
      endpoints
        .flatMap(({ name }) =>
          ['Invocation4XXErrors', 'Invocation5XXErrors', 'ModelLatency'].map((metric) => `${name} ${metric}`),
        )
        .sort(),
    );
    expect(
      metricsOf(full)
        .filter((metric) => !/^(AWS\/SageMaker|AWS\/Events|MiniXdr)/.test(metric))
        .sort(),
    ).toEqual([
      'AWS/Lambda Errors',
      'AWS/Lambda Throttles',
      'AWS/RDS CPUUtilization',
      'AWS/RDS DatabaseConnections',
      'AWS/RDS FreeStorageSpace',
      'AWS/RDS FreeableMemory',
    ]);
  });

  it('tell of each specialist on an endpoint that the function answers in its place, unless it cannot', () => {
    const topology = topologyOf([dedicated('ddos'), shared(['bruteforce', 'webattacks'])]);
    const degraded = (fallback: boolean) =>
      alarms(servingOf(topology, { changes: { inference: { fallback } } }).operations).filter(
        ({ properties }) => properties['MetricName'] === 'Degraded',
      );

    expect(degraded(true).map(({ properties }) => properties['Dimensions'])).toEqual(
      ['ddos', 'bruteforce', 'webattacks'].map((specialist) => [
        { Name: 'Environment', Value: 'dev' },
        { Name: 'Specialist', Value: specialist },
      ]),
    );
    for (const { properties } of degraded(true)) {
      expect(properties).toMatchObject({
        Namespace: 'MiniXdr/Inference',
        Statistic: 'Sum',
        Threshold: 0,
        Period: 300,
        EvaluationPeriods: 2,
        TreatMissingData: 'notBreaching',
      });
    }
    expect(degraded(false)).toEqual([]);
  });

  it('compare latency with the target in the microseconds that SageMaker publishes', () => {
    const { operations } = servingOf(topologyOf([dedicated('ddos')]), {
      changes: { latency: { p95Ms: 250 } },
    });
    const latency = alarms(operations).find(({ properties }) => properties['MetricName'] === 'ModelLatency');

    expect(latency?.properties).toMatchObject({ Threshold: 250_000, ExtendedStatistic: 'p95' });
  });

  it('go off when the database has less than a tenth of its storage, in bytes', () => {
    const storage = alarms(full).find(({ properties }) => properties['MetricName'] === 'FreeStorageSpace');

    expect(storage?.properties).toMatchObject({
      Threshold: 0.1 * 20 * 1024 ** 3,
      ComparisonOperator: 'LessThanThreshold',
    });
  });

  it('measure connections and memory of the database by those of its class', () => {
    const of = (metric: string) =>
      alarms(full).find(({ properties }) => properties['MetricName'] === metric)?.properties;

    // db.t4g.micro: 1 GiB, for which the formula of RDS gives 112 connections.
    expect(of('DatabaseConnections')).toMatchObject({
      Threshold: 56,
      Statistic: 'Average',
      ComparisonOperator: 'GreaterThanThreshold',
    });
    expect(of('FreeableMemory')).toMatchObject({
      Threshold: 0.05 * 1024 ** 3,
      ComparisonOperator: 'LessThanThreshold',
    });
  });

  it('go off when pods stay unreachable or the load balancer answers for them, and not without figures', () => {
    const platform = alarms(watched).filter(
      ({ properties }) => properties['Namespace'] === 'AWS/ApplicationELB',
    );
    const withoutFigures = { Period: 300, EvaluationPeriods: 2, TreatMissingData: 'notBreaching' };
    const unhealthy = { MetricName: 'UnHealthyHostCount', Statistic: 'Average', Threshold: 0.25 };
    const description = (section: string) => expect.stringMatching(new RegExp(`runbook\\.md#${section}$`));

    expect(platform.map(({ properties }) => properties)).toEqual(
      [
        { ...unhealthy, AlarmDescription: description('unhealthy-hosts') },
        { ...unhealthy, AlarmDescription: description('unhealthy-hosts') },
        {
          MetricName: 'HTTPCode_ELB_5XX_Count',
          Statistic: 'Sum',
          Threshold: 5,
          AlarmDescription: description('load-balancer-errors'),
        },
      ].map((properties) => expect.objectContaining({ ...withoutFigures, ...properties })),
    );
    expect(new Set(platform.map(({ properties }) => JSON.stringify(properties['Dimensions']))).size).toBe(3);
  });

  it.each([
    [['LoadBalancerErrors'], withPlatform(true)],
    [['UnhealthyHosts-backend', 'LoadBalancerErrors'], withPlatform(true, 'backend')],
    [['UnhealthyHosts-frontend', 'LoadBalancerErrors'], withPlatform(true, 'frontend')],
    [[], withPlatform(false, 'backend', 'frontend')],
  ])('of the platform are %j where no more is configured, and as many are billed', (ids, environment) => {
    const stack = new Stack();
    const vpc = new ec2.Vpc(stack, 'Vpc', {
      subnetConfiguration: [{ name: 'Edge', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
    });
    const loadBalancer = new LoadBalancer(stack, 'Door', {
      environment,
      vpc,
      accessLogs: new s3.Bucket(stack, 'Logs'),
      workloads: new ec2.SecurityGroup(stack, 'Pods', { vpc }),
      clusterName: 'mini-xdr-dev',
    });

    const billed = planOf(environment)
      .cost.lines.filter(({ part }) => part === 'loadBalancer' || part === 'workloads')
      .flatMap(({ inputs }) => inputs)
      .filter(({ price }) => price === 'cloudwatch.alarm')
      .reduce((sum, { expected }) => sum + expected, 0);

    expect(platformAlarms(loadBalancer, environment).map(({ id }) => id)).toEqual(ids);
    expect(billed).toBe(ids.length);
  });

  it('watch nothing that is not deployed', () => {
    const { operations } = servingOnce(TOPOLOGIES['no endpoint, everything embedded']);

    expect(metricsOf(operations).sort()).toEqual(['AWS/Lambda Errors', 'AWS/Lambda Throttles']);
  });
});

describe('the topic of the alarms', () => {
  const topic = resourceOf(full, 'AWS::SNS::Topic');

  it('is encrypted with a customer key, which alarms and budget may use for this account only', () => {
    const key = resourceOf(full, 'AWS::KMS::Key');
    const publishers = statementsIn(key.properties['KeyPolicy']).filter(
      ({ actions, principals }) =>
        !actions.includes('kms:*') && (principals as { Service?: string }).Service !== EVENTS,
    );

    expect(targetOf(topic.properties['KmsMasterKeyId'])).toBe(key.id);
    expect(publishers.map(({ principals, conditions }) => [principals, conditions])).toEqual(
      [
        ['cloudwatch', 'us-east-1', ':alarm:*'],
        ['budgets', '', ':*'],
      ].map(([service, region, source]) => [
        { Service: `${service}.amazonaws.com` },
        {
          StringEquals: { 'aws:SourceAccount': ACCOUNT },
          ArnLike: { 'aws:SourceArn': `arn:aws:${service}:${region}:${ACCOUNT}${source}` },
        },
      ]),
    );
  });

  it('takes messages from this account’s alarms and budget only, over TLS, where there is no endpoint', () => {
    const { operations } = servingOnce(TOPOLOGIES['no endpoint, everything embedded']);
    const policy = resourceOf(operations, 'AWS::SNS::TopicPolicy').properties['PolicyDocument'];
    const resources = [`\${${topic.id}}`];

    expect(statementsIn(policy)).toEqual([
      {
        effect: 'Deny',
        actions: ['sns:Publish'],
        resources,
        principals: '*',
        conditions: { Bool: { 'aws:SecureTransport': 'false' } },
      },
      {
        effect: 'Allow',
        actions: ['sns:Publish'],
        resources,
        principals: { Service: ['budgets.amazonaws.com', 'cloudwatch.amazonaws.com'] },
        conditions: { StringEquals: { 'aws:SourceAccount': ACCOUNT } },
      },
    ]);
  });

  it('mails whom the configuration names, and nobody else', () => {
    const { operations } = servingOf(TOPOLOGIES['no endpoint, everything embedded'], {
      changes: { operations: { alarmEmail: 'on-call@example.com' } },
    });

    expect(resourceOf(operations, 'AWS::SNS::Subscription').properties).toMatchObject({
      Protocol: 'email',
      Endpoint: 'on-call@example.com',
    });
    expect(resourcesOf(full, 'AWS::SNS::Subscription')).toEqual([]);
  });
});

describe('the monthly budget', () => {
  it.each(['dev', 'prod'])('of %s is the environment’s, over everything that carries its tag', (name) => {
    const plan = shippedPlan(name);
    const { operations } = servingOf(TOPOLOGIES['no endpoint, everything embedded'], {
      changes: { name, budget: plan.environment.budget },
    });

    expect(resourceOf(operations, 'AWS::Budgets::Budget').properties['Budget']).toEqual({
      BudgetType: 'COST',
      TimeUnit: 'MONTHLY',
      BudgetLimit: { Amount: plan.environment.budget.monthlyUsd, Unit: 'USD' },
      CostFilters: { TagKeyValue: [`user:mini-xdr:environment$${name}`] },
    });
  });

  it('is announced on the same topic, before it is used up', () => {
    const notifications = resourceOf(full, 'AWS::Budgets::Budget').properties[
      'NotificationsWithSubscribers'
    ] as { Notification: Record<string, unknown>; Subscribers: unknown }[];
    const topic = flat({ Ref: resourceOf(full, 'AWS::SNS::Topic').id });

    expect(notifications.map(({ Notification }) => Notification)).toEqual([
      expect.objectContaining({ NotificationType: 'ACTUAL', Threshold: 80, ThresholdType: 'PERCENTAGE' }),
      expect.objectContaining({
        NotificationType: 'FORECASTED',
        Threshold: 100,
        ThresholdType: 'PERCENTAGE',
      }),
    ]);
    for (const { Subscribers } of notifications) {
      expect(flat(Subscribers)).toEqual([{ SubscriptionType: 'SNS', Address: topic }]);
    }
  });
});

describe('the dashboard', () => {
  const bodyOf = (template: TemplateJson) =>
    JSON.stringify(flat(resourceOf(template, 'AWS::CloudWatch::Dashboard').properties['DashboardBody']));

  it('shows what each specialist is asked, how it answers, and nothing of drift where nothing is captured', () => {
    const body = bodyOf(full);

    for (const metric of ['Requests', 'Latency', 'Degraded', 'Attacks', 'OutOfDistribution', 'Rows']) {
      for (const specialist of SPECIALISTS) {
        expect(body).toContain(
          `MiniXdr/Inference\\",\\"${metric}\\",\\"Environment\\",\\"dev\\",\\"Specialist\\",\\"${specialist}`,
        );
      }
    }
    expect(body).not.toContain('MiniXdr/Drift');
  });

  it('shows every endpoint, the inference function and the database', () => {
    const body = JSON.stringify(resourceOf(full, 'AWS::CloudWatch::Dashboard').properties['DashboardBody']);
    const { endpoints } = shippedPlan('dev').topology;

    for (const { name } of endpoints) expect(body).toContain(`## Endpoint ${name}`);
    for (const title of ['## Inference', 'Calls and failures', '## Database', 'CPU (%) and connections']) {
      expect(body).toContain(title);
    }
  });

  it('shows requests, errors and pods of the platform, also before it has a certificate or an image', () => {
    const body = bodyOf(full);

    for (const metric of ['RequestCount', 'HTTPCode_ELB_5XX_Count', 'HTTPCode_Target_5XX_Count']) {
      expect(body).toContain(`AWS/ApplicationELB\\",\\"${metric}\\",\\"LoadBalancer`);
    }
    for (const metric of ['HealthyHostCount', 'UnHealthyHostCount']) {
      expect(body.split(`AWS/ApplicationELB\\",\\"${metric}\\",\\"LoadBalancer`)).toHaveLength(3);
    }
  });
});
