import { Template } from 'aws-cdk-lib/assertions';
import { DeliveryStack } from '../../lib/stacks/delivery-stack';
import { shippedTemplates } from '../support/app/environment-app';
import { DELIVERED } from '../support/app/delivery';
import { projectApp } from '../support/app/serving-app';
import { type TemplateJson, templateJson } from '../support/app/template';
import { textOf } from './documents';

/** The resource type that each box of the diagram stands for, by stack. */
const BOXES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Serving: {
    url: 'AWS::Lambda::Url',
    lambda: 'AWS::Lambda::Function',
    endpoint: 'AWS::SageMaker::Endpoint',
  },
  ModelStore: { bucket: 'AWS::S3::Bucket' },
  Platform: {
    alb: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
    eks: 'AWS::EKS::Cluster',
    ecr: 'AWS::ECR::Repository',
  },
  Data: { rds: 'AWS::RDS::DBInstance' },
  Workbench: { notebook: 'AWS::SageMaker::NotebookInstance', trainer: 'AWS::EC2::Instance' },
  Operations: {
    alarms: 'AWS::CloudWatch::Alarm',
    topic: 'AWS::SNS::Topic',
    dashboard: 'AWS::CloudWatch::Dashboard',
    budget: 'AWS::Budgets::Budget',
  },
  Network: { vpc: 'AWS::EC2::VPC', nat: 'AWS::EC2::NatGateway' },
  Delivery: { oidc: 'AWS::IAM::OIDCProvider', role: 'AWS::IAM::Role' },
};

const [, diagram = ''] = /```mermaid\n([^]*?)```/.exec(textOf('README.md')) ?? [];

/** Boxes of each stack in the diagram, by the stack's name. */
const drawn = Object.fromEntries(
  [...diagram.matchAll(/subgraph (\w+)\n([^]*?)\n {2}end/g)].map(([, stack = '', body = '']) => [
    stack,
    [...body.matchAll(/\b(\w+)[[(]+"/g)].map(([, id = '']) => id),
  ]),
);

const stackOf = (box: string) => Object.keys(drawn).find((stack) => drawn[stack]?.includes(box));

/** Arrows between boxes of two stacks. */
const arrows = [...diagram.matchAll(/^ {2}(\w+) (?:-->|-\.->|---) (\w+)$/gm)].map(
  ([, from = '', to = '']) => ({
    from: stackOf(from) ?? '',
    to: stackOf(to) ?? '',
  }),
);

describe('the architecture diagram in the README', () => {
  const deliveryStack = new DeliveryStack(projectApp(), { environments: DELIVERED });
  const templates: Readonly<Record<string, TemplateJson>> = {
    ...shippedTemplates('dev'),
    Delivery: templateJson(Template.fromStack(deliveryStack)),
  };

  it('shows every stack of an environment, and Delivery', () => {
    expect(Object.keys(drawn).sort()).toEqual(Object.keys(templates).sort());
  });

  it('shows boxes that each stand for a resource of their stack', () => {
    expect(drawn).toEqual(
      Object.fromEntries(Object.entries(BOXES).map(([stack, boxes]) => [stack, Object.keys(boxes)])),
    );
    for (const [stack, boxes] of Object.entries(BOXES)) {
      const types = Object.values(templates[stack]?.Resources ?? {}).map(({ Type }) => Type);
      expect(types).toEqual(expect.arrayContaining(Object.values(boxes)));
    }
  });

  it('shows arrows between stacks that refer to each other', () => {
    const refers = (from: string, to: string) =>
      JSON.stringify(templates[from]).includes(`"Fn::ImportValue":"mini-xdr-dev-${to}:`);

    expect(arrows.length).toBeGreaterThan(5);
    expect(arrows.filter(({ from, to }) => !refers(from, to) && !refers(to, from))).toEqual([]);
  });
});
