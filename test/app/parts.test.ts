import type { Construct } from 'constructs';
import { type Changes, environmentWith } from '../support/stacks/infrastructure';
import { type Built, build, planOf, templatesOf } from '../support/app/environment-app';
import { type TemplateJson, resourcesOf } from '../support/app/template';

const ALL = ['Data', 'ModelStore', 'Network', 'Operations', 'Platform', 'Serving', 'Workbench'];

const NO_WORKBENCH = { workbench: { notebook: false, trainer: false } };

function appWith(changes: Changes): Built {
  return build(planOf(environmentWith(changes)));
}

function partsOf({ stage }: Built): string[] {
  return (stage as Construct).node.children.map(({ node }) => node.id).sort();
}

describe('a part that is switched off', () => {
  it.each<[string, Changes]>([
    ['Platform', { platform: { enabled: false } }],
    ['Data', { database: { enabled: false } }],
    ['Workbench', NO_WORKBENCH],
  ])('disappears from the app, and takes nothing else along: %s', (part, changes) => {
    expect(partsOf(appWith(changes))).toEqual(ALL.filter((stack) => stack !== part));
  });

  it('leaves no trace in the parts that are left', () => {
    const templates = templatesOf(
      appWith({ database: { enabled: false }, platform: { enabled: false }, ...NO_WORKBENCH }),
    );
    const text = JSON.stringify(templates);

    expect(Object.keys(templates).sort()).toEqual(['ModelStore', 'Network', 'Operations', 'Serving']);
    for (const trace of ['AWS::RDS', 'AWS/RDS', 'AWS::EKS', 'ElasticLoadBalancing', 'NotebookInstance']) {
      expect(text).not.toContain(trace);
    }
  });
});

describe('an environment with everything', () => {
  const templates = templatesOf(appWith({}));

  it('has one stack for each part', () => {
    expect(Object.keys(templates).sort()).toEqual(ALL);
  });

  it('lets the backend call the inference function and exactly the endpoints that are deployed', () => {
    const text = JSON.stringify(templates['Platform']);
    const deployed = resourcesOf(templates['Serving'] as TemplateJson, 'AWS::SageMaker::Endpoint').map(
      ({ properties }) => properties['EndpointName'],
    );

    expect(text).toContain('lambda:InvokeFunctionUrl');
    const allowed = new Set([...text.matchAll(/:endpoint\/([\w-]+)/g)].map(([, name]) => name));
    expect(allowed).toEqual(new Set(deployed));
  });
});
